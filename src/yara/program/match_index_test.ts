import assert from "node:assert/strict";
import { MatchIndex } from "./match_index.ts";

// Pattern 0 has forms 0 and 1, pattern 1 has none, pattern 2 has forms 2 to 4.
const index = new MatchIndex(Uint32Array.of(0, 0, 2, 2, 2), 3);
const none = new Uint32Array();

Deno.test("hits are found by pattern, in their order, with the form counted within it", () => {
  index.fill({ hits: Uint32Array.of(3, 5, 1, 7, 2, 8, 0, 9), cappedForms: none });
  assert.deepEqual(index.hitsOf(2), [[1, 5], [0, 8]]);
  assert.deepEqual(index.hitsOf(0), [[1, 7], [0, 9]]);
  assert.deepEqual(index.hitsOf(1), []);
  assert.deepEqual(index.touched, [2, 0]);
  assert.deepEqual([0, 1, 2].map((pattern) => index.isTouched(pattern)), [true, false, true]);
});

Deno.test("the next scan begins with nothing", () => {
  index.fill({ hits: Uint32Array.of(3, 5), cappedForms: Uint32Array.of(3, 0, 1) });
  assert.deepEqual(index.touched, [2, 0]);
  assert.ok(index.isCapped(0) && index.isCapped(2));
  index.fill({ hits: Uint32Array.of(0, 1), cappedForms: none });
  assert.deepEqual(index.touched, [0]);
  assert.deepEqual([index.isCapped(0), index.isCapped(2), index.isTouched(2)], [false, false, false]);
  assert.deepEqual(index.hitsOf(2), []);
});

Deno.test("thousands of hits have room", () => {
  const hits = new Uint32Array(20_000).map((_, index) => index % 2 === 0 ? 4 : index);
  index.fill({ hits, cappedForms: none });
  assert.equal(index.hitsOf(2).length, 10_000);
});
