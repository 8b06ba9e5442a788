import assert from "node:assert/strict";
import { baseName, quoted, shortened } from "./label.ts";

Deno.test("a quoted name shows no control character and does not turn text", () => {
  assert.equal(quoted('a"\n\x1b[31m\x7f\x9b'), '"a\\"\\n\\u001b[31m\\u007f\\u009b"');
  assert.equal(quoted("\u202efdp.exe\u2028\u2066"), '"\\u202efdp.exe\\u2028\\u2066"');
  assert.equal(quoted("grün 😀"), '"grün 😀"');
  assert.equal(quoted("x".repeat(500)).length, 202);
});

Deno.test("a name that is cut ends in a mark, and stays well-formed", () => {
  assert.equal(shortened("abc", 3), "abc");
  assert.equal(shortened("abcd", 3), "ab…");
  assert.ok(shortened("a😀b", 3).isWellFormed());
});

Deno.test("the base of a path is its last part, if that can be a name", () => {
  const cases = { "a": "a", "a/b": "b", "a\\b": "b", "/": undefined, "a/..": undefined, "..\\.": undefined };
  for (const [path, base] of Object.entries(cases)) assert.equal(baseName(path), base);
});
