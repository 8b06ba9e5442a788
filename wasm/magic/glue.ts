/**
 * The package's JavaScript, which makes instances.
 *
 * It is a CommonJS module for browsers and Node. To import it as one, or to look at `process`, starts Deno's Node layer, which
 * takes 20 ms of a processor where a whole scan takes 300. So its text is evaluated as the function that it is, in which
 * `globalThis` has what the engine uses and no `process`.
 *
 * @module
 */

/** The part of wasmagic's Emscripten module that is used here. */
export interface LibmagicModule {
  /** Replaced by a new view whenever memory grows. */
  HEAPU8: Uint8Array;
  FS: {
    create(path: string, mode: number): object;
    createDataFile(path: string, name: null, data: Int8Array): void;
    chdir(path: string): void;
    unlink(path: string): void;
  };
  _malloc(sizeBytes: number): number;
  _free(pointer: number): void;
  ccall(name: string, returns: "string", types: readonly string[], values: readonly unknown[]): string;
}

/** What Emscripten calls while it makes an instance. */
export interface LibmagicHooks {
  readonly preRun: readonly ((module: LibmagicModule) => void)[];
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): void;
}

/** Makes an instance. */
export type CreateLibmagic = (hooks: LibmagicHooks) => Promise<LibmagicModule>;

let loading: Promise<CreateLibmagic> | undefined;

/** Loads the package's JavaScript. */
export function loadGlue(): Promise<CreateLibmagic> {
  return loading ??= load();
}

async function load(): Promise<CreateLibmagic> {
  const text: unknown = await importText();
  if (typeof text !== "string") return await importCommonJs();
  const module: { exports?: CreateLibmagic } = { exports: undefined };
  const scope = { TextDecoder: globalThis.TextDecoder };
  new Function("module", "exports", "globalThis", text)(module, {}, scope);
  return module.exports!;
}

async function importCommonJs(): Promise<CreateLibmagic> {
  const glue: unknown = await import("npm:wasmagic@1.0.10/dist/libmagic-wrapper.js");
  return (glue as { readonly default: CreateLibmagic }).default;
}

/** The text, or `undefined` in a compiled binary that takes every file inside an npm package for JavaScript. */
async function importText(): Promise<unknown> {
  try {
    return (await import("npm:wasmagic@1.0.10/dist/libmagic-wrapper.js", { with: { type: "text" } })).default;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return undefined;
  }
}
