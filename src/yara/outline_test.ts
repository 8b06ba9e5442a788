import assert from "node:assert/strict";
import { tokenize } from "./lexer.ts";
import { outlineOf } from "./outline.ts";

function outline(source: string) {
  return outlineOf(tokenize(source));
}

Deno.test("an outline has names, modifiers, tags and places of the rules", () => {
  const source = "// c\nrule a { condition: true }\nprivate\n global rule b : t1 t2 { condition: a }";
  const rules = outline(source).rules.map(({ name, start, line, isPrivate, isGlobal, tags }) => (
    { name, start, line, isPrivate, isGlobal, tags }
  ));
  assert.deepEqual(rules, [
    { name: "a", start: 5, line: 2, isPrivate: false, isGlobal: false, tags: [] },
    { name: "b", start: 32, line: 4, isPrivate: true, isGlobal: true, tags: ["t1", "t2"] },
  ]);
});

Deno.test("metadata has the types and the order of the text", () => {
  const source =
    `rule a { meta: s = "x\\x41\\n" b = "\\xff" i = -5 h = 0x10 o = 0o17 k = 2KB m = 1MB f = 1.5 t = true
    n = false s = "again" w = 9223372036854775807 v = -9007199254740993 condition: true }`;
  const entries = outline(source).rules[0]!.meta;
  assert.deepEqual(entries.map(({ name, value }) => [name, value]), [
    ["s", "xA\n"],
    ["b", Uint8Array.of(0xff)],
    ["i", -5],
    ["h", 16],
    ["o", 15],
    ["k", 2048],
    ["m", 1048576],
    ["f", 1.5],
    ["t", true],
    ["n", false],
    ["s", "again"],
    ["w", "9223372036854775807"],
    ["v", "-9007199254740993"],
  ]);
  const texts = entries.map(({ start, end }) => source.slice(start, end));
  assert.deepEqual([texts[0], texts[2], texts[12]], ['"x\\x41\\n"', "-5", "-9007199254740993"]);
});

Deno.test("patterns are listed without private ones, whatever their modifiers", () => {
  const source = `rule a { strings:
    $a = "x" xor(1-0xff) private wide
    $b = { 00 } private
    $c = /x{2}/is fullword
    $ = "y" base64("alphabet") ascii
    condition: any of them }`;
  assert.deepEqual(outline(source).rules[0]!.patterns, ["$c", "$"]);
});

Deno.test("words of a condition are all but members, with their places", () => {
  const source = "rule a { meta: filename = 1 condition: filename == pe.filename and not ext }";
  const words = outline(source).rules[0]!.conditionWords;
  assert.deepEqual(words.map(({ text }) => text), ["filename", "pe", "and", "not", "ext"]);
  assert.deepEqual(words.map(({ start, end }) => source.slice(start, end)), words.map(({ text }) => text));
});

Deno.test("an include counts outside of rules, comments and strings alone", () => {
  const source = `// include "a"
    include "b.yar" /* include "c" */
    rule include_not { meta: x = "include \\"d\\"" strings: $a = /include "e"/ condition: true }
    include
    "../f.yar"`;
  const { includes } = outline(source);
  assert.deepEqual(includes.map(({ text, line }) => [text, line]), [["b.yar", 2], ["../f.yar", 4]]);
  assert.equal(source.slice(includes[1]!.start, includes[1]!.end), 'include\n    "../f.yar"');
});

Deno.test("a text that breaks the grammar gives what can be made out", () => {
  const names = (source: string) => outline(source).rules.map((rule) => rule.name);
  assert.deepEqual(names("rule { condition: true } rule b { condition: true }"), ["b"]);
  assert.deepEqual(names("rule a { meta: x = ] condition: true } rule b { condition: true }"), ["a", "b"]);
  assert.deepEqual(names("private rule"), []);
  assert.deepEqual(names("rule a { strings: condition: } rule"), ["a"]);
});

Deno.test("a rule that ends anywhere gives no more rules than it has", () => {
  const source = 'private rule a : t { meta: x = -5 strings: $a = "x" private condition: $a } include "b"';
  for (let size = 0; size <= source.length; size++) {
    const { rules, includes } = outline(source.slice(0, size));
    assert.ok(rules.length <= 1 && includes.length <= 1, `at ${size}`);
    if (rules[0]) assert.equal(rules[0].name, "a");
  }
});

Deno.test("imports are listed as often as they are written", () => {
  const source = 'import "pe" // import "elf"\nimport"math" import "pe" rule a { condition: true }';
  assert.deepEqual(outline(source).imports, ["pe", "math", "pe"]);
});
