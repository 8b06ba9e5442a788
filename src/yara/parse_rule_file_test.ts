import assert from "node:assert/strict";
import { fc } from "../deps/testing/fast_check.ts";
import { parseRuleFile } from "./parse_rule_file.ts";
import { MAX_SYNTAX_DEPTH } from "./parser.ts";
import type { RuleSyntax } from "./syntax.ts";
import recorded from "./testdata/yara_x_verdicts.json" with { type: "json" };

function ruleOf(source: string): RuleSyntax {
  const { rules, problems } = parseRuleFile(source);
  assert.deepEqual(problems, [], source);
  return rules[0]!;
}

const SAMPLE = `import "pe" // rule no { condition: true }
include "dir/b.yar"
private global rule name_1 : tag1 tag2
{
  meta:
    text = "a \\" quote"
    n = -12
    n = 0x10
    big = 9007199254740993
    flag = true
    ratio = -1.5
  strings:
    $a = "\\x4d\\tZ\\\\" wide ascii xor(1-0x20) private
    $b = { 12 ?A [2-4] (AB | C? ~00) // } "
           /* } */ [-] FF [3] 00 [7-] 01 }
    $ = /a\\/[b]/is fullword nocase
    $c = "abc" base64 base64wide("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,.")
  condition:
    true
}
rule b { condition: name_1 }`;

Deno.test("a file is its rules, imports and includes with their places", () => {
  const { rules, imports, includes, problems } = parseRuleFile(SAMPLE);
  assert.deepEqual(problems, []);
  assert.deepEqual(imports, [{ name: "pe", at: 0 }]);
  const start = SAMPLE.indexOf("include");
  assert.deepEqual(includes, [{ path: "dir/b.yar", start, end: start + 19, line: 2 }]);
  assert.deepEqual(rules.map(({ name, line }) => [name, line]), [["name_1", 3], ["b", 21]]);
  const [first] = rules;
  assert.equal(SAMPLE.slice(first!.start, first!.end).split("\n").length, 18);
  assert.deepEqual([first!.isPrivate, first!.isGlobal, first!.tags], [true, true, ["tag1", "tag2"]]);
});

Deno.test("metadata keeps its order, its repetitions and its types", () => {
  const [{ meta }] = parseRuleFile(SAMPLE).rules as [RuleSyntax];
  assert.deepEqual(meta.map(({ name, value }) => [name, value]), [
    ["text", 'a " quote'],
    ["n", -12],
    ["n", 16],
    ["big", "9007199254740993"],
    ["flag", true],
    ["ratio", -1.5],
  ]);
  assert.equal(SAMPLE.slice(meta[1]!.start, meta[1]!.end), "-12");
  const lines = ruleOf('rule a { meta: a = """two\nlines""" b = "\\xff" condition: true }').meta;
  assert.deepEqual(lines.map(({ value }) => value), ["two\nlines", Uint8Array.of(0xff)]);
});

Deno.test("texts are bytes with their modifiers", () => {
  const [text, , , encoded] = ruleOf(SAMPLE).patterns;
  assert.deepEqual(text, {
    kind: "text",
    identifier: "$a",
    bytes: Uint8Array.of(0x4d, 0x09, 0x5a, 0x5c),
    modifiers: { isWide: true, isAscii: true, xor: { from: 1, to: 32 }, isPrivate: true },
    at: SAMPLE.indexOf("$a"),
  });
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,.";
  assert.deepEqual(encoded!.modifiers, { base64: "", base64wide: alphabet });
  const [umlaut] = ruleOf('rule a { strings: $a = "ä" xor condition: $a }').patterns;
  assert.deepEqual(umlaut?.kind === "text" && umlaut.bytes, Uint8Array.of(0xc3, 0xa4));
  assert.deepEqual(umlaut!.modifiers, { xor: { from: 0, to: 255 } });
});

Deno.test("hex strings are bytes with masks, jumps and alternatives", () => {
  const hex = ruleOf(SAMPLE).patterns[1]!;
  assert.deepEqual(hex.kind === "hex" && hex.tokens, [
    { kind: "byte", value: 0x12, mask: 0xff },
    { kind: "byte", value: 0x0a, mask: 0x0f },
    { kind: "jump", from: 2, to: 4 },
    {
      kind: "alternatives",
      branches: [
        [{ kind: "byte", value: 0xab, mask: 0xff }],
        [{ kind: "byte", value: 0xc0, mask: 0xf0 }, { kind: "byte", value: 0, mask: 0xff, isNegated: true }],
      ],
    },
    { kind: "jump", from: 0 },
    { kind: "byte", value: 0xff, mask: 0xff },
    { kind: "jump", from: 3, to: 3 },
    { kind: "byte", value: 0, mask: 0xff },
    { kind: "jump", from: 7 },
    { kind: "byte", value: 1, mask: 0xff },
  ]);
});

