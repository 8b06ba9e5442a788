// @ts-self-types="./binary.d.ts"
// JavaScript, because TypeScript has no syntax for a source-phase import yet. This form needs no file
// permission, is cached with the module graph, goes into a compiled binary, and skips the package's own glue,
// which reads the file system, writes process.exitCode and knows the host's devices.
import source sevenZipModule from "npm:7z-wasm@1.2.0/7zz.wasm";

export { sevenZipModule };
