import assert from "node:assert/strict";
import { Pace } from "./pace.ts";

/** Lets time pass without waiting, until it goes out of scope. */
function dreamtTime(): Disposable & { pass(ms: number): void } {
  const { now } = performance;
  let time = 1000;
  performance.now = () => time;
  return {
    pass: (ms) => void (time += ms),
    [Symbol.dispose]: () => void (performance.now = now),
  };
}

/** Makes a call that takes `ms`; answers how it was made. */
async function called(pace: Pace, pass: () => void = () => {}, sizeBytes = 0): Promise<string> {
  const atOnce = () => {
    pass();
    return "at once";
  };
  return await pace.call(atOnce, () => Promise.resolve("on a thread"), sizeBytes);
}

Deno.test("calls that are answered at once are made at once, but one in 20 ms lets others have their turn", async () => {
  using time = dreamtTime();
  const pace = new Pace();
  const ways: string[] = [];
  for (let call = 0; call < 40; call++) ways.push(await called(pace, () => time.pass(1)));
  assert.deepEqual(ways.flatMap((way, call) => (way === "at once" ? [] : [call])), [0, 21]);
  assert.equal(pace.isAtOnce, true);
});

Deno.test("after a slow answer, and a slow failure, calls go to threads for a while", async () => {
  using time = dreamtTime();
  const pace = new Pace();
  await called(pace);
  const fail = () => {
    time.pass(2);
    throw new Error("refused");
  };
  for (const slowly of [() => time.pass(2), fail]) {
    await called(pace, slowly).catch((error) => assert.equal(error.message, "refused"));
    assert.equal(pace.isAtOnce, false);
    for (let call = 0; call < 256; call++) assert.equal(await called(pace), "on a thread");
    assert.equal(pace.isAtOnce, true);
    assert.equal(await called(pace), "at once");
  }
});

Deno.test("what is large goes to a thread", async () => {
  using _ = dreamtTime();
  const pace = new Pace();
  await called(pace);
  assert.equal(await called(pace, undefined, 1_000_001), "on a thread");
  assert.equal(await called(pace, undefined, 1_000_000), "at once");
});
