/**
 * The log of one instance of stoQ: lines on standard error, and all lines in a file. Instances in one process share nothing.
 *
 * @module
 */

import type { Logger } from "../core/contract/contract.ts";
import { FLOOD_LINES, FLOOD_WINDOW_MS, FloodBound } from "../core/ports/line_rate.ts";
import type { EngineLog, LogFacts, LogFile, LogLevel, PluginLogs } from "../core/ports/log.ts";
import { printable, quote } from "../core/contract/printable.ts";
import type { System } from "../core/ports/system.ts";

const LEVELS = ["debug", "info", "warning", "error", "critical"];

/** Longest message or fact, in UTF-16 units: a plugin may log its whole input. */
export const MAX_LOG_TEXT = 10_000;

/** What a log needs. */
export interface LogSetup {
  readonly system: Pick<System, "clock" | "warn">;
  /** Least severe level that is logged: that of a line, or `critical`. */
  readonly level: string;
  /** `text` or `json`. */
  readonly syntax: string;
  readonly file?: LogFile;
}

interface PluginLog {
  readonly logger: Logger;
  readonly bound: FloodBound;
}

/** Loggers by plugin, with their destinations. */
export class Log implements PluginLogs {
  readonly #setup: LogSetup;
  readonly #least: number;
  readonly #plugins = new Map<string, PluginLog>();

  /** Lines are written to standard error, and to the file if there is one. */
  constructor(setup: LogSetup) {
    this.#setup = setup;
    this.#least = LEVELS.indexOf(setup.level);
  }

  of(plugin: string): Logger {
    return this.#open(plugin).logger;
  }

  addDropped(plugin: string, lines: number): void {
    this.#open(plugin).bound.addDropped(lines);
  }

  /** Logs a line of the engine to the file. The response has the same facts, so standard error gets it at level `debug` only. */
  readonly engine: EngineLog = (level, message, facts) => {
    this.#write({ level, name: "stoq", message, facts }, this.#least === 0);
  };

  /** Prints a remark for the user, and logs it as a warning. */
  note(message: string): void {
    this.#setup.system.warn(message);
    this.#write({ level: "warning", name: "stoq", message }, false);
  }

  /** Logs how many lines were dropped, and closes the file. */
  close(): void {
    for (const [plugin, { bound }] of this.#plugins) this.#reportDropped(plugin, bound);
    this.#setup.file?.close();
  }

  #open(plugin: string): PluginLog {
    const opened = this.#plugins.get(plugin);
    if (opened) return opened;
    const { clock } = this.#setup.system;
    const bound = new FloodBound();
    const at = (level: LogLevel) => (message: string) => {
      if (LEVELS.indexOf(level) < this.#least) return;
      if (!bound.admit(clock.now())) return;
      this.#reportDropped(plugin, bound);
      this.#write({ level, name: `stoq.${plugin}`, message: String(message) }, true);
    };
    const logger = { debug: at("debug"), info: at("info"), warn: at("warning"), error: at("error") };
    this.#plugins.set(plugin, { logger, bound });
    return { logger, bound };
  }

  #reportDropped(plugin: string, bound: FloodBound): void {
    const dropped = bound.takeDropped();
    if (dropped === 0) return;
    const why = `it logged more than ${FLOOD_LINES} within ${FLOOD_WINDOW_MS / 1000} s`;
    const message = `${dropped} ${dropped === 1 ? "line was" : "lines were"} dropped: ${why}`;
    this.#write({ level: "warning", name: `stoq.${plugin}`, message }, true);
  }

  #write(entry: Entry, isPrinted: boolean): void {
    const { system, syntax, file } = this.#setup;
    if (LEVELS.indexOf(entry.level) < this.#least || (!file && !isPrinted)) return;
    const time = system.clock.date().toISOString();
    const bounded = boundedEntry(entry);
    const line = syntax === "json" ? jsonLine(time, bounded) : textLine(time, bounded);
    if (isPrinted) system.warn(line);
    file?.write(`${line}\n`);
  }
}

interface Entry {
  readonly level: LogLevel;
  readonly name: string;
  readonly message: string;
  readonly facts?: LogFacts;
}

function textLine(time: string, { level, name, message, facts = {} }: Entry): string {
  const pairs = Object.entries(facts).map(([key, value]) => `${key}=${value}`).join(" ");
  const end = pairs === "" ? "" : ` (${pairs})`;
  return printable(`[${time} ${level.toUpperCase()}] ${name}: ${message}${end}`);
}

/** The keys are those of the original stoQ's JSON log. */
function jsonLine(time: string, { level, name, message, facts }: Entry): string {
  return quote({ asctime: time, levelname: level.toUpperCase(), name, message, ...facts });
}

function boundedEntry({ facts = {}, ...entry }: Entry): Entry {
  const pairs = Object.entries(facts).map(([key, value]) => [
    key,
    typeof value === "string" ? cut(value) : value,
  ]);
  return { ...entry, message: cut(entry.message), facts: Object.fromEntries(pairs) };
}

function cut(text: string): string {
  return text.length <= MAX_LOG_TEXT ? text : `${text.slice(0, MAX_LOG_TEXT)} … (cut)`;
}
