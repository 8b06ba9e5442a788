/**
 * What rules ask of their host while they run.
 *
 * yara-x compiles conditions to a second WebAssembly module, whose calls into the engine cost 20 microseconds
 * each, because 64 KiB of memory are copied both ways. Conditions read integers at offsets thousands of times, and
 * such a read touches no memory but the scanned bytes: it is answered here. The compiled module, always the same
 * for the same rules, is kept instead of being compiled again in every scan.
 *
 * Both are done by standing in for `WebAssembly.Module` and `WebAssembly.Instance` while one synchronous scan
 * runs. A host function that is not known by its full name, argument and result types included, is left alone.
 *
 * @module
 */

/** A read of an integer that lies inside the data. */
type Read = (data: DataView, offset: number) => number;

interface IntegerRead {
  readonly sizeBytes: number;
  readonly read: Read;
}

const INTEGER_READS: ReadonlyMap<string, IntegerRead> = new Map([
  ["uint8@offset:i@i:R0:255u", { sizeBytes: 1, read: (data, at) => data.getUint8(at) }],
  ["int8@offset:i@i:R-128:127u", { sizeBytes: 1, read: (data, at) => data.getInt8(at) }],
  ["uint8be@offset:i@i:R0:255u", { sizeBytes: 1, read: (data, at) => data.getUint8(at) }],
  ["int8be@offset:i@i:R-128:127u", { sizeBytes: 1, read: (data, at) => data.getInt8(at) }],
  ["uint16@offset:i@i:R0:65535u", { sizeBytes: 2, read: (data, at) => data.getUint16(at, true) }],
  ["uint16be@offset:i@i:R0:65535u", { sizeBytes: 2, read: (data, at) => data.getUint16(at) }],
  ["int16@offset:i@i:R-32768:32767u", { sizeBytes: 2, read: (data, at) => data.getInt16(at, true) }],
  ["int16be@offset:i@i:R-32768:32767u", { sizeBytes: 2, read: (data, at) => data.getInt16(at) }],
  ["uint32@offset:i@i:R0:4294967295u", { sizeBytes: 4, read: (data, at) => data.getUint32(at, true) }],
  ["uint32be@offset:i@i:R0:4294967295u", { sizeBytes: 4, read: (data, at) => data.getUint32(at) }],
  ["int32@offset:i@i:R-2147483648:2147483647u", {
    sizeBytes: 4,
    read: (data, at) => data.getInt32(at, true),
  }],
  ["int32be@offset:i@i:R-2147483648:2147483647u", { sizeBytes: 4, read: (data, at) => data.getInt32(at) }],
]);

/** The second result says whether the value is undefined, which is what YARA calls a read outside the data. */
const UNDEFINED_INTEGER = [0n, 1];

/**
 * What the conditions of one scan may take. How often they go round in a loop may be the payload's choice, and the engine
 * knows no deadline of its own.
 */
export const MAX_CONDITIONS_MS = 10_000;

/** Calls between two looks at the clock. */
const CALLS_PER_LOOK = 256;

/** Thrown through the engine, which takes it for a fault of its host and traps. */
class Overdue extends Error {}

/** Stops conditions that take too long, at one of their calls. */
class Watch {
  isOverdue = false;
  #calls = 0;
  #endMs: number | undefined;

  constructor(readonly limitMs: number) {}

  /** Counts a call. The time of the first one counts as the start: before it the engine looks for strings. */
  tick(): void {
    if (this.#calls++ % CALLS_PER_LOOK !== 0) return;
    const now = performance.now();
    this.#endMs ??= now + this.limitMs;
    if (now <= this.#endMs) return;
    this.isOverdue = true;
    throw new Overdue(`conditions took more than ${this.limitMs} ms`);
  }
}

/** What the engine asks an instance for. */
interface InstanceHandle {
  exports?: WebAssembly.Exports;
}

/** Answers host calls for one set of compiled rules. */
export class HostCalls {
  /**
   * What the engine is given in place of an instance. It asks for the exports at once, and forgets to let go of what it
   * was given: each scan would leave an instance and its memory behind, 75 KB that no garbage collector may touch. So it
   * is always the same object, empty between scans; a place of 8 bytes in the engine's table is all that stays.
   */
  readonly #handle: InstanceHandle = {};
  #watch: Watch;
  #program: { readonly sizeBytes: number; readonly module: WebAssembly.Module } | undefined;

  constructor(readonly limitMs = MAX_CONDITIONS_MS) {
    this.#watch = new Watch(limitMs);
  }

  /** Whether the last scan was stopped because its conditions took too long. */
  get isOverdue(): boolean {
    return this.#watch.isOverdue;
  }

  /** Runs a synchronous scan of `bytes`; what rules write with `console.log` goes to `onConsole`. */
  during<T>(bytes: Uint8Array, onConsole: (line: string) => void, scan: () => T): T {
    const { Module, Instance } = WebAssembly;
    const { log } = console;
    const compile = (binary: BufferSource) => this.#compiled(Module, binary);
    const handle = this.#handle;
    const watch = this.#watch = new Watch(this.limitMs);
    // Constructors that return an object: `new` gives that object, hence no arrow functions.
    Reflect.set(WebAssembly, "Module", function (binary: BufferSource) {
      return compile(binary);
    });
    Reflect.set(WebAssembly, "Instance", function (module: WebAssembly.Module, imports: WebAssembly.Imports) {
      handle.exports = new Instance(module, answered(imports, bytes, watch)).exports;
      return handle;
    });
    console.log = (...words: unknown[]) => onConsole(words.join(" "));
    try {
      return scan();
    } finally {
      delete handle.exports;
      console.log = log;
      Reflect.set(WebAssembly, "Module", Module);
      Reflect.set(WebAssembly, "Instance", Instance);
    }
  }

  #compiled(Module: typeof WebAssembly.Module, binary: BufferSource): WebAssembly.Module {
    if (this.#program?.sizeBytes !== binary.byteLength) {
      this.#program = { sizeBytes: binary.byteLength, module: new Module(binary) };
    }
    return this.#program.module;
  }
}

/** The engine's functions, some of them our own, and all of them watched. */
function answered(imports: WebAssembly.Imports, bytes: Uint8Array, watch: Watch): WebAssembly.Imports {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const modules = Object.entries(imports).map(([module, members]) => [
    module,
    Object.fromEntries(
      Object.entries(members).map((
        [name, value],
      ) => [name, integerRead(name, data, watch) ?? watched(value, watch)]),
    ),
  ]);
  return Object.fromEntries(modules);
}

function watched(value: WebAssembly.ImportValue, watch: Watch): WebAssembly.ImportValue {
  if (typeof value !== "function") return value;
  return (...words: unknown[]) => {
    watch.tick();
    return value(...words);
  };
}

function integerRead(name: string, data: DataView, watch: Watch): WebAssembly.ImportValue | undefined {
  const known = INTEGER_READS.get(name);
  if (!known) return undefined;
  const { sizeBytes, read } = known;
  const last = data.byteLength - sizeBytes;
  const answerRead = (offset: bigint) => {
    watch.tick();
    if (offset < 0n || offset > last) return UNDEFINED_INTEGER;
    return [BigInt(read(data, Number(offset))), 0];
  };
  return answerRead;
}
