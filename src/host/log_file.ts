/**
 * A log file that is renamed when it is full. If the disk is full, lines are lost and the scan continues.
 *
 * @module
 */

import type { LogFile, LogFileSetup } from "../core/ports/log.ts";
import { printable } from "../core/contract/printable.ts";

/** Time between two attempts to open a file that could not be written, in milliseconds. */
const RETRY_MS = 10_000;

/** Time between two warnings that lines are lost, in milliseconds. */
const WARN_AGAIN_MS = 600_000;

/** A file that lines are appended to. */
export interface LineSink {
  /** Appends a line. @throws when it can't be written whole */
  append(line: string): void;
  close(): void;
}

/** What a log file needs beside its setup. */
export interface LogFileDeps {
  /** Prints a warning. */
  readonly warn: (line: string) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** Default: a {@linkcode RotatingFile}. */
  readonly open?: (setup: LogFileSetup) => LineSink;
}

/** Opens the file, so that one that can't be written is known at once. @throws when it can't be opened */
export function openLogFile(setup: LogFileSetup, deps: LogFileDeps): LogFile {
  return new GuardedLogFile(setup, deps);
}

class GuardedLogFile implements LogFile {
  readonly #setup: LogFileSetup;
  readonly #deps: LogFileDeps;
  #sink: LineSink | undefined;
  #retryAtMs = -Infinity;
  #warnAgainAtMs = -Infinity;
  #isClosed = false;

  constructor(setup: LogFileSetup, deps: LogFileDeps) {
    this.#setup = setup;
    this.#deps = deps;
    this.#sink = this.#open();
  }

  write(line: string): void {
    if (this.#isClosed || (!this.#sink && this.#deps.now() < this.#retryAtMs)) return;
    try {
      (this.#sink ??= this.#open()).append(line);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#giveUp(error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#sink?.close();
    this.#sink = undefined;
  }

  #open(): LineSink {
    return (this.#deps.open ?? ((setup) => new RotatingFile(setup)))(this.#setup);
  }

  #giveUp({ message }: Error): void {
    const nowMs = this.#deps.now();
    this.#sink?.close();
    this.#sink = undefined;
    this.#retryAtMs = nowMs + RETRY_MS;
    if (nowMs < this.#warnAgainAtMs) return;
    this.#warnAgainAtMs = nowMs + WARN_AGAIN_MS;
    const folder = printable(this.#setup.folder);
    this.#deps.warn(
      `Log lines are lost: the file in log_dir "${folder}" can't be written: ${printable(message)}`,
    );
  }
}

/** `stoq.log` in a folder. When it is full it becomes `stoq.log.1`, an older `stoq.log.1` becomes `stoq.log.2`, and so on. */
class RotatingFile implements LineSink {
  readonly #path: string;
  readonly #setup: LogFileSetup;
  /** New files have the mode of the full one, which the owner may have changed. Lines hold names of files and of senders. */
  #mode = 0o600;
  #file: Deno.FsFile;
  #size: number;
  #isClosed = false;

  constructor(setup: LogFileSetup) {
    Deno.mkdirSync(setup.folder, { recursive: true, mode: 0o700 });
    this.#setup = setup;
    this.#path = `${setup.folder}/stoq.log`;
    const isTorn = endsInsideLine(this.#path);
    this.#file = this.#openFile();
    const { size, mode } = this.#file.statSync();
    this.#size = size;
    if (mode !== null) this.#mode = mode & 0o777;
    if (isTorn) this.append("\n");
  }

  append(line: string): void {
    const bytes = new TextEncoder().encode(line);
    const { maxBytes, backupCount } = this.#setup;
    if (backupCount > 0 && this.#size > 0 && this.#size + bytes.length > maxBytes) this.#rotate(backupCount);
    for (let written = 0; written < bytes.length;) written += this.#file.writeSync(bytes.subarray(written));
    this.#size += bytes.length;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }

  #rotate(backupCount: number): void {
    this.close();
    for (let number = backupCount - 1; number > 0; number--) {
      renameIfPresent(`${this.#path}.${number}`, `${this.#path}.${number + 1}`);
    }
    Deno.renameSync(this.#path, `${this.#path}.1`);
    this.#file = this.#openFile();
    this.#isClosed = false;
    this.#size = 0;
    if (Deno.build.os !== "windows") Deno.chmodSync(this.#path, this.#mode);
  }

  #openFile(): Deno.FsFile {
    return Deno.openSync(this.#path, { create: true, append: true, mode: this.#mode });
  }
}

function renameIfPresent(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether the last line has no end: a full disk takes a part of a line. @throws when it is no file that can be read */
function endsInsideLine(path: string): boolean {
  try {
    // Opening a pipe would wait for its other end.
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
