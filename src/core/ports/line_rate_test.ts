import assert from "node:assert/strict";
import { FLOOD_LINES, FLOOD_WINDOW_MS, FloodBound } from "./line_rate.ts";

Deno.test("what is over the bound is dropped until the next window, and counted once", () => {
  const bound = new FloodBound();
  const admitted = Array.from({ length: FLOOD_LINES + 5 }, () => bound.admit(100));
  assert.equal(admitted.filter((isAdmitted) => isAdmitted).length, FLOOD_LINES);
  assert.equal(bound.admit(99 + FLOOD_WINDOW_MS), false);
  assert.equal(bound.admit(100 + FLOOD_WINDOW_MS), true);
  assert.deepEqual([bound.takeDropped(), bound.takeDropped()], [6, 0]);
});

Deno.test("lines that were dropped elsewhere count as well", () => {
  const bound = new FloodBound();
  for (let line = 0; line < FLOOD_LINES + 2; line++) bound.admit(0);
  bound.addDropped(40);
  assert.equal(bound.takeDropped(), 42);
});
