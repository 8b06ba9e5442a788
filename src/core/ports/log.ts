/**
 * The log as a scan sees it: a function that takes a level, a message and facts.
 *
 * @module
 */

import type { Logger } from "../contract/contract.ts";

/** How severe a line is. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** What a line is about, for machines: names and ids by snake_case key. */
export type LogFacts = Readonly<Record<string, string | number>>;

/** Logs a message. Never fails. */
export type EngineLog = (level: LogLevel, message: string, facts?: LogFacts) => void;

/** What plugins log, wherever they run. */
export interface PluginLogs {
  /** The logger of a plugin, the same one each time; how much it logs is bounded. */
  of(plugin: string): Logger;
  /** Counts lines of a plugin that were dropped before they came here. */
  addDropped(plugin: string, lines: number): void;
}

/** Where a file of log lines is, and how large it may become. */
export interface LogFileSetup {
  /** Its folder, which is made where it is missing. */
  readonly folder: string;
  /** Size over which it is renamed, in bytes; `Infinity`: never. */
  readonly maxBytes: number;
  /** Renamed files that are kept. */
  readonly backupCount: number;
}

/** A file of log lines. */
export interface LogFile {
  /** Appends a line with its line end. Never fails: a line that can't be written is lost, and a warning is printed once. */
  write(line: string): void;
  /** Closes the file; lines that are written afterwards are ignored. */
  close(): void;
}
