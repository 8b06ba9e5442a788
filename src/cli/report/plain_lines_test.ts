import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Plain } from "../../core/contract/plain.ts";
import { MAX_RESULT_LINES, plainLines } from "./plain_lines.ts";
import { paintLine } from "./styled_text.ts";

const render = (value: Plain, columns = 60) =>
  plainLines("worker", value, columns).map((spans) => paintLine(spans, false));

Deno.test("a record of short values is one line", () => {
  deepEqual(render({ entropy: 3.664_251_93, ok: true, none: null, empty: "" }), [
    'worker: entropy=3.66425, ok=true, none=null, empty=""',
  ]);
});

Deno.test("a record that is too wide has a line for each key", () => {
  deepEqual(render({ first: "a".repeat(30), second: "b".repeat(30) }), [
    "worker:",
    `  first: ${"a".repeat(30)}`,
    `  second: ${"b".repeat(30)}`,
  ]);
});

Deno.test("short items of a list are joined, and what is left is counted", () => {
  deepEqual(render({ flags: ["a", "b", 3] }), ["worker:", "  flags: a, b, 3"]);
  const lines = render({ numbers: Array.from({ length: 1_000 }, (_, index) => index) });
  ok(lines.length <= 4);
  match(lines.at(-1)!, / … 9\d\d more$/);
});

Deno.test("what is left of a list is counted in a narrow terminal too, for all kinds of items", () => {
  const values = [
    { a_rather_long_name: { another_long_name: Array.from({ length: 99 }, () => "請求書見積書一覧") } },
    { a: { b: { c: Array.from({ length: 99 }, (_, index) => `word${index}`) } } },
    Array.from({ length: 99 }, () => "\x1b\x1b\x1b\x1b"),
  ];
  for (const value of values) {
    match(render(value, 36).join(" "), /… +\d+ more$/);
  }
});

Deno.test("long items of a list have a line each", () => {
  const urls = Array.from({ length: 45 }, (_, index) => `http://bad.example.net/${index}/update.bin`);
  const lines = render({ url: urls });
  equal(lines[2], "    http://bad.example.net/0/update.bin");
  equal(lines.at(-1), "    … 37 more");
});

Deno.test("records in a list have a line each, and below it what is inside them", () => {
  deepEqual(
    render({ sections: [{ name: ".text", size: 1, hashes: { md5: "x" }, flags: [1, 2], tags: [] }] }),
    [
      "worker:",
      "  sections:",
      "    name=.text, size=1",
      "      hashes: md5=x",
      "      flags: 1, 2",
    ],
  );
  deepEqual(render({ a: [{ b: [{ c: [{ d: 1 }] }] }] }).at(-1), "        c=[1]");
  deepEqual(render({ strings: [[16, "$a", "text"], [17, { b: 1 }]] }), [
    "worker:",
    "  strings:",
    "    16, $a, text",
    "    [2]",
  ]);
});

Deno.test("a text of several lines shows the first ones", () => {
  const lines = render({ body: "one\n\tthree\n".repeat(20) });
  deepEqual(lines.slice(0, 4), ["worker:", "  body:", "    one", "        three"]);
  equal(lines.at(-1), "    … 34 more lines");
});

Deno.test("bytes are excerpts", () => {
  deepEqual(render({ head: new Uint8Array([0x4d, 0x5a, 0x90]), text: new TextEncoder().encode("hi") }), [
    'worker: head=4d 5a 90, text="hi"',
  ]);
});

Deno.test("results that are no record stand behind the worker's name", () => {
  deepEqual(render("clean"), ["worker: clean"]);
  deepEqual(render([]), ["worker: none"]);
  deepEqual(render([["a"], ["b"]]), ["worker:", "  a", "  b"]);
});

Deno.test("much of everything takes few lines, and the cut is marked", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`key${index}`, "v".repeat(200)]),
  );
  for (const value of [wide, { a: wide, b: wide }, Array.from({ length: 500 }, () => wide)]) {
    const lines = render(value);
    ok(lines.length <= MAX_RESULT_LINES + 1);
    ok(lines.at(-1)!.includes("…"));
  }
});

Deno.test("nesting is followed only so far", () => {
  let value: Plain = "end";
  for (let depth = 0; depth < 90; depth++) value = { a: value, b: "b".repeat(100) };
  const lines = render(value);
  ok(lines.some((text) => text.trim() === "a: {2}"), lines.join("\n"));
});
