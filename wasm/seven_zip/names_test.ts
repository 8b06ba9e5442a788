import assert from "node:assert/strict";
import { INPUT_PATH } from "./guest_files.ts";
import { bytesUnlessUtf8, EntryIndex, storedName, writtenPath } from "./names.ts";
import { utf8 } from "./testing/archives.ts";

Deno.test("a written path has the log's parts and the disk's characters", () => {
  const cases: readonly (readonly [printed: string | undefined, onDisk: string, written: string])[] = [
    ["a/b", "a/b", "a/b"],
    ["a_b", "a\nb", "a\nb"],
    ["../../x_y", "x\ty", "../../x\ty"],
    ["/a//./b", "a/b", "/a//./b"],
    ["up/..", "up/_", "up/.."],
    ["", "_", ""],
    [undefined, "a", "a"],
    // What does not fit together is not mixed.
    ["a/b", "c", "a/b"],
    ["../b", "c/d", "../b"],
    ["a", "b/c", "a"],
  ];
  for (const [printed, onDisk, written] of cases) assert.equal(writtenPath(printed, utf8(onDisk)), written);
});

Deno.test("a name that 7-Zip made of the input's is no name", () => {
  const made = INPUT_PATH.slice(1);
  for (const name of ["", made, `${made}~`, `${made}.tar`]) assert.equal(storedName(name), undefined);
  assert.equal(storedName("payload"), "payload");
});

Deno.test("entries are found by path, each of several once, in order", () => {
  const index = new EntryIndex(["a", "b", "a", undefined]);
  assert.equal(index.peek("a"), 0);
  assert.deepEqual([index.take("a"), index.take("a"), index.take("a")], [0, 2, undefined]);
  assert.equal(index.take(INPUT_PATH.slice(1)), 3);
  assert.equal(index.take("c"), undefined);
});

Deno.test("bytes are kept of names that are no UTF-8 alone", () => {
  assert.equal(bytesUnlessUtf8(utf8("ä")), undefined);
  assert.deepEqual(bytesUnlessUtf8(Uint8Array.of(0xff)), Uint8Array.of(0xff));
});
