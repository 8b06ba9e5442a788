/** Reads a file of the package. */
export type ReadFile = (url: URL) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Compiles yara-x, which lies beside the package's JavaScript at `glueUrl`; `readFile` is asked only where the
 * file can't be imported as a module.
 */
export function compileBinary(glueUrl: string, readFile: ReadFile): Promise<WebAssembly.Module>;
