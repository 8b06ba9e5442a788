import assert from "node:assert/strict";
import { printable, quote } from "./printable.ts";

Deno.test("what would steer a terminal or disguise a name is escaped, the rest stays", () => {
  assert.equal(printable("\x1b[2Jname\r\n"), "\\x1b[2Jname\\x0d\\x0a");
  assert.equal(printable("invoice\u202Efdp.exe"), "invoice\\u{202e}fdp.exe");
  assert.equal(printable("a\u3164b\u034f"), "a\\u{3164}b\\u{34f}");
  assert.equal(printable("größe 漢字 🦊 ☺\ufe0f"), "größe 漢字 🦊 ☺\ufe0f");
  assert.equal(printable("\ud800"), "\ufffd");
});

Deno.test("a quoted value can't steer a terminal, turn text around or hide, and stays JSON", () => {
  assert.equal(quote('a\x1b[31m\n"b'), '"a\\u001b[31m\\n\\"b"');
  const odd = "\x7f\x9b\u202e\u2028\u2066\u200b\u{e0041}\ud800";
  assert.equal(quote(odd), '"\\u007f\\u009b\\u202e\\u2028\\u2066\\u200b\\udb40\\udc41\\ud800"');
  assert.equal(JSON.parse(quote(odd)), odd);
  assert.equal(quote("naïve 猫 😀"), '"naïve 猫 😀"');
  assert.equal(quote({ a: ["\x9b"] }), '{"a":["\\u009b"]}');
  assert.equal(quote(undefined), "undefined");
});
