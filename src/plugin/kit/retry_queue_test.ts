import assert from "node:assert/strict";
import { MAX_WAITING, RetryQueue } from "./retry_queue.ts";

Deno.test("an item is due after 1 s, then after twice as long each time, at most after 60 s", () => {
  const queue = new RetryQueue<string>();
  const delays: number[] = [];
  for (let attempt = 1, nowMs = 5; attempt <= 9; attempt++) {
    queue.add("a", attempt, nowMs);
    delays.push(queue.nextDueMs - nowMs);
    nowMs = queue.nextDueMs;
    assert.equal(queue.takeDue(nowMs - 1), undefined);
    assert.deepEqual(queue.takeDue(nowMs), { item: "a", attempt: attempt + 1 });
  }
  assert.deepEqual(delays, [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
  assert.equal(queue.size, 0);
});

Deno.test("items come out in the order in which they are due", () => {
  const queue = new RetryQueue<string>();
  queue.add("third failure", 3, 0);
  queue.add("first failure", 1, 0);
  queue.add("second failure", 2, 500);
  queue.add("late failure", 1, 2000);
  const items = Array.from({ length: 5 }, () => queue.takeDue(10_000)?.item);
  assert.deepEqual(items, ["first failure", "second failure", "late failure", "third failure", undefined]);
});

Deno.test("an empty queue has nothing due", () => {
  const queue = new RetryQueue<string>();
  assert.equal(queue.nextDueMs, Infinity);
  assert.equal(queue.takeDue(Number.MAX_VALUE), undefined);
});

Deno.test("a queue is full when its limit is met, and not when something was taken out", () => {
  const queue = new RetryQueue<number>();
  for (let item = 0; item < MAX_WAITING; item++) {
    assert.equal(queue.isFull, false);
    queue.add(item, 1, 0);
  }
  assert.equal(queue.isFull, true);
  queue.takeDue(1000);
  assert.equal(queue.isFull, false);
});