Deno.test("regular expressions keep their source, one character for each byte", () => {
  const regexp = ruleOf(SAMPLE).patterns[2]!;
  assert.deepEqual(regexp.kind === "regexp" && regexp.regexp, {
    source: "a\\/[b]",
    isCaseInsensitive: true,
    isDotAll: true,
  });
  const [umlaut] = ruleOf("rule a { strings: $a = /ä/ condition: $a }").patterns;
  assert.deepEqual(umlaut?.kind === "regexp" && umlaut.regexp, { source: "\xc3\xa4" });
});

Deno.test("a rule that breaks the grammar is left out, all others are read", () => {
  const source = `import pe
rule a { condition: true }
rule b { strings: $a = "x" private $b = "no end condition: $a
}
private rule c { condition: }
rule d { meta: rule = 1 condition: true } }
global private global rule e { condition: true }
import "elf"
rule f { condition: 1 +
rule g { condition: true }
rule h { strings: $ = { 00 ) } condition: $ }
rule i { condition: true } /* rule j { condition: true }`;
  const { rules, imports, problems } = parseRuleFile(source);
  assert.deepEqual(rules.map(({ name }) => name), ["a", "g", "i"]);
  assert.deepEqual(imports.map(({ name }) => name), ["elf"]);
  assert.deepEqual(problems.map(({ rule, line, column, message }) => [rule, line, column, message]), [
    [undefined, 1, 8, 'found "pe", should be the name of a module in quotes'],
    ["b", 3, 41, "a text has no closing quote"],
    ["c", 5, 29, 'found "}", should be an expression'],
    ["d", 6, 16, 'found the keyword "rule", should be the name of an entry'],
    ["e", 7, 16, "a modifier of the rule is repeated"],
    ["f", 10, 1, 'found the keyword "rule", should be an expression'],
    ["h", 11, 28, 'a hex string has ")", should have a byte, "[", "(" or "}"'],
    [undefined, 12, 28, "a comment has no end"],
  ]);
});

Deno.test("a refused rule has the offsets of its text, and its head where the condition alone is wrong", () => {
  const source =
    'rule a : t { strings: $a = "x" condition: $a and } rule b { strings: $a = ; } import "pe" rule c { condition: true }';
  const { rules, refused } = parseRuleFile(source);
  assert.deepEqual(rules.map(({ name }) => name), ["c"]);
  assert.deepEqual(refused.map(({ name, head }) => [name, head?.tags]), [["a", ["t"]], ["b", undefined]]);
  assert.deepEqual(refused.map(({ start, end }) => source.slice(start, end)), [
    'rule a : t { strings: $a = "x" condition: $a and }',
    "rule b { strings: $a = ; }",
  ]);
  assert.equal(source.slice(refused[0]!.head!.conditionAt, refused[0]!.end), " $a and }");
});

/** Text with an include in or behind something, and what of it is included. */
const INCLUDES: readonly (readonly [source: string, ...paths: string[]])[] = [
  ['rule a { meta: b = """one\ntwo""" condition: true } include "b"', "b"],
  ['rule a { strings: $a = "no end\n condition: $a }\ninclude "b"', "b"],
  ['rule a { meta: b = """no end\n condition: true }\ninclude "b"', "b"],
  ['rule a { condition: include "b" } rule c { condition: true }', "b"],
  ['rule a { condition: include "b" and include "c" } include "d"', "b", "c", "d"],
  ['// include "a"\ninclude /* include "c" */ "b" /* include "d" */', "b"],
  [
    'rule a { meta: b = "include \\"c\\"" strings: $include = /include "d"/ condition: $include } include\n"b"',
    "b",
  ],
  ['rule include_not { condition: true } include """b"""', "b"],
  ['include "dir\\b.yar"', "dir\\b.yar"],
  ['include b include "c', ...[]],
  ['/* include "b"', ...[]],
];

for (const [source, ...paths] of INCLUDES) {
  Deno.test(`${JSON.stringify(source)} includes ${paths.join(", ") || "nothing"}`, () => {
    assert.deepEqual(parseRuleFile(source).includes.map(({ path }) => path), paths);
  });
}

Deno.test("the rest of a broken rule behind an include is part of the include, and no problem of its own", () => {
  const source = 'rule a { condition: include "b" } rule c { condition: true } }';
  const { rules, includes: [include], problems } = parseRuleFile(source);
  assert.deepEqual(rules.map(({ name }) => name), ["c"]);
  assert.equal(source.slice(include!.start, include!.end), 'include "b" }');
  assert.deepEqual(problems.map(({ rule, message }) => [rule, message]), [
    ["a", 'found the keyword "include", should be an expression'],
    [undefined, 'found "}", should be "rule", "import" or "include"'],
  ]);
});

