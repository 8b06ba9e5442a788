// A source phase import gives the compiled module without reading a file by path, for which a runner has no
// permission any more when the engine must be started again. TypeScript can't parse the syntax yet, hence
// JavaScript.
// @ts-self-types="./binary.d.ts"
import source binary from "npm:wasmagic@1.0.10/dist/libmagic-wrapper.wasm";

export { binary };
