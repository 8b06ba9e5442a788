/** libmagic with its magic file, compiled, not instantiated. */
export const binary: WebAssembly.Module;