Deno.test("property: no text makes the parser throw", () => {
  const words = recorded.flatMap(([source]) => source!.split(/(?=[ (){}])/));
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 }))).map((parts) => parts.join("")),
  );
  const hasSpans = (source: string) => {
    const { rules, refused, includes } = parseRuleFile(source);
    for (const { start, end } of [...rules, ...refused, ...includes]) {
      assert.ok(0 <= start && start < end && end <= source.length, source);
    }
  };
  fc.assert(fc.property(text, hasSpans), { seed: 1, numRuns: 2000 });
});

Deno.test("a rule that ends anywhere gives problems with places in the text", () => {
  for (const [source] of recorded) {
    for (let size = 0; size < source!.length; size++) {
      for (const { at, line, column } of parseRuleFile(source!.slice(0, size)).problems) {
        assert.ok(at <= size && line >= 1 && column >= 1);
      }
    }
  }
});

Deno.test("nesting ends at the limit with a problem", () => {
  const deep = (open: string, inner: string, close: string, levels: number) =>
    parseRuleFile(`rule a { condition: ${open.repeat(levels)}${inner}${close.repeat(levels)} }`);
  const shapes = [
    ["(", "true", ")"],
    ["(", "1", ")"],
    ["not ", "true", ""],
    ["defined ", "true", ""],
    ["-", "1", ""],
    ["~", "1", ""],
    ["a(", "1", ")"],
    ["a[", "1", "]"],
    ["1 + (", "1", ")"],
    ["1 == -(", "1", ")"],
    ["@a[", "1", "]"],
    ["#a in (0..", "1", ")"],
    ["1 of (", "true", ")"],
    ["for any i in (1) : (", "true", ")"],
    ["for any i in (", "1", ") : (true)"],
    ["with a = 1 : (", "true", ")"],
    ["", "1", " + 1"],
    ["", "a", ".a"],
    ["", "1", " == 1"],
    ["1 of (not (", "true", "))"],
  ] as const;
  for (const [open, inner, close] of shapes) {
    const { rules, problems } = deep(open, inner, close, 50_000);
    assert.equal(rules.length, 0, open + close);
    assert.equal(problems.length, 1, open + close);
    assert.match(problems[0]!.message, /nested too deep, the limit is 256 levels|should be/, open + close);
  }
  assert.equal(deep("(", "true", ")", MAX_SYNTAX_DEPTH).rules.length, 1);
  assert.equal(deep("(", "true", ")", MAX_SYNTAX_DEPTH + 1).rules.length, 0);
  assert.equal(deep("", "1", " + 1", MAX_SYNTAX_DEPTH).rules.length, 1);
  assert.equal(deep("", "1", " + 1", MAX_SYNTAX_DEPTH + 1).rules.length, 0);
  const hex = (levels: number) =>
    `rule a { strings: $a = { ${"(".repeat(levels)} 00 ${")".repeat(levels)} } condition: $a }`;
  assert.equal(parseRuleFile(hex(MAX_SYNTAX_DEPTH)).rules.length, 1);
  assert.equal(parseRuleFile(hex(50_000)).problems.length, 1);
});

Deno.test("a long chain of and, or and commas is flat", () => {
  const { condition } = ruleOf(`rule a { condition: ${"true and ".repeat(100_000)} true }`);
  assert.equal(condition.op === "and" && condition.operands.length, 100_001);
  assert.equal(ruleOf(`rule a { condition: ${"a or ".repeat(100_000)} a }`).condition.op, "or");
  assert.equal(ruleOf(`rule a { condition: 1 of (${"a, ".repeat(100_000)} a) }`).condition.op, "of");
});

Deno.test("a megabyte of anything is read in one pass", () => {
  // Each would take minutes if it was quadratic, and the runner of the tests would stop it.
  const pieces = [
    "(",
    "/* ",
    '"',
    '"\\"',
    "/\\/",
    "rule ",
    "private ",
    "rule a ",
    "rule a { condition: ",
    '"""',
    '"""\\"',
    "{",
    "$a = { ",
    "$",
    "1",
    "0x",
    "\ud800",
    "import ",
    'import "a" ',
    "rule a{condition:true}",
    "//",
    "/a",
    "\n",
    "rule a { strings: $a = { 00",
    "(1)",
    "1 of ($a, ",
    "1 .",
    "rule a { condition: 1 of ($a, $a, ",
    "1 % ",
    "rule a { condition: a ",
    "/* */ ",
    "rule a { meta: a = 1 ",
  ];
  for (const piece of pieces) {
    const { rules } = parseRuleFile(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    assert.ok(rules.length === 0 || piece === "rule a{condition:true}", piece);
  }
});
