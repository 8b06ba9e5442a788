import assert from "node:assert/strict";
import type { RuleSource } from "./shapes.ts";
import { joinSources, LAST_RULE, literal, locate } from "./text.ts";

function source(text: string, words: readonly string[] = []): RuleSource {
  const conditionWords = words.map((word) => {
    const start = text.indexOf(word);
    return { text: word, start, end: start + word.length };
  });
  const rule = { name: "a", isGlobal: false, tags: [], meta: [], patterns: [], conditionWords };
  return { unit: "u", text, rules: [rule] };
}

Deno.test("values are written as YARA's literals, on one line", () => {
  assert.equal(literal('a"\\\n\x7fé\0'), '"a\\x22\\x5c\\x0a\\x7f\\xc3\\xa9\\x00"');
  assert.equal(literal(""), '""');
  assert.equal(literal(true), "true");
  assert.equal(literal(-5), "(-5)");
  assert.equal(literal(1.5), "(1.5000000000)");
});

Deno.test("external variables are replaced where they are, other words stay", () => {
  const text = joinSources([source("filename == toString and not ext", ["filename", "toString", "ext"])], {
    filename: "x",
    ext: "",
  });
  assert.equal(text, `"x" == toString and not ""\nrule ${LAST_RULE} { condition: true }`);
});

Deno.test("a line of the joined text belongs to a source", () => {
  const sources = [source("1\n2\n3"), source(""), source("5\n6")];
  const places = [0, 1, 3, 4, 5, 6, 7, 99].map((line) => {
    const found = locate(sources, line);
    return [sources.indexOf(found.source), found.line];
  });
  assert.deepEqual(places, [[0, 1], [0, 1], [0, 3], [1, 1], [2, 1], [2, 2], [2, 3], [2, 95]]);
});
