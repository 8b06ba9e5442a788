import assert from "node:assert/strict";
import { packTexts, unpackTexts } from "./text_table.ts";

Deno.test("texts come out as they were put in", () => {
  const texts = ["", "abc", "\ufeffä€😀", "", "x".repeat(1000)];
  const table = unpackTexts(packTexts(texts));
  assert.equal(table.length, texts.length);
  assert.deepEqual(texts.map((_, index) => table.get(index)), texts);
  assert.equal(unpackTexts(packTexts([])).length, 0);
});

Deno.test("a table whose offsets don't fit it is refused", () => {
  const packed = packTexts(["abc", "de"]);
  const cut = packed.slice(0, -1);
  assert.throws(() => unpackTexts(cut), /text 1 lies outside/);
  const falling = packed.slice();
  falling[4] = 9;
  assert.throws(() => unpackTexts(falling), RangeError);
  assert.throws(() => unpackTexts(Uint8Array.of(255, 255, 255, 255)), /shorter than its offsets/);
});
