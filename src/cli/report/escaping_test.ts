import { equal, ok } from "node:assert/strict";
import { escapeName, escapeText } from "./escaping.ts";

Deno.test("control, bidirectional and invisible characters are spelled out", () => {
  equal(escapeText("a\x1b[2J\nb"), "a\\x1b[2J\\x0ab");
  equal(escapeText("invoice\u202efdp.exe"), "invoice\\u{202e}fdp.exe");
  equal(escapeText("a\u3164b\u034fc\u115f"), "a\\u{3164}b\\u{34f}c\\u{115f}");
});

Deno.test("lone surrogates are replaced", () => {
  equal(escapeText("a\ud800b"), "a\ufffdb");
});

Deno.test("emoji with their selector stay as they are", () => {
  equal(escapeText("❤\ufe0f 😀"), "❤\ufe0f 😀");
});

Deno.test("marks of which a script has more than it needs are cut", () => {
  equal(escapeText(`o${"\u0300".repeat(500)}.exe`), "o\u0300\u0300\u0300\u0300….exe");
  equal(escapeText("e\u0301\u0323"), "e\u0301\u0323");
});

Deno.test("escaping twice is escaping once", () => {
  const once = escapeText(`\x9b\u2028\u3164o${"\u0300".repeat(9)}`);
  equal(escapeText(once), once);
});

Deno.test("a name whose blanks look like columns is put in quotes", () => {
  equal(escapeName("a.txt      12 B  text/plain"), '"a.txt      12 B  text/plain"');
  equal(escapeName(" a"), '" a"');
  equal(escapeName("a b.txt"), "a b.txt");
});

Deno.test("a name of megabytes keeps its start and its end", () => {
  const name = escapeName(`start${"x".repeat(1_000_000)}.pdf.exe`);
  ok(name.length < 3_000);
  ok(name.startsWith("start") && name.endsWith(".pdf.exe"));
});
