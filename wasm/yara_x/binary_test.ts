import assert from "node:assert/strict";
import { compileBinary } from "./binary.js";

const EMPTY_MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

Deno.test("a binary that can't be imported is read", async () => {
  const read: string[] = [];
  const module = await compileBinary("file:///no/such/package/glue.js", (url) => {
    read.push(url.href);
    return Promise.resolve(EMPTY_MODULE);
  });
  assert.ok(module instanceof WebAssembly.Module);
  assert.deepEqual(read, ["file:///no/such/package/yara_x_js_bg.wasm"]);
});
