/** The scanning core, compiled, not instantiated. */
export const binary: WebAssembly.Module;
