/**
 * The world around stoQ, as its upper floors are given it.
 *
 * @module
 */

import type { MaybePromise } from "../contract/contract.ts";
import type { BoundedReading, Files } from "./files.ts";
import type { LogFile, LogFileSetup } from "./log.ts";
import type { Clock, PluginHost } from "./plugin_host.ts";
import type { RawFiles } from "../contract/raw_files.ts";
import type { Telemetry } from "./telemetry.ts";

/** What a program that uses stoQ as a library needs. */
export interface System {
  readonly files: Files;
  /** Files whose names are not UTF-8: on Linux, with all permissions; `undefined` elsewhere. */
  readonly rawFiles?: RawFiles;
  /** Whether names of files are bytes that need not be UTF-8; absent: no. */
  readonly hasByteNames?: boolean;
  /** Whether this program may do everything, as with `-A`; absent: no. */
  readonly hasAllPermissions?: boolean;
  readonly clock: Clock;
  /** Processors that this program may keep busy. */
  readonly processors: number;
  /** Whether this program is an executable made by `deno compile`. */
  readonly isCompiled?: boolean;
  /** This program as an executable that can be a runner itself; `undefined` where it is none. */
  readonly runnerPath?: string;
  /** Whether what is written to standard output goes where it can be read later: to neither a terminal nor the null device. */
  keepsOutput(): Promise<boolean>;
  /** An environment variable; `undefined` where it is not set or may not be read. */
  env(name: string): string | undefined;
  /** Names of all environment variables; empty, or absent, unless all may be read. */
  envNames?(): readonly string[];
  /** A random UUID. */
  newId(): string;
  /** SHA-256 in lower-case hexadecimal. */
  sha256(content: Uint8Array): MaybePromise<string>;
  /** Writes one line for people, beside the results. */
  warn(line: string): void;
  /** Opens a file of log lines. @throws when it can't be written */
  openLogFile(setup: LogFileSetup): Promise<LogFile>;
  /** Traces and metrics of an engine that calls plugins through `host`; absent, or `undefined`, when telemetry is off. */
  openTelemetry?(host: PluginHost, stoqVersion: string): Promise<Telemetry | undefined>;
}

/** What the command line needs beside it. */
export interface Terminal {
  /** Whether results are read by a person. */
  readonly isOutTerminal: boolean;
  readonly isInTerminal: boolean;
  /** Whether messages are read by a person. */
  readonly isErrTerminal: boolean;
  /** Whether results may be coloured. */
  readonly hasColor: boolean;
  /** Width in characters. */
  readonly columns: number;
  /** Reads standard input to its end, or until it is known to be larger than the limit. @throws when it can't be read */
  readIn(limitBytes: number): Promise<BoundedReading>;
  /**
   * Gives results a line of their own: where standard output is a file whose last line was left without its end, by a full disk or a
   * killed process, that line is ended. Done once, and by {@link writeResults}; connectors that print need it before they are called.
   *
   * @throws {StoqError} `output-not-written`
   */
  endTornLine(): Promise<void>;
  /**
   * Writes results, one chunk after the other.
   *
   * @throws {StoqError} `output-not-written`, also where the reader has gone; what the chunks throw is passed on
   */
  writeResults(chunks: Iterable<Uint8Array>): Promise<void>;
  /** Writes what is no result, such as help; a reader that has gone is no failure. @throws {StoqError} `output-not-written` */
  writeOut(text: string): Promise<void>;
  /** Asks a person for a line; empty where standard input has ended. Only of use where {@link isInTerminal} holds. */
  ask(question: string): Promise<string>;
  /** Writes messages for people; never fails. */
  writeErr(text: string): Promise<void>;
  /** Calls back at each request to end, by signal; until the returned function is called, such a request does not end the process. */
  onInterrupt(callback: () => void): () => void;
}
