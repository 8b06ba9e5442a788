import assert from "node:assert/strict";
import { harmless, printable, printableExcerpt } from "./printable.ts";

Deno.test("controls, marks of direction, invisible characters and lone surrogates are escaped", () => {
  assert.equal(
    printable("a\x00\x1b[m\x7f\x9b\u200b\u202e\u2028\ufeff\u{e0041}\ud800\r\n"),
    "a\\x00\\x1b[m\\x7f\\x9b\\u{200b}\\u{202e}\\u{2028}\\u{feff}\\u{e0041}\ufffd\\x0d\\x0a",
  );
});

Deno.test("letters of all scripts and emoji stay as they are", () => {
  const text = "Übergröße 請求書 العربية 😀 ❤\ufe0f `|<>\\";
  assert.equal(printable(text), text);
  assert.equal(harmless(text), text);
});

Deno.test("tabs and line ends are harmless, a lone carriage return is not", () => {
  assert.equal(harmless("a\tb\nc\r\nd\re\r"), "a\tb\nc\r\nd\\x0de\\x0d");
});

Deno.test("an excerpt is never longer than its limit and a mark, however much is escaped", () => {
  assert.equal(printableExcerpt("abc", 3), "abc");
  assert.equal(printableExcerpt("abcd", 3), "abc…");
  assert.equal(printableExcerpt("\x1b\x1b", 4), "\\x1b…");
  assert.equal(printableExcerpt("ab😀", 3), "ab\ufffd…");
});
