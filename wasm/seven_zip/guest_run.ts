/**
 * One run of 7-Zip: a fresh instance, a command line, and how it ended. An instance is never used twice; a
 * further one costs about a millisecond, because the compiled module is shared.
 *
 * @module
 */

import { GuestFiles, type RunSink } from "./guest_files.ts";
import { createImports, GuestException, GuestExit } from "./guest_imports.ts";
import { GuestMemory } from "./guest_memory.ts";

/** How a run ended. */
export type RunEnd =
  /** 7-Zip's own exit code: 0 fine, 1 warnings, 2 errors, 7 bad command line, 8 out of memory. */
  | { readonly kind: "exit"; readonly code: number }
  /** A C++ exception, by its mangled type; this build can't catch any. */
  | { readonly kind: "exception"; readonly typeName: string }
  /** The guest broke: an out-of-bounds access or an exhausted stack. */
  | { readonly kind: "trap"; readonly message: string }
  /** The sink threw {@linkcode StopRun}. */
  | { readonly kind: "stopped" };

/** A sink throws this to end the run; what it has received so far is its own. */
export class StopRun extends Error {
  override readonly name = "StopRun";
}

/** What to run, and on what. */
export interface Run {
  readonly args: readonly string[];
  readonly input: Uint8Array;
  /** Limit of the guest's memory. */
  readonly memoryBytes: number;
  readonly sink: RunSink;
}

interface GuestExports {
  readonly memory: WebAssembly.Memory;
  __wasm_call_ctors(): void;
  __main_argc_argv(count: number, list: number): number;
  _emscripten_stack_alloc(sizeBytes: number): number;
}

/** Most bytes of a command line: arguments live on the guest's stack, which has 64 KiB. */
export const MAX_ARGUMENT_BYTES = 8192;

/**
 * Runs 7-Zip to its end.
 *
 * @throws whatever the sink throws, except {@linkcode StopRun}
 */
export function runSevenZip(module: WebAssembly.Module, run: Run): RunEnd {
  const memory = new GuestMemory(run.memoryBytes);
  const files = new GuestFiles(run.input, run.sink);
  const instance = new WebAssembly.Instance(module, createImports(memory, files));
  const guest = instance.exports as unknown as GuestExports;
  memory.attach(guest.memory);
  try {
    guest.__wasm_call_ctors();
    const list = placeArguments(guest, memory, ["7zz", ...run.args]);
    return { kind: "exit", code: guest.__main_argc_argv(run.args.length + 1, list) };
  } catch (error) {
    return endOf(error);
  }
}

function endOf(error: unknown): RunEnd {
  if (error instanceof GuestExit) return { kind: "exit", code: error.code };
  if (error instanceof GuestException) return { kind: "exception", typeName: error.typeName };
  if (error instanceof StopRun) return { kind: "stopped" };
  if (error instanceof WebAssembly.RuntimeError) return { kind: "trap", message: error.message };
  // V8 reports an exhausted stack of WebAssembly frames as a RangeError of its own.
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return { kind: "trap", message: error.message };
  }
  throw error;
}

function placeArguments(guest: GuestExports, memory: GuestMemory, args: readonly string[]): number {
  const encoded = args.map((arg) => new TextEncoder().encode(arg + "\0"));
  const total = encoded.reduce((sum, arg) => sum + arg.length, 0);
  if (total > MAX_ARGUMENT_BYTES) {
    throw new RangeError(`Cannot run 7-Zip: arguments take ${total} bytes, at most ${MAX_ARGUMENT_BYTES}`);
  }
  const pointers = encoded.map((arg) => {
    const pointer = guest._emscripten_stack_alloc(arg.length);
    memory.bytes.set(arg, pointer);
    return pointer;
  });
  const list = guest._emscripten_stack_alloc(4 * (pointers.length + 1));
  [...pointers, 0].forEach((pointer, index) => memory.view.setUint32(list + 4 * index, pointer, true));
  return list;
}
