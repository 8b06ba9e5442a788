/**
 * Standard input and output through Deno.
 *
 * @module
 */

import type { BoundedReading } from "../core/ports/files.ts";
import type { Terminal } from "../core/ports/system.ts";
import { readToEnd } from "./bounded_reader.ts";
import { isInsideLine } from "./standard_output.ts";

const encoder = new TextEncoder();

const LINE_END = encoder.encode("\n");

/** Width of an unknown terminal. */
const DEFAULT_COLUMNS = 100;

/** Longest answer that is read. */
const MAX_LINE_BYTES = 4_096;

/** Standard input, output and error of the process. */
export class DenoTerminal implements Terminal {
  #isLineEnded = false;

  get isOutTerminal(): boolean {
    return Deno.stdout.isTerminal();
  }

  get isInTerminal(): boolean {
    return Deno.stdin.isTerminal();
  }

  get isErrTerminal(): boolean {
    return Deno.stderr.isTerminal();
  }

  get hasColor(): boolean {
    return this.isOutTerminal && !Deno.noColor;
  }

  get columns(): number {
    return this.isOutTerminal ? Deno.consoleSize().columns : DEFAULT_COLUMNS;
  }

  async readIn(limitBytes: number): Promise<BoundedReading> {
    try {
      const content = await readToEnd(Deno.stdin, limitBytes);
      return content ? { content } : { content: undefined, sizeBytes: undefined };
    } catch (error) {
      if (!(error instanceof Deno.errors.IsADirectory)) throw error;
      throw new TypeError("it is a directory, must be a file", { cause: error });
    }
  }

  async endTornLine(): Promise<void> {
    if (this.#isLineEnded) return;
    try {
      if (await isInsideLine()) await writeAll(Deno.stdout, LINE_END);
    } catch (error) {
      throw await notWritten(error);
    }
    this.#isLineEnded = true;
  }

  async writeResults(chunks: Iterable<Uint8Array>): Promise<void> {
    await this.endTornLine();
    for (const chunk of chunks) {
      try {
        await writeAll(Deno.stdout, chunk);
      } catch (error) {
        throw await notWritten(error);
      }
    }
  }

  async writeOut(text: string): Promise<void> {
    try {
      await writeAll(Deno.stdout, encoder.encode(text));
    } catch (error) {
      // The reader has ended, as `head` does.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw await notWritten(error);
    }
  }

  async ask(question: string): Promise<string> {
    await this.writeErr(question);
    // A terminal returns one line at a time.
    const line = new Uint8Array(MAX_LINE_BYTES);
    const count = await Deno.stdin.read(line);
    return new TextDecoder().decode(line.subarray(0, count ?? 0)).split("\n")[0]!;
  }

  async writeErr(text: string): Promise<void> {
    try {
      await writeAll(Deno.stderr, encoder.encode(text));
    } catch (error) {
      // The disk is full or the reader has ended: nothing can be reported, and the results are not affected.
      if (!(error instanceof Error)) throw error;
    }
  }

  onInterrupt(callback: () => void): () => void {
    // Windows has no SIGTERM.
    const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
    for (const signal of signals) Deno.addSignalListener(signal, callback);
    return () => {
      for (const signal of signals) Deno.removeSignalListener(signal, callback);
    };
  }
}

async function notWritten(thrown: unknown): Promise<Error> {
  // Imported here because neither the help nor a successful run needs it.
  const { outputNotWritten } = await import("../core/contract/errors.ts");
  return outputNotWritten(thrown);
}

async function writeAll(
  channel: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let offset = 0; offset < bytes.length;) offset += await channel.write(bytes.subarray(offset));
}
