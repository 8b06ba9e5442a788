import assert from "node:assert/strict";
import type { Delivery } from "../../src/plugin/define.ts";
import type { Clock } from "../../src/plugin/kit/mod.ts";
import { Redelivery } from "./redelivery.ts";

const ITEM = { kind: "task", task: {} } as const;
const DONE = { status: "done", scanIds: [] } as const;
const FAILED = { status: "failed", errors: [], shouldRetry: true } as const;

/** Time that passes at once when it is slept for. */
class SkippingClock implements Clock {
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  startTimer(delayMs: number, onTime: () => void): () => void {
    this.#nowMs += delayMs;
    onTime();
    return () => {};
  }
}

Deno.test("there is nothing to wait for once all deliveries are settled, however they ended", async () => {
  using redelivery = new Redelivery<string>(new AbortController().signal);
  const outcomes = [
    DONE,
    { status: "unkept", scanIds: [] },
    { ...FAILED, shouldRetry: false },
    { status: "abandoned" },
  ] as const;
  const deliveries = outcomes.map((_, index) =>
    redelivery.deliver(ITEM, { item: String(index), attempt: 1 })
  );
  const next = redelivery.next();
  for (const [index, outcome] of outcomes.entries()) await deliveries[index]!.settle(outcome);
  assert.equal(await next, undefined);
});

Deno.test("an item is due again after 1 s, 2 s, 4 s, …, one more attempt each time", async () => {
  const clock = new SkippingClock();
  using redelivery = new Redelivery<string>(new AbortController().signal, clock);
  const times: number[] = [];
  let retry = { item: "a", attempt: 1 };
  for (let attempt = 1; attempt < 5; attempt++) {
    await redelivery.deliver(ITEM, retry).settle(FAILED);
    assert.equal(redelivery.takeDue(), undefined);
    retry = (await redelivery.next())!;
    assert.deepEqual(retry, { item: "a", attempt: attempt + 1 });
    times.push(clock.now());
  }
  assert.deepEqual(times, [1000, 3000, 7000, 15_000]);
  assert.equal(await redelivery.next(), undefined);
});

Deno.test("settling twice counts once", async () => {
  using redelivery = new Redelivery<string>(new AbortController().signal, new SkippingClock());
  const [one, other]: Delivery[] = ["a", "b"].map((item) => redelivery.deliver(ITEM, { item, attempt: 1 }));
  await one!.settle(DONE);
  await one!.settle(FAILED);
  const next = redelivery.next();
  await other!.settle(FAILED);
  assert.equal((await next)?.item, "b");
});

Deno.test("an abort ends the wait for a delivery that is never settled", async () => {
  const controller = new AbortController();
  using redelivery = new Redelivery<string>(controller.signal);
  redelivery.deliver(ITEM, { item: "a", attempt: 1 });
  const next = redelivery.next();
  controller.abort();
  assert.equal(await next, undefined);
});
