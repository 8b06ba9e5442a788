import assert from "node:assert/strict";
import { TextLines } from "./text_lines.ts";
import { utf8 } from "./testing/archives.ts";

function linesOf(chunks: readonly (string | Uint8Array)[], flushEach = false): string[] {
  const lines: string[] = [];
  const reader = new TextLines((line) => lines.push(line));
  for (const chunk of chunks) {
    reader.push(typeof chunk === "string" ? utf8(chunk) : chunk);
    if (flushEach) reader.flush();
  }
  reader.finish();
  return lines;
}

Deno.test("lines are the same, however they arrive", () => {
  for (const flushEach of [false, true]) {
    assert.deepEqual(linesOf(["a", "b\n", "\nc\nd"], flushEach), ["ab", "", "c", "d"]);
    assert.deepEqual(linesOf([utf8("é").subarray(0, 1), utf8("é").subarray(1), "\n"], flushEach), ["é"]);
    assert.deepEqual(linesOf([], flushEach), []);
  }
});

Deno.test("lines may be longer than the buffer", () => {
  const long = "x".repeat(200_000);
  assert.deepEqual(linesOf(["a\n", long, "\nb", long, "\n"]), ["a", long, `b${long}`]);
});

Deno.test("what is no UTF-8 is replaced", () => {
  assert.deepEqual(linesOf([Uint8Array.of(0xff, 0x61, 0x0a)]), ["\ufffda"]);
});
