import assert from "node:assert/strict";
import { decodePlain, encodePlain } from "./plain_codec.ts";

const VALUES: readonly (readonly [what: string, value: unknown])[] = [
  ["JSON", { a: [1, "é", null, true, { b: {} }] }],
  ["bytes", [new Uint8Array([0, 127, 255]), { deep: new Uint8Array() }]],
  ["numbers that JSON lacks", [NaN, Infinity, -Infinity, -0, 0]],
  ["keys that look like marks", { "\0bytes": "eA==", "\0\0number": 1, "\0": new Uint8Array([1]) }],
  ["a key __proto__", JSON.parse('{"__proto__": {"x": 1}, "y": 2}')],
  ["lone surrogates", "\ud800x\udfff"],
];

for (const [what, value] of VALUES) {
  Deno.test(`${what} come back as they were`, () => assert.deepEqual(decodePlain(encodePlain(value)), value));
}

Deno.test("what is no plain data can't be read", () => {
  assert.throws(() => decodePlain("{"), SyntaxError);
  assert.throws(() => decodePlain('{"\\u0000bytes": "!"}'), SyntaxError);
});
