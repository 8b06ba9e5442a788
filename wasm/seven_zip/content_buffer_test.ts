import assert from "node:assert/strict";
import { ContentBuffer } from "./content_buffer.ts";

const CHUNK_BYTES = 400_000;

function filled(chunkCount: number, expectedBytes: number): { buffer: ContentBuffer; expected: Uint8Array } {
  const buffer = new ContentBuffer();
  const expected = new Uint8Array(chunkCount * CHUNK_BYTES);
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let index = 0; index < chunkCount; index++) {
    chunk.fill(index + 1);
    expected.set(chunk, index * CHUNK_BYTES);
    buffer.append(chunk, expectedBytes);
  }
  return { buffer, expected };
}

Deno.test("the content is what was appended, whatever size was expected", () => {
  for (const chunkCount of [0, 1, 2, 5]) {
    for (const expectedBytes of [0, 1, 1_200_000, 1_300_000, 2_000_000, 100_000_000, 1e12, Infinity]) {
      const { buffer, expected } = filled(chunkCount, expectedBytes);
      assert.deepEqual(buffer.take(), expected, `${chunkCount} chunks, ${expectedBytes} expected`);
    }
  }
});

Deno.test("the content has a buffer of its own, without room to spare", () => {
  for (const expectedBytes of [0, 2_000_000, 3_000_000]) {
    const content = filled(5, expectedBytes).buffer.take();
    assert.equal(content.buffer.byteLength, 2_000_000);
  }
});
