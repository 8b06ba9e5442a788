import { equal } from "node:assert/strict";
import { textWidth } from "./cell_width.ts";

Deno.test("ASCII, accents and Greek take a cell a character", () => {
  equal(textWidth("report.pdf"), 10);
  equal(textWidth("Übergröße"), 9);
  equal(textWidth("αβγ"), 3);
});

Deno.test("CJK, fullwidth forms and emoji take two cells", () => {
  equal(textWidth("請求書"), 6);
  equal(textWidth("한글"), 4);
  equal(textWidth("ＡＢ"), 4);
  equal(textWidth("😀🎉"), 4);
  equal(textWidth("\u{20000}"), 2);
});

Deno.test("combining marks take no cell", () => {
  equal(textWidth("e\u0301"), 1);
  equal(textWidth("U\u0308ber"), 4);
});

Deno.test("the emoji selector counts, since it widens what it follows", () => {
  equal(textWidth("❤\ufe0f"), 2);
});
