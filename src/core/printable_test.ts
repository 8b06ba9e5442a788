import assert from "node:assert/strict";
import { printable } from "./printable.ts";

Deno.test("what would steer a terminal or disguise a name is escaped, the rest stays", () => {
  assert.equal(printable("\x1b[2Jname\r\n"), "\\x1b[2Jname\\x0d\\x0a");
  assert.equal(printable("invoice\u202Efdp.exe"), "invoice\\u{202e}fdp.exe");
  assert.equal(printable("größe 漢字 🦊"), "größe 漢字 🦊");
  assert.equal(printable("\ud800"), "\ufffd");
});
