import assert from "node:assert/strict";
import { failureOf } from "./failure.ts";

Deno.test("an error names what it is about, and escapes it", () => {
  const messageOf = (entryCount: number, firstPath?: string) => {
    const failure = failureOf({ kind: "damaged", detail: "CRC Failed", entryCount, firstPath }, {
      isBoundByExpansion: true,
    });
    return typeof failure === "string" ? failure : failure.message;
  };
  assert.equal(messageOf(0), "Cannot fully unpack the archive: CRC Failed");
  assert.equal(messageOf(1), "Cannot fully unpack 1 entry: CRC Failed");
  assert.equal(messageOf(1, "a\n"), 'Cannot fully unpack "a\\n": CRC Failed');
  assert.equal(messageOf(2, "a"), 'Cannot fully unpack "a" and 1 more entry: CRC Failed');
  assert.equal(messageOf(9, "a"), 'Cannot fully unpack "a" and 8 more entries: CRC Failed');
});
