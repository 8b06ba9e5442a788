/**
 * Standard input and output through Deno.
 *
 * @module
 */

import type { BoundedReading } from "../core/files.ts";
import type { Terminal } from "../core/system.ts";
import { readToEnd } from "./bounded_reader.ts";

const encoder = new TextEncoder();

/** Width where nobody knows it. */
const DEFAULT_COLUMNS = 100;

/** The process's three channels. */
export class DenoTerminal implements Terminal {
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
    const content = await readToEnd(Deno.stdin, limitBytes);
    return content ? { content } : { content: undefined, sizeBytes: undefined };
  }

  writeOut(text: string): Promise<void> {
    return writeAll(Deno.stdout, text);
  }

  writeErr(text: string): Promise<void> {
    return writeAll(Deno.stderr, text);
  }

  onInterrupt(callback: () => void): () => void {
    // Windows knows no SIGTERM.
    const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
    for (const signal of signals) Deno.addSignalListener(signal, callback);
    return () => {
      for (const signal of signals) Deno.removeSignalListener(signal, callback);
    };
  }
}

/** A reader that has seen enough, as `head` has, is no failure. */
async function writeAll(channel: { write(bytes: Uint8Array): Promise<number> }, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  try {
    for (let offset = 0; offset < bytes.length;) offset += await channel.write(bytes.subarray(offset));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
