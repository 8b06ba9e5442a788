import { deepEqual, equal, ok } from "node:assert/strict";
import { cutLine, cutMiddle, cutStart, flowParts, wrapLine } from "./fitting.ts";
import { type Line, line, lineWidth, paintLine, Span } from "./styled_text.ts";

const text = (spans: Line) => paintLine(spans, false);
const wrapped = (content: string, width: number, options = {}) =>
  wrapLine(line(content), width, options).map(text);

Deno.test("a line that fits is left alone", () => {
  equal(text(cutLine(line("abcdef"), 6)), "abcdef");
});

Deno.test("a line is cut by cells, not by characters", () => {
  equal(text(cutLine(line("abcdefg"), 6)), "abcde…");
  equal(text(cutLine(line("請求書一覧"), 6)), "請求…");
  equal(text(cutLine(line("請求書一覧"), 7)), "請求書…");
});

Deno.test("a cut keeps the styles of what is left", () => {
  const cut = cutLine([new Span("abc", "name"), new Span("defgh", "error")], 6);
  deepEqual(cut.map(({ text, style }) => [text, style]), [["abc", "name"], ["de", "error"], [
    "…",
    "secondary",
  ]]);
});

Deno.test("a name keeps its end when its middle is cut", () => {
  equal(cutMiddle(`${"a".repeat(100)}.pdf.exe`, 20), "aaaaaaaaaa…a.pdf.exe");
  equal(cutMiddle("short.exe", 20), "short.exe");
  equal(cutMiddle("請求書見積書一覧.xlsx", 12), "請求書….xlsx");
});

Deno.test("a cut name is never wider than the width", () => {
  for (const name of ["a".repeat(50), "請求書".repeat(20), "e\u0301".repeat(50), "😀".repeat(30)]) {
    for (let width = 0; width < 40; width++) {
      ok(lineWidth(line(cutMiddle(name, width))) <= width, `${name} in ${width}`);
      ok(lineWidth(line(cutStart(name, width))) <= width, `start of ${name} in ${width}`);
    }
  }
});

Deno.test("a long line is wrapped between words", () => {
  deepEqual(wrapped("one two three four", 9), ["one two", "three", "four"]);
  deepEqual(wrapped("one two three four", 9, { indent: 2 }), ["one two", "  three", "  four"]);
});

Deno.test("a word that is too long is broken", () => {
  deepEqual(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
});

Deno.test("what does not fit into the last line is cut", () => {
  deepEqual(wrapped("one two three four five", 9, { maxLines: 2 }), ["one two", "three fo…"]);
});

Deno.test("a digest is broken anywhere and stays complete", () => {
  deepEqual(wrapped("md5    0123456789abcdef", 15, { isHard: true, indent: 7 }), [
    "md5    01234567",
    "       89abcdef",
  ]);
});

Deno.test("wrapping ends in a width that is too small for anything", () => {
  deepEqual(wrapped("請求書", 1), ["請", "求", "書"]);
});

Deno.test("parts flow onto as few lines as they need, without a separator at the edges", () => {
  const parts = ["one", "two", "three", "four"].map((part) => line(part));
  deepEqual(flowParts(parts, 12).map(text), ["one · two", "three · four"]);
  deepEqual(flowParts([], 12), []);
});
