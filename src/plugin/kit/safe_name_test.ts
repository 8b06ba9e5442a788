import assert from "node:assert/strict";
import { safeName } from "./safe_name.ts";

const UUID = "6a2cd8cd-ba2a-4a3c-a5f5-0b6f1b7c3d11";

Deno.test("a UUID is a safe name", () => {
  assert.equal(safeName("scan id", UUID), UUID);
});

for (
  const name of [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    ".hidden",
    "a\0",
    "a\n",
    "-rf",
    "x".repeat(129),
    "a.b",
    "é",
  ]
) {
  Deno.test(`${JSON.stringify(name.slice(0, 20))} is no safe name`, () => {
    assert.throws(() => safeName("scan id", name), {
      code: "name-not-safe",
      message: /^name a file by the scan id ".*": must be made of letters, digits, "-" and "_"$/,
    });
  });
}
