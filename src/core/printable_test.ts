import assert from "node:assert/strict";
import { printable } from "./printable.ts";

Deno.test("what would steer a terminal or disguise a name is escaped, the rest stays", () => {
  assert.equal(printable("\x1b[2Jname\r\n"), "\\x1b[2Jname\\x0d\\x0a");
  assert.equal(printable("invoice\u202Efdp.exe"), "invoice\\u{202e}fdp.exe");
  assert.equal(printable("a\u3164b\u034f"), "a\\u{3164}b\\u{34f}");
  assert.equal(printable("größe 漢字 🦊 ☺\ufe0f"), "größe 漢字 🦊 ☺\ufe0f");
  assert.equal(printable("\ud800"), "\ufffd");
});
