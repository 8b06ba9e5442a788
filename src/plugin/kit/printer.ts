/**
 * Prints texts one after the other, whole.
 *
 * @module
 */

import { PluginError } from "../../core/contract/plugin_error.ts";
import { isSystemError, systemReason } from "./system_error.ts";

/** An output: the part of `Deno.stdout` that is used. */
export interface Output {
  /** Writes some of the bytes. Resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
}

const CLOSED = "its reader has closed it";
const LINE_END = Uint8Array.of(0x0a);

/**
 * Prints texts in the order of the calls. A text that was not printed whole is a failure of its own call. After a reader has closed
 * the output, later calls fail at once.
 */
export class Printer {
  readonly #output: Output;
  #lastTurn: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** Whether the last text was cut off, so that the next one must begin on a new line. */
  #isTorn = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Prints a text in UTF-8. @throws {PluginError} `output-not-written`, which says how much was printed */
  print(chunks: Iterable<Uint8Array>): Promise<void> {
    // A failed print is reported to its own caller; later ones still run.
    const turn = this.#lastTurn.catch(() => {}).then(() => this.#print(chunks));
    this.#lastTurn = turn;
    return turn;
  }

  async #print(chunks: Iterable<Uint8Array>): Promise<void> {
    if (this.#isClosed) throw notWritten(CLOSED, 0);
    let printed = 0;
    try {
      if (this.#isTorn) await this.#write(LINE_END, () => {});
      this.#isTorn = false;
      for (const chunk of chunks) await this.#write(chunk, (count) => printed += count);
    } catch (error) {
      this.#isTorn ||= printed > 0;
      this.#isClosed = isSystemError(error) && error.code === "EPIPE";
      const reason = reasonOf(error);
      throw reason === undefined ? error : notWritten(reason, printed, error);
    }
  }

  /** A pipe takes as much as it has room for. */
  async #write(bytes: Uint8Array, count: (written: number) => void): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      const taken = await this.#output.write(bytes.subarray(written));
      if (taken === 0) throw new StuckOutput();
      written += taken;
      count(taken);
    }
  }
}

/** The output accepts no bytes: without this error, writing would never end. */
class StuckOutput extends Error {}

/** Returns why an output failed; `undefined` for any other error. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof StuckOutput) return "it accepts no more bytes";
  if (!isSystemError(error)) return undefined;
  return error.code === "EPIPE" ? CLOSED : systemReason(error);
}

function notWritten(reason: string, printed: number, cause?: unknown): PluginError {
  const part = printed === 0 ? "nothing was printed" : `only its first ${printed} bytes were printed`;
  return new PluginError("output-not-written", `Could not print to standard output: ${reason}; ${part}`, {
    cause,
  });
}
