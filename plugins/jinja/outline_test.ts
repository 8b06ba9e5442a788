import assert from "node:assert/strict";
import { DEFAULT_OUTLINE_LINES, outline } from "./outline.ts";

Deno.test("records are a key a line, nested ones indented, lists of records with dashes", () => {
  const value = {
    name: "x",
    empty: "",
    nothing: null,
    none: [],
    list: [1, true, "a"],
    records: [{ a: 1, b: { c: 2 } }, "text"],
    nested: [[1, [2, { d: 3 }]]],
  };
  assert.equal(
    outline(value),
    [
      "name: x",
      'empty: ""',
      "nothing: null",
      "none: none",
      "list: 1, true, a",
      "records:",
      "  - a: 1",
      "    b:",
      "      c: 2",
      "  - text",
      "nested:",
      "  - - 1",
      "    - - 2",
      "      - d: 3",
    ].join("\n"),
  );
});

Deno.test("values without parts are one line", () => {
  assert.equal(outline("a\nb"), "a\\x0ab");
  assert.equal(outline(12), "12");
  assert.equal(outline(null), "null");
  assert.equal(outline({}), "none");
  assert.equal(outline({ base64: "//4=" }), "base64 //4=");
  assert.equal(outline({ base64: 1 }), "base64: 1");
});

Deno.test("long values, long keys, many items and deep nesting are cut", () => {
  assert.equal(outline({ ["k".repeat(100)]: "v".repeat(500) }), `${"k".repeat(60)}…: ${"v".repeat(160)}…`);
  assert.equal(outline([1, 2, 3, 4, 5, 6, 7, 8, 9], 3), "- 1\n- 2\n- 3\n…");
  assert.equal(outline([1, 2, 3, 4, 5, 6, 7, 8, 9], 9).endsWith("- 9"), true);
  assert.equal(outline(Array.from({ length: 1e6 }, () => "x")).split("\n").length, DEFAULT_OUTLINE_LINES + 1);
  let deep: unknown = "end";
  for (let depth = 0; depth < 90; depth++) deep = { deep };
  assert.match(outline(deep), /^deep:\n(?: +deep:\n)+ +deep: \{1\}$/);
});

Deno.test("a line of a text never becomes a line of the outline", () => {
  assert.equal(outline({ "a\nb": ["c\nd", { e: "f\rg" }] }).split(/[\r\n]/).length, 3);
});
