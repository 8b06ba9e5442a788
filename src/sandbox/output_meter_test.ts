import assert from "node:assert/strict";
import { OutputMeter } from "./output_meter.ts";

Deno.test("bytes are counted from one beginning to the next", () => {
  const meter = new OutputMeter(10);
  assert.deepEqual([4, 6, 1].map((bytes) => meter.add(bytes)), [false, false, true]);
  assert.equal(meter.bytes, 11);
  meter.begin();
  assert.equal(meter.add(10), false);
});

Deno.test("with a window the count is reset after each window", () => {
  let nowMs = 0;
  const meter = new OutputMeter(10, () => nowMs);
  meter.begin(1_000);
  for (nowMs = 0; nowMs < 10_000; nowMs += 250) assert.equal(meter.add(2), false, `${nowMs}`);
  assert.equal(meter.add(11), true);
});
