// @ts-self-types="./binary.d.ts"
// JavaScript, because TypeScript has no syntax for a source-phase import yet. This form needs no file permission
// and beats reading the file and compiling its bytes in time and memory. It is computed, because the package's
// `exports` hide the file from a plain specifier.

/**
 * Compiles the package's WebAssembly.
 *
 * @param {string} glueUrl address of the package's JavaScript
 * @param {(url: URL) => Promise<Uint8Array<ArrayBuffer>>} readFile reads the file where it can't be imported
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileBinary(glueUrl, readFile) {
  const url = new URL("./yara_x_js_bg.wasm", glueUrl);
  try {
    return await import.source(url.href);
  } catch (error) {
    // A compiled binary may take every module inside an npm package for JavaScript.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return await WebAssembly.compile(await readFile(url));
  }
}
