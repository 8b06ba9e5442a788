import assert from "node:assert/strict";
import type { Problem } from "../../wasm/seven_zip/mod.ts";
import { failureOf } from "./failure.ts";

Deno.test("an error names what it is about, and escapes it", () => {
  const messageOf = (entryCount: number, firstPath?: string, more: Partial<Problem> = {}) => {
    const problem = { entryCount, firstPath, isEntryCountAtLeast: false, offset: undefined, ...more };
    const failure = failureOf({ kind: "damaged", detail: "CRC Failed", ...problem }, {
      isBoundByExpansion: true,
    });
    return typeof failure === "string" ? failure : failure.message;
  };
  assert.equal(messageOf(0), "Cannot fully unpack the archive: CRC Failed");
  assert.equal(messageOf(1), "Cannot fully unpack 1 entry: CRC Failed");
  assert.equal(messageOf(1, "a\n"), 'Cannot fully unpack "a\\n": CRC Failed');
  assert.equal(messageOf(2, "a"), 'Cannot fully unpack "a" and 1 more entry: CRC Failed');
  assert.equal(messageOf(9, "a"), 'Cannot fully unpack "a" and 8 more entries: CRC Failed');
  const atLeast = { isEntryCountAtLeast: true };
  assert.equal(messageOf(9, "a", atLeast), 'Cannot fully unpack "a" and at least 8 more entries: CRC Failed');
  assert.equal(messageOf(1, "a", atLeast), 'Cannot fully unpack "a" and at least 0 more entries: CRC Failed');
  assert.equal(messageOf(2, undefined, atLeast), "Cannot fully unpack at least 2 entries: CRC Failed");
  assert.equal(
    messageOf(0, undefined, { offset: 512 }),
    "Cannot fully unpack the archive: CRC Failed (at offset 512)",
  );
});
