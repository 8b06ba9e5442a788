/**
 * Starts yara-x and replaces it after a trap, which leaves the memory of a WebAssembly instance in an unknown
 * state.
 *
 * @module
 */

import { compileBinary, type ReadFile } from "./binary.js";

/** The JavaScript side of the package. */
export type Glue = typeof import("npm:@virustotal/yara-x@1.20.0");

/** An object of the package, which lives in the memory of an instance. */
export interface Owned {
  free(): void;
}

/** One living instance and the objects in it. */
export class Instance {
  readonly #owned = new Set<Owned>();

  /** An instance that has just been started. */
  constructor(readonly glue: Glue, readonly memory: WebAssembly.Memory) {}

  /** Keeps an object in mind until it is released. */
  own<T extends Owned>(object: T): T {
    this.#owned.add(object);
    return object;
  }

  /** Frees an object, unless the instance was given up. */
  release(object: Owned): void {
    if (this.#owned.delete(object)) object.free();
  }

  /**
   * Lets go of all objects without touching the memory. The garbage collector would free them in it, and a second
   * trap, in its time and not in a call of ours, would end the process.
   */
  abandon(): void {
    for (const object of this.#owned) (object as unknown as Detachable).__destroy_into_raw();
    this.#owned.clear();
  }
}

/** What wasm-bindgen gives its classes beside `free`. */
interface Detachable {
  __destroy_into_raw(): number;
}

/** Hands out the instance in use. */
export class Instances {
  #current: Instance | undefined;
  #replacements = 0;

  /** Takes the first instance, and what makes others. */
  constructor(readonly glueUrl: string, readonly module: WebAssembly.Module, first: Instance) {
    this.#current = first;
  }

  /** The instance; a new one after {@linkcode discard}. */
  async get(): Promise<Instance> {
    if (this.#current) return this.#current;
    // The package keeps its instance in a variable of its module: only another module has another one.
    const glue: Glue = await import(`${this.glueUrl}?replacement=${++this.#replacements}`);
    return this.#current ??= start(glue, this.module);
  }

  /** Gives an instance up for good, with all that lives in it. */
  discard(instance: Instance): void {
    instance.abandon();
    if (this.#current === instance) this.#current = undefined;
  }

  /** Whether the instance is the one in use. */
  isCurrent(instance: Instance): boolean {
    return this.#current === instance;
  }
}

let loading: Promise<Instances> | undefined;

/**
 * Compiles and starts the engine; nothing that comes later needs a permission. The package has one instance in a
 * process, so there is one for all callers.
 */
export function loadInstances(readFile: ReadFile = fetchFile): Promise<Instances> {
  return loading ??= load(readFile);
}

async function load(readFile: ReadFile): Promise<Instances> {
  // This import is also what makes the specifier below resolve to a file, in a checkout and from a URL alike.
  const importing = import("npm:@virustotal/yara-x@1.20.0");
  const glueUrl = import.meta.resolve("npm:@virustotal/yara-x@1.20.0");
  const [glue, module] = await Promise.all([importing, compileBinary(glueUrl, readFile)]);
  return new Instances(glueUrl, module, start(glue, module));
}

function start(glue: Glue, module: WebAssembly.Module): Instance {
  return new Instance(glue, glue.initSync({ module }).memory);
}

async function fetchFile(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  return await (await fetch(url)).bytes();
}
