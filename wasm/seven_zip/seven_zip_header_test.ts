import assert from "node:assert/strict";
import { hasEncryptedHeader } from "./seven_zip_header.ts";
import { fixture, utf8 } from "./testing/archives.ts";

Deno.test("an encrypted header is told from an open one", () => {
  assert.equal(hasEncryptedHeader(fixture("header_encrypted.7z")), true);
  assert.equal(hasEncryptedHeader(fixture("header_encrypted_unpacked.7z")), true);
  assert.equal(hasEncryptedHeader(fixture("encrypted.7z")), false);
  assert.equal(hasEncryptedHeader(fixture("solid.7z")), false);
});

Deno.test("a header that is missing or lies elsewhere is not encrypted", () => {
  const content = fixture("header_encrypted.7z");
  assert.equal(hasEncryptedHeader(content.slice(0, 100)), false);
  assert.equal(hasEncryptedHeader(content.slice(0, 20)), false);
  assert.equal(hasEncryptedHeader(utf8("7z")), false);
  const far = content.slice();
  far.fill(0xff, 12, 20);
  assert.equal(hasEncryptedHeader(far), false);
});
