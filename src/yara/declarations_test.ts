import assert from "node:assert/strict";
import { readDeclarations } from "./declarations.ts";

function declare(...texts: string[]) {
  return readDeclarations({
    problems: [],
    pieces: texts.map((text, i) => ({ file: `/${i}`, root: `/${i}`, firstLine: 10 * i + 1, text })),
  });
}

function ruleOf(source: string) {
  const { pieces, problems } = declare(source);
  assert.deepEqual(problems, []);
  assert.equal(pieces[0]!.text, source);
  return pieces[0]!.rules[0]!;
}

Deno.test("a piece keeps its text and has its rules and imports", () => {
  const text =
    'import "pe" // import "elf"\nglobal rule a : t { condition: true } import"math" private rule b { condition: a }';
  const { pieces, problems } = declare(text);
  assert.deepEqual(problems, []);
  assert.equal(pieces[0]!.text, text);
  const rules = pieces[0]!.rules.map(({ name, isGlobal, tags }) => [name, isGlobal, tags]);
  assert.deepEqual(rules, [["a", true, ["t"]], ["b", false, []]]);
  assert.deepEqual(pieces[0]!.imports, ["pe", "math"]);
});

Deno.test("patterns are listed without private ones, whatever their modifiers", () => {
  const { patterns } = ruleOf(`rule a { strings:
    $a = "x" xor(1-0xff) private wide
    $b = { 00 } private
    $c = /x{2}/is fullword
    $ = "y" base64("alphabet") ascii
    condition: any of them }`);
  assert.deepEqual(patterns, ["$c", "$"]);
});

Deno.test("words of a condition are all but members, keywords and words in texts, with their offsets", () => {
  const source = 'rule a { meta: filename = 1 condition: filename == pe.filename and not ext == "owner" }';
  const words = ruleOf(source).conditionWords;
  assert.deepEqual(words.map(({ text }) => text), ["filename", "pe", "ext"]);
  assert.deepEqual(words.map(({ start, end }) => source.slice(start, end)), words.map(({ text }) => text));
});

Deno.test("a condition that our grammar refuses is left to the engine", () => {
  const source =
    'rule ab { condition: true } rule b { strings: $a = "x" condition: $a and filename == "" and 1 of (a*) }';
  const { pieces, problems } = declare(source);
  assert.deepEqual(problems, []);
  const [, rule] = pieces[0]!.rules;
  assert.deepEqual([rule!.name, rule!.patterns], ["b", ["$a"]]);
  assert.deepEqual(rule!.conditionWords.map(({ text }) => text), ["filename", "a"]);
});

Deno.test("a file with a rule whose strings can't be read is left out with all its pieces", () => {
  const piece = (text: string) => ({ file: "/a", root: "/a", firstLine: 1, text });
  const { pieces, problems } = readDeclarations({
    problems: [],
    pieces: [piece("rule a { condition: true }"), piece("rule b {\n strings: $a = ; condition: $a }")],
  });
  assert.deepEqual(pieces, []);
  const message = 'found ";", should be a text, a regular expression or a hex string';
  assert.deepEqual(problems, [{ file: "/a", line: 2, message }]);
});

Deno.test("a file with an open end is left out, with the line in the file", () => {
  const { pieces, problems } = declare("rule a { condition: true }", "\n\n/* rule b { condition: true }");
  assert.deepEqual(pieces.map(({ file }) => file), ["/0"]);
  assert.deepEqual(problems, [{ file: "/1", line: 13, message: "a comment has no end" }]);
});

Deno.test("a file whose rule is not closed is left out: the next file would be part of the rule", () => {
  const { pieces, problems } = declare("\nrule a {\n condition: { }", "rule b { condition: true }");
  assert.deepEqual(pieces.map(({ file }) => file), ["/1"]);
  assert.deepEqual(problems, [{ file: "/0", line: 2, message: "a rule has no closing brace" }]);
});

Deno.test("a NUL character, at which libyara would stop without a word, is a problem", () => {
  assert.match(declare("rule a { condition: true }\0 rule b").problems[0]!.message, /NUL character/);
});

Deno.test("bytes that are no UTF-8 matter in strings and not in comments", () => {
  assert.deepEqual(declare("// \ufffd\nrule a { condition: true }").problems, []);
  const { problems } = declare('rule a {\n strings: $a = "\ufffd" condition: $a }');
  assert.deepEqual(problems, [{ file: "/0", line: 2, message: "the text is not valid UTF-8, should be" }]);
});

Deno.test("an integer that JavaScript would round is handed over as a text, on its line", () => {
  const source =
    "rule a { meta: x = 9007199254740993\n y = -9223372036854775807 z = 5 condition: true and b }";
  const { pieces } = declare(source);
  assert.equal(
    pieces[0]!.text,
    'rule a { meta: x = "9007199254740993"\n y = "-9223372036854775807" z = 5 condition: true and b }',
  );
  const [rule] = pieces[0]!.rules;
  assert.deepEqual(rule!.meta.map(({ value }) => value), ["9007199254740993", "-9223372036854775807", 5]);
  assert.equal(pieces[0]!.text.slice(rule!.conditionWords[0]!.start), "b }");
});
