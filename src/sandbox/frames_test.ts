import assert from "node:assert/strict";
import { encodeFrame, FrameError, FrameReader, splitBody } from "./frames.ts";

const SECRET = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const LIMITS = { jsonBytes: 1_000, bodyBytes: 200_000 };

/** A reader of these bytes that gets at most `step` of them at a time, and what it took for noise. */
function readerOf(pieces: readonly Uint8Array[], step = Infinity): { reader: FrameReader; noise: string[] } {
  const bytes = new Uint8Array(pieces.flatMap((piece) => [...piece]));
  let at = 0;
  const noise: string[] = [];
  const read = (target: Uint8Array) => {
    if (at === bytes.length) return Promise.resolve(null);
    const part = bytes.subarray(at, at + Math.min(step, target.length));
    target.set(part);
    at += part.length;
    return Promise.resolve(part.length);
  };
  const reader = new FrameReader(read, SECRET, LIMITS, (part) => noise.push(new TextDecoder().decode(part)));
  return { reader, noise };
}

const text = (words: string) => new TextEncoder().encode(words);

for (const step of [1, 7, Infinity]) {
  Deno.test(`frames are read whole, and printed bytes between them are reported, ${step} bytes at a time`, async () => {
    const large = new Uint8Array(100_000).fill(7);
    const { reader, noise } = readerOf([
      text("before"),
      ...encodeFrame(SECRET, { type: "a" }),
      text("between"),
      ...encodeFrame(SECRET, [1, "é"], [text("x"), large]),
      text("after"),
    ], step);
    assert.deepEqual((await reader.next())?.message, { type: "a" });
    const second = await reader.next();
    assert.deepEqual(second?.message, [1, "é"]);
    assert.deepEqual(splitBody(second!.body, [1, 100_000])[1], large);
    assert.equal(await reader.next(), undefined);
    assert.equal(noise.join(""), "beforebetweenafter");
  });
}

Deno.test("a frame without the secret counts as printed bytes", async () => {
  const { reader, noise } = readerOf(encodeFrame(new Uint8Array(16), { type: "answer" }));
  assert.equal(await reader.next(), undefined);
  assert.match(noise.join(""), /answer/);
});

Deno.test("a frame that is cut, mixed up or too large is an error", async () => {
  const [frame] = encodeFrame(SECRET, { type: "a" }, [text("body")]) as [Uint8Array];
  for (let length = 16; length < frame.length; length++) {
    await assert.rejects(readerOf([frame.subarray(0, length)]).reader.next(), FrameError);
  }
  const mixed = [frame.subarray(0, 30), text("printed"), frame.subarray(30)];
  await assert.rejects(readerOf(mixed).reader.next(), FrameError);
  const large = encodeFrame(SECRET, null, [new Uint8Array(LIMITS.bodyBytes + 1)]);
  await assert.rejects(readerOf(large).reader.next(), /body must have at most 200000 bytes, got 200001/);
});

Deno.test("sizes that do not add up to the body are an error", () => {
  assert.throws(() => splitBody(new Uint8Array(3), [1, 1]), FrameError);
  assert.throws(() => splitBody(new Uint8Array(3), [4, -1]), FrameError);
  assert.throws(() => splitBody(new Uint8Array(3), [1.5, 1.5]), FrameError);
});
