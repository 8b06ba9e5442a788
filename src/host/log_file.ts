/**
 * A log file that is renamed when it is full. A disk that is full loses lines, never a scan.
 *
 * @module
 */

import type { LogFile, LogFileSetup } from "../core/ports/log.ts";
import { printable } from "../core/contract/printable.ts";
import type { LogRecord, Sink } from "../deps/logtape.ts";
import { getRotatingFileSink } from "../deps/logtape_file.ts";

/** Longest time that a line is only in memory, in milliseconds; lines that come less often are written at once. */
const FLUSH_MS = 250;

/** Longest text that is only in memory, in bytes. */
const BUFFER_BYTES = 8_192;

/** Time between two attempts to open a file that could not be written, in milliseconds. */
const RETRY_MS = 10_000;

/** Time between two warnings that lines are being lost, in milliseconds. */
const WARN_AGAIN_MS = 600_000;

/** Where lines go: it may throw, and is disposed of at its end. */
export type DisposableSink = Sink & Disposable;

/** What a file needs beside its setup; the rest has defaults. */
export interface LogFileSurroundings {
  /** Tells people that lines are being lost. */
  readonly warn: (line: string) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  readonly openSink?: (setup: LogFileSetup) => DisposableSink;
}

/** Opens the file, so that one that can't be written is known at once. @throws when it can't be */
export function openLogFile(setup: LogFileSetup, surroundings: LogFileSurroundings): LogFile {
  return new RotatingLogFile(setup, surroundings);
}

class RotatingLogFile implements LogFile {
  readonly #setup: LogFileSetup;
  readonly #surroundings: LogFileSurroundings;
  #sink: DisposableSink | undefined;
  #retryAtMs = -Infinity;
  #warnAgainAtMs = -Infinity;
  #flush: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(setup: LogFileSetup, surroundings: LogFileSurroundings) {
    this.#setup = setup;
    this.#surroundings = surroundings;
    this.#sink = this.#open();
  }

  write(line: string): void {
    if (this.#isClosed) return;
    if (!this.#sink && this.#surroundings.now() < this.#retryAtMs) return;
    this.#guard(() => (this.#sink ??= this.#open())(recordOf(line)));
    // The sink looks at the time only when it is given a line, and nobody may come with another one for hours.
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      this.#guard(() => this.#sink?.(recordOf("")));
    }, FLUSH_MS);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#flush);
    this.#guard(() => this.#sink?.[Symbol.dispose]());
    this.#sink = undefined;
  }

  #open(): DisposableSink {
    return (this.#surroundings.openSink ?? openSink)(this.#setup);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#giveUp(error);
    }
  }

  /** After a failure it is not known what the sink still holds, nor whether its file is open. */
  #giveUp({ message }: Error): void {
    const { warn } = this.#surroundings;
    const nowMs = this.#surroundings.now();
    try {
      this.#sink?.[Symbol.dispose]();
    } catch (error) {
      // It failed for the reason that is told here, or its file is closed already.
      if (!(error instanceof Error)) throw error;
    }
    this.#sink = undefined;
    this.#retryAtMs = nowMs + RETRY_MS;
    if (nowMs < this.#warnAgainAtMs) return;
    this.#warnAgainAtMs = nowMs + WARN_AGAIN_MS;
    const folder = printable(this.#setup.folder);
    warn(`Log lines are lost: the file in log_dir "${folder}" can't be written: ${printable(message)}`);
  }
}

function openSink({ folder, maxBytes, backupCount }: LogFileSetup): DisposableSink {
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/stoq.log`;
  const isTorn = endsInsideLine(path);
  Deno.openSync(path, { create: true, append: true, mode: 0o600 }).close();
  const sink = keepingMode(
    path,
    getRotatingFileSink(path, {
      maxSize: maxBytes,
      maxFiles: backupCount,
      // Files are renamed between two flushes, so these must be small against them.
      bufferSize: Math.min(BUFFER_BYTES, maxBytes / 8),
      flushInterval: FLUSH_MS / 2,
      formatter: ({ message }) => String(message[0]),
    }),
  );
  if (isTorn) sink(recordOf("\n"));
  return sink;
}

/**
 * Gives the file that takes the place of a full one the full one's mode: a new log is the owner's alone, since lines have names of
 * files and of senders, and a mode that the owner has changed lasts.
 */
function keepingMode(path: string, sink: DisposableSink): DisposableSink {
  if (Deno.build.os === "windows") return sink;
  const { mode } = Deno.statSync(path);
  let last = identityOf(path);
  const check = () => {
    const identity = identityOf(path);
    if (identity === last || identity === undefined) return;
    last = identity;
    Deno.chmodSync(path, mode! & 0o777);
  };
  const write = (record: LogRecord) => {
    sink(record);
    check();
  };
  const dispose = () => {
    sink[Symbol.dispose]();
    check();
  };
  return Object.assign(write, { [Symbol.dispose]: dispose });
}

/** Inode numbers are used again at once; `undefined` where the file was removed. */
function identityOf(path: string): string | undefined {
  try {
    const { ino, birthtime } = Deno.statSync(path);
    return `${ino}:${birthtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether whoever wrote last was stopped within a line: a full disk takes a part of one. @throws when it is no file that can be read */
function endsInsideLine(path: string): boolean {
  try {
    // A pipe would be waited for.
    if (!Deno.statSync(path).isFile) throw new TypeError("stoq.log is no regular file");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  if (size === 0) return false;
  file.seekSync(size - 1, Deno.SeekMode.Start);
  const last = new Uint8Array(1);
  file.readSync(last);
  return last[0] !== 0x0a;
}

function recordOf(line: string): LogRecord {
  return {
    category: ["stoq"],
    level: "info",
    message: [line],
    rawMessage: line,
    timestamp: Date.now(),
    properties: {},
  };
}
