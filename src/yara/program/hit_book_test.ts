import assert from "node:assert/strict";
import { HitBook } from "./hit_book.ts";

// Pattern 0 has forms 0 and 1, pattern 1 has none, pattern 2 has forms 2 to 4.
const book = new HitBook(Uint32Array.of(0, 0, 2, 2, 2), 3);
const none = new Uint32Array();

Deno.test("hits are found by pattern, in their order, with the form counted within it", () => {
  book.take({ hits: Uint32Array.of(3, 5, 1, 7, 2, 8, 0, 9), cappedForms: none });
  assert.deepEqual(book.hitsOf(2), [[1, 5], [0, 8]]);
  assert.deepEqual(book.hitsOf(0), [[1, 7], [0, 9]]);
  assert.deepEqual(book.hitsOf(1), []);
  assert.deepEqual(book.touched, [2, 0]);
  assert.deepEqual([0, 1, 2].map((pattern) => book.isTouched(pattern)), [true, false, true]);
});

Deno.test("the next scan begins with nothing", () => {
  book.take({ hits: Uint32Array.of(3, 5), cappedForms: Uint32Array.of(3, 0, 1) });
  assert.deepEqual(book.touched, [2, 0]);
  assert.ok(book.isCapped(0) && book.isCapped(2));
  book.take({ hits: Uint32Array.of(0, 1), cappedForms: none });
  assert.deepEqual(book.touched, [0]);
  assert.deepEqual([book.isCapped(0), book.isCapped(2), book.isTouched(2)], [false, false, false]);
  assert.deepEqual(book.hitsOf(2), []);
});

Deno.test("thousands of hits have room", () => {
  const hits = new Uint32Array(20_000).map((_, index) => index % 2 === 0 ? 4 : index);
  book.take({ hits, cappedForms: none });
  assert.equal(book.hitsOf(2).length, 10_000);
});
