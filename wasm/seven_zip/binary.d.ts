/** 7-Zip 24.09, compiled by Emscripten: the program `7zz`, without its JavaScript glue. */
export const sevenZipModule: WebAssembly.Module;
