import assert from "node:assert/strict";
import { joined, tarOf, utf8 } from "./testing/archives.ts";
import { findTarHeader } from "./tar_header.ts";

const TAR = tarOf([{ name: "a", data: utf8("1") }, { name: "b", data: utf8("2") }]);

Deno.test("headers are found at blocks, from where the search begins", () => {
  assert.equal(findTarHeader(TAR, 0), 0);
  assert.equal(findTarHeader(TAR, 512), 1024);
  assert.equal(findTarHeader(joined(new Uint8Array(7), TAR), 7), 7);
});

Deno.test("a header whose checksum is wrong, zeros and text are none", () => {
  const changed = TAR.slice(0, 512);
  changed[0]! ^= 1;
  for (const content of [changed, new Uint8Array(2048), utf8("0".repeat(2048)), new Uint8Array(0)]) {
    assert.equal(findTarHeader(content, 0), undefined);
  }
});
