import assert from "node:assert/strict";
import { textBytes, textOrBytes } from "./text.ts";

Deno.test("escapes become bytes, the rest UTF-8", () => {
  assert.deepEqual([...textBytes('"a\\t\\n\\r\\"\\\\\\x00\\xfF"')], [0x61, 9, 10, 13, 0x22, 0x5c, 0, 0xff]);
  assert.deepEqual(textBytes('"é\\x41😀"'), new TextEncoder().encode("éA😀"));
  assert.deepEqual([...textBytes('""')], []);
});

Deno.test("an escape that YARA does not know keeps its backslash", () => {
  assert.equal(new TextDecoder().decode(textBytes('"\\q\\x4\\xzz"')), "\\q\\x4\\xzz");
});

Deno.test("bytes are text where they are UTF-8", () => {
  assert.equal(textOrBytes(new TextEncoder().encode("\ufeffé")), "\ufeffé");
  assert.deepEqual(textOrBytes(Uint8Array.of(0x61, 0xff)), Uint8Array.of(0x61, 0xff));
});
