/**
 * The compiled module, by the way that works here.
 *
 * @module
 */

/** The core's module; each instance has a memory of its own. */
export const binary: WebAssembly.Module = await fromSource() ?? await fromFile();

/**
 * Whether modules can be imported as WebAssembly, for which no permission is needed. Where not, which may be so in compiled
 * binaries of some Deno versions, files must be read while that is allowed.
 */
export const isImportedAsSource: boolean = await fromSource() !== undefined;

async function fromSource(): Promise<WebAssembly.Module | undefined> {
  try {
    return (await import("./source_binary.js")).binary;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return undefined;
  }
}

async function fromFile(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("./core.wasm", import.meta.url));
  return await WebAssembly.compile(await response.bytes());
}
