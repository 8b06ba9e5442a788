import assert from "node:assert/strict";
import { formatTableOf } from "./format_table.ts";
import type { Manifest } from "./manifest.ts";

const plugin = (name: string, roles: Manifest["roles"], mediaTypes: readonly string[]): Manifest => ({
  name,
  version: "1.0.0",
  description: "For tests",
  roles,
  api: 2,
  media_types: mediaTypes,
});

Deno.test("a format without a parser can hold content, and text can't", () => {
  const table = formatTableOf([]);
  assert.equal(table.canHoldContent("application/pdf"), true);
  assert.deepEqual(table.parsersOf("application/pdf"), []);
  for (const mediaType of ["text/plain", "image/png", "application/octet-stream", "inode/x-empty"]) {
    assert.equal(table.canHoldContent(mediaType), false, mediaType);
  }
});

Deno.test("the workers of a type are those whose manifests declare it", () => {
  const table = formatTableOf([
    plugin("unzip", ["worker"], ["application/zip", "application/x-own"]),
    plugin("unpack", ["worker", "dispatcher"], ["application/zip"]),
    plugin("saver", ["connector"], ["application/zip"]),
  ]);
  assert.deepEqual(table.parsersOf("application/zip"), ["unzip", "unpack"]);
  assert.equal(table.canHoldContent("application/x-own"), true);
});
