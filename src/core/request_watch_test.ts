import assert from "node:assert/strict";
import { FakeClock } from "./fake_engine.ts";
import { RequestWatch } from "./request_watch.ts";

function watch(stallMs: number, timeoutMs: number) {
  const clock = new FakeClock();
  const events: string[] = [];
  const watched = {
    steps: 0,
    moves: () => watched.steps,
    onStall: () => void events.push(`stall at ${clock.now()}`),
    onTimeout: () => void events.push(`timeout at ${clock.now()}`),
  };
  return { clock, events, watched, watch: new RequestWatch(clock, { stallMs, timeoutMs }, watched) };
}

Deno.test("what moves is not stalled, and what stops is", () => {
  const { clock, events, watched } = watch(50, Infinity);
  for (let step = 0; step < 5; step++) {
    clock.pass(50);
    watched.steps++;
  }
  assert.deepEqual(events, ["stall at 50"]);
  clock.pass(50);
  assert.equal(events.length, 1);
  clock.pass(50);
  assert.equal(events[1], "stall at 350");
});

Deno.test("the time is up once, exactly, however often somebody looks", () => {
  const { clock, events } = watch(50, 120);
  for (let ms = 0; ms < 400; ms += 10) clock.pass(10);
  assert.deepEqual(events, ["stall at 50", "stall at 100", "timeout at 120"]);
});

Deno.test("who has no end and is not watched for stalls needs no timer", () => {
  const { clock, events } = watch(Infinity, Infinity);
  clock.pass(1e9);
  assert.deepEqual(events, []);
});

Deno.test("nobody is told after the end", () => {
  const { clock, events, watch: watching } = watch(50, 100);
  watching[Symbol.dispose]();
  clock.pass(1000);
  assert.deepEqual(events, []);
});
