import assert from "node:assert/strict";
import { FakeClock } from "../testing/fake_environment.ts";
import { parseRate, RateLimiter } from "./rate_limit.ts";

Deno.test("rates are read as stoQ writes them, and with units", () => {
  assert.equal(parseRate("2/1"), 500);
  assert.equal(parseRate("1/0.5"), 500);
  assert.equal(parseRate("10/s"), 100);
  assert.equal(parseRate("30/min"), 2000);
  assert.equal(parseRate("4/h"), 900_000);
});

Deno.test("what is no rate is a RangeError", () => {
  for (const text of ["", "10", "0/1", "1/0", "-1/1", "a/s", "1/day", "1/1/1"]) {
    assert.throws(() => parseRate(text), RangeError, text);
  }
});

Deno.test("callers go one after the other, at their distance", async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter(clock);
  const went: number[] = [];
  const waits = [1, 2, 3].map(async (caller) => {
    await limiter.wait(500);
    went.push(caller);
  });
  await Promise.resolve();
  assert.deepEqual(went, [1]);
  clock.pass(499);
  await Promise.resolve();
  assert.deepEqual(went, [1]);
  clock.pass(1);
  await waits[1];
  assert.deepEqual(went, [1, 2]);
  clock.pass(500);
  await waits[2];
  assert.deepEqual(went, [1, 2, 3]);
  clock.pass(10_000);
  await limiter.wait(500);
});
