import assert from "node:assert/strict";
import { ContentDigests, MAX_DIGESTED_BYTES, MAX_DIGESTS } from "./content_digests.ts";

Deno.test("a digest is computed once for each part", () => {
  const asked: string[] = [];
  const digests = new ContentDigests(Uint8Array.of(1, 2, 3), (algorithm, bytes) => {
    asked.push(`${algorithm} ${[...bytes]}`);
    return "ab";
  });
  assert.equal(digests.of("md5", 1, 2), "ab");
  assert.equal(digests.of("md5", 1, 2), "ab");
  assert.equal(digests.of("sha1", 1, 2), "ab");
  assert.equal(digests.of("crc32", 1, 2), undefined);
  assert.deepEqual(asked, ["md5 2,3", "sha1 2,3"]);
});

Deno.test("digests beyond the limits are not computed", () => {
  const content = new Uint8Array(MAX_DIGESTED_BYTES / 2);
  const large = new ContentDigests(content, () => "");
  assert.equal(large.of("md5", 0, content.length), "");
  assert.equal(large.of("sha1", 0, content.length), "");
  assert.equal(large.of("sha256", 0, 1), undefined);
  const many = new ContentDigests(content, () => "");
  for (let i = 0; i < MAX_DIGESTS; i++) assert.equal(many.of("md5", i, 0), "");
  assert.equal(many.of("md5", MAX_DIGESTS, 0), undefined);
});
