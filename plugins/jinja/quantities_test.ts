import assert from "node:assert/strict";
import { base64Of, counted, hexadecimal, humanSize } from "./quantities.ts";

Deno.test("sizes have up to three digits in units of 1000", () => {
  const sizes = [0, 999, 1000, 97_792, 999_949, 999_950, 1e6, 4e8, 1e20];
  assert.deepEqual(
    sizes.map(humanSize),
    ["0 B", "999 B", "1.0 kB", "97.8 kB", "1.0 MB", "1.0 MB", "1.0 MB", "400 MB", "100000 PB"],
  );
  assert.equal(humanSize("12"), "");
});

Deno.test("counts agree with their noun", () => {
  assert.deepEqual([0, 1, 2, 1_234_567].map((count) => counted(count, "byte")), [
    "0 bytes",
    "1 byte",
    "2 bytes",
    "1,234,567 bytes",
  ]);
  assert.equal(counted(null, "byte"), "");
});

Deno.test("hexadecimal digits of numbers, text and bytes, nothing of what only looks like bytes", () => {
  assert.equal(hexadecimal(255), "ff");
  assert.equal(hexadecimal("MZ"), "4d5a");
  assert.equal(hexadecimal({ base64: "//4AgA==" }), "fffe0080");
  assert.equal(hexadecimal({ base64: "//4AgA==" }, 2), "fffe…");
  for (
    const value of [1.5, null, [], { base64: "*" }, { base64: "abc" }, { base64: "QUJD=" }, { base64: "=" }]
  ) {
    assert.equal(hexadecimal(value), "");
  }
});

Deno.test("only a record of base64 alone stands for bytes", () => {
  assert.equal(base64Of({ base64: "AA==" }), "AA==");
  assert.equal(base64Of({ base64: "AA==", more: 1 }), undefined);
  assert.equal(base64Of(["AA=="]), undefined);
});
