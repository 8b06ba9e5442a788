import assert from "node:assert/strict";
import { prepareRules } from "./prepare.ts";

function prepare(...texts: string[]) {
  return prepareRules({
    problems: [],
    pieces: texts.map((text, i) => ({ file: `/${i}`, root: `/${i}`, firstLine: 10 * i + 1, text })),
  });
}

Deno.test("a piece that a compiler may see keeps its text and has its rules", () => {
  const { pieces, problems } = prepare("rule a { condition: true }");
  assert.deepEqual(problems, []);
  assert.equal(pieces[0]!.text, "rule a { condition: true }");
  assert.deepEqual(pieces[0]!.rules.map((rule) => rule.name), ["a"]);
});

Deno.test("a file with an open end is left out, with the line in the file", () => {
  const { pieces, problems } = prepare("rule a { condition: true }", "\n\n/* rule b { condition: true }");
  assert.deepEqual(pieces.map(({ file }) => file), ["/0"]);
  assert.deepEqual(problems, [{ file: "/1", line: 13, message: "unterminated comment" }]);
});

Deno.test("all pieces of a file with a problem are left out", () => {
  const piece = (text: string) => ({ file: "/a", root: "/a", firstLine: 1, text });
  const { pieces } = prepareRules({
    problems: [],
    pieces: [piece("rule a { condition: true }"), piece('"')],
  });
  assert.deepEqual(pieces, []);
});

Deno.test("a NUL character, at which libyara would stop without a word, is a problem", () => {
  assert.match(prepare("rule a { condition: true }\0 rule b").problems[0]!.message, /NUL character/);
});

Deno.test("bytes that are no UTF-8 matter in strings and not in comments", () => {
  assert.deepEqual(prepare("// \ufffd\nrule a { condition: true }").problems, []);
  const { problems } = prepare('rule a {\n strings: $a = "\ufffd" condition: $a }');
  assert.deepEqual(problems, [{ file: "/0", line: 2, message: "the text is not valid UTF-8, should be" }]);
});

Deno.test("an integer that JavaScript would round is handed over as a string, on its line", () => {
  const source = "rule a { meta: x = 9007199254740993\n y = -9223372036854775807 z = 5 condition: true }";
  const { pieces } = prepare(source);
  assert.equal(
    pieces[0]!.text,
    'rule a { meta: x = "9007199254740993"\n y = "-9223372036854775807" z = 5 condition: true }',
  );
  const [rule] = pieces[0]!.rules;
  assert.deepEqual(rule!.meta.map(({ value }) => value), ["9007199254740993", "-9223372036854775807", 5]);
  assert.equal(pieces[0]!.text.slice(rule!.conditionWords[0]!.start), "true }");
});
