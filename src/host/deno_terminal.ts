/**
 * Standard input and output through Deno.
 *
 * @module
 */

import type { Terminal } from "../core/system.ts";

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

  async readIn(): Promise<Uint8Array> {
    const chunks = await Array.fromAsync(Deno.stdin.readable);
    const content = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      content.set(chunk, offset);
      offset += chunk.length;
    }
    return content;
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
