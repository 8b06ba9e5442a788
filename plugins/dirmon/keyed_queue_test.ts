import assert from "node:assert/strict";
import { KeyedQueue } from "./keyed_queue.ts";

Deno.test("keys come out in the order in which they came in, each once", () => {
  const queue = new KeyedQueue<number>();
  queue.add("a", 1);
  queue.add("b", 2);
  queue.add("a", 3);
  assert.equal(queue.size, 2);
  assert.deepEqual([queue.peek(), queue.take(), queue.take(), queue.take()], [["a", 1], ["a", 1], [
    "b",
    2,
  ], undefined]);
});

Deno.test("a key that was taken out goes to the end when it is added again", () => {
  const queue = new KeyedQueue<number>();
  queue.add("a", 1);
  queue.add("b", 2);
  queue.take();
  queue.add("a", 3);
  assert.deepEqual([queue.take(), queue.take(), queue.take()], [["b", 2], ["a", 3], undefined]);
  queue.add("c", 4);
  assert.deepEqual([queue.has("a"), queue.has("c"), queue.take()], [false, true, ["c", 4]]);
});

Deno.test("what is added after the queue was seen empty still comes out", () => {
  const queue = new KeyedQueue<undefined>();
  for (let round = 0; round < 3; round++) {
    assert.equal(queue.peek(), undefined);
    queue.add("a", undefined);
    assert.deepEqual(queue.take(), ["a", undefined]);
  }
});
