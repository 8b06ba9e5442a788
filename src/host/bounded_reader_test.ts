import assert from "node:assert/strict";
import { type ByteSource, readToEnd } from "./bounded_reader.ts";

/** A source that gives at most `step` bytes at once, of `sizeBytes` in all; each byte is its offset's lowest. */
class CountingSource implements ByteSource {
  given = 0;
  constructor(readonly sizeBytes: number, readonly step: number) {}

  read(target: Uint8Array): Promise<number | null> {
    const count = Math.min(this.step, target.length, this.sizeBytes - this.given);
    if (count === 0) return Promise.resolve(null);
    for (let index = 0; index < count; index++) target[index] = this.given + index;
    this.given += count;
    return Promise.resolve(count);
  }
}

Deno.test("content is the same for any expected size and any chunks", async () => {
  const sizes = [0, 1, 999, 65_536, 65_537, 200_000];
  for (const sizeBytes of sizes) {
    const expected = Uint8Array.from({ length: sizeBytes }, (_, index) => index);
    for (const expectedBytes of [0, 1, sizeBytes, 300_000]) {
      for (const step of [7_777, 1_000_000]) {
        const content = await readToEnd(new CountingSource(sizeBytes, step), 200_000, expectedBytes);
        assert.deepEqual(content, expected, `${sizeBytes} bytes, ${expectedBytes} expected, ${step} a time`);
        assert.equal(content?.buffer.byteLength, sizeBytes);
      }
    }
  }
});

Deno.test("a limit is inclusive", async () => {
  assert.equal((await readToEnd(new CountingSource(10, 3), 10))?.length, 10);
  assert.equal(await readToEnd(new CountingSource(11, 3), 10), undefined);
  assert.equal(await readToEnd(new CountingSource(11, 3), 10, 10), undefined);
});

Deno.test("what has no end is given up one chunk behind the limit", async () => {
  const endless = new CountingSource(Infinity, 1_000_000);
  assert.equal(await readToEnd(endless, 1_000_000), undefined);
  assert.ok(endless.given <= 1_000_000 + 65_536, String(endless.given));
});
