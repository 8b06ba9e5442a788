// A source phase import gives the compiled module without reading a file by path, and each `Core` an instance with a
// memory of its own, which goes when the core goes. TypeScript can't parse the syntax yet, hence JavaScript.
// @ts-self-types="./source_binary.d.ts"
import source binary from "./core.wasm";

export { binary };
