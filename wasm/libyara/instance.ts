/**
 * Starts libyara and gives it a fresh memory when it has used it up or failed.
 *
 * The package never gives compiled rules back, some 10 MB a run, and when nothing is left it answers as if no rule
 * had matched. Starting another instance would add two more of the listeners that it puts on the process, so the
 * memory is set back to what it was after the start: all the engine's state is in there.
 *
 * @module
 */

import type { Factory, Libyara, RunResult } from "./abi.ts";

/** Above this the memory is set back, long before it is used up. */
const RESET_ABOVE_BYTES = 128_000_000;

/** What a run gave; a trap or a stack that ran over is a failure of the engine. */
export type RunOutcome =
  | { readonly ok: true; readonly result: RunResult }
  | { readonly ok: false; readonly message: string };

/** One instance that recovers. */
export class Instance {
  readonly #initial: Uint8Array;
  readonly #stack: number;
  #isBroken = false;

  private constructor(readonly libyara: Libyara) {
    const memory = libyara.HEAPU8;
    this.#initial = memory.slice(0, memory.findLastIndex((byte) => byte !== 0) + 1);
    this.#stack = libyara.stackSave();
  }

  /** Loads and starts the package; nothing that comes later needs a permission. */
  static async load(): Promise<Instance> {
    const { default: factory } = await import("npm:libyara-wasm@1.2.1");
    return new Instance(await (factory as Factory)({ print: ignore, printErr: ignore }));
  }

  /** Compiles rules and scans with them. What it returns must be read and deleted before the next run. */
  run(bytes: Uint8Array, rules: string): RunOutcome {
    if (this.#isBroken || this.libyara.HEAPU8.length > RESET_ABOVE_BYTES) this.#reset();
    try {
      return { ok: true, result: this.libyara.run(bytes, rules) };
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      this.#isBroken = true;
      return { ok: false, message: error.message };
    }
  }

  /** The memory can't shrink; what lies behind the initial part counts as unused. */
  #reset(): void {
    this.libyara.HEAPU8.fill(0).set(this.#initial);
    this.libyara.stackRestore(this.#stack);
    this.#isBroken = false;
  }
}

function ignore(): void {}
