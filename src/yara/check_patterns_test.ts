import assert from "node:assert/strict";
import { patternProblems } from "./check_patterns.ts";
import { parseRuleFile } from "./parse_rule_file.ts";
import { LineFinder } from "./syntax_failure.ts";

/** A rule, and the problems of its patterns as `line:column message`. */
const PROBLEMS: readonly (readonly [source: string, ...problems: string[]])[] = [
  [
    'rule a { strings: $a = "abc" xor nocase condition: any of them }',
    "1:19 pattern $a has xor and nocase, should have one of them",
  ],
  [
    'rule a { strings: $a = "abc" base64 fullword wide xor condition: any of them }',
    "1:19 pattern $a has base64 and fullword, should have one of them",
    "1:19 pattern $a has base64 and xor, should have one of them",
  ],
  [
    "rule a { strings: $a = /abc/ xor base64wide condition: any of them }",
    "1:19 pattern $a is a regular expression with xor, should be one without",
    "1:19 pattern $a is a regular expression with base64wide, should be one without",
  ],
  [
    "rule a { strings: $a = { 00 } ascii nocase condition: any of them }",
    "1:19 pattern $a is a hex string with ascii, should be one without",
    "1:19 pattern $a is a hex string with nocase, should be one without",
  ],
  ["rule a { strings: $a = { 00 } private condition: any of them }"],
  ['rule a { strings: $a = "" condition: any of them }', "1:19 pattern $a is empty, should have a character"],
  [
    'rule a { strings: $a = "ab" base64 condition: any of them }',
    "1:19 pattern $a has 2 bytes, should have 3 for base64",
  ],
  [
    'rule a { strings: $a = "ab" base64wide condition: any of them }',
    "1:19 pattern $a has 2 bytes, should have 3 for base64",
  ],
  [
    'rule a { strings: $a = "abc" xor(3-1) condition: any of them }',
    "1:19 pattern $a has xor from 3 to 1, should not end before it begins",
  ],
  [
    'rule a { strings: $a = "abc" base64("abc") condition: any of them }',
    "1:19 pattern $a has an alphabet of 3 characters, should have 64",
  ],
  [
    'rule a { strings: $a = "abc" base64("éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé") condition: any of them }',
    '1:19 pattern $a has an alphabet with "é", should be of printable ASCII without "="',
  ],
  [
    'rule a { strings: $a = "abc" base64("================================================================") condition: any of them }',
    '1:19 pattern $a has an alphabet with "=", should be of printable ASCII without "="',
  ],
  [
    'rule a { strings: $a = "abc" base64wide("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") condition: any of them }',
    "1:19 pattern $a has an alphabet with a character twice, should have each once",
  ],
  [
    'rule a { strings: $a = "abc" $a = "abd" condition: any of them }',
    "1:30 pattern $a is declared twice, should have a name of its own",
  ],
  ['rule a { strings: $ = "abc" $ = "abd" condition: any of them }'],
  [
    "rule a { strings: $a = { 00 [4-2] 01 (02 [0] 03 | ~??) } condition: any of them }",
    "1:19 pattern $a has a jump from 4 to 2 bytes, should not end before it begins",
    "1:19 pattern $a has a jump over no bytes, should have none",
    "1:19 pattern $a has ~??, should have ?? or a byte behind ~",
  ],
  ["rule a { strings: $a = { 00 [5-2] [3-9] 01 } condition: any of them }"],
  [
    "rule a { strings: $a = { 00 [0] [0] 01 } condition: any of them }",
    "1:19 pattern $a has a jump over no bytes, should have none",
  ],
  ["rule a { strings: $a = { 00 [-0] [2-] 01 } condition: any of them }"],
  [
    "rule a { strings: $a = { 00 [4294967295] [2] 01 } condition: any of them }",
    "1:19 pattern $a has a jump over 4294967297 bytes, should have at most 4294967294",
  ],
  [
    'rule a { strings: $a = "x" $_b = "y" $ = "z" condition: true }',
    "1:19 pattern $a is not used, should be, or begin with $_",
    "1:38 pattern $ is not used, should be, or begin with $_",
  ],
  [
    'rule a { strings: $a = "x" condition: $b and #c > 0 and $a }',
    "1:39 pattern $b is used, should be declared",
    "1:46 pattern $c is used, should be declared",
  ],
  [
    'rule a { strings: $a = "x" condition: 1 of ($b*, $c) and all of ($a*) }',
    "1:41 patterns $b* are used, should be declared",
    "1:41 pattern $c is used, should be declared",
  ],
  [
    'rule a { strings: $a = "x" condition: $ and for any of ($a) : ($ at 0 or for any i in (1..#) : (@[i] == 1)) }',
    '1:39 "$" is outside of a loop, should be in one',
  ],
  ["rule a { condition: all of them }", "1:25 patterns $* are used, should be declared"],
  [
    'rule a { strings: $a1 = "x" $a2 = "y" $b = "z" condition: 1 of ($a*) }',
    "1:39 pattern $b is not used, should be, or begin with $_",
  ],
];

Deno.test("what YARA-X refuses about patterns is a problem at the pattern", () => {
  for (const [source, ...expected] of PROBLEMS) {
    const { rules, problems } = parseRuleFile(source);
    assert.deepEqual(problems, [], source);
    const found = patternProblems(rules[0]!, source);
    assert.deepEqual(
      found.map(({ line, column, message }) => `${line}:${column} ${message}`),
      expected,
      source,
    );
    for (const { rule } of found) assert.equal(rule, "a");
  }
});

Deno.test("many patterns and many sets are checked in one pass", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => i);
  const source = `rule a { strings: ${many.map((i) => `$a${i} = "x"`).join("\n")}
    condition: 1 of (${many.map((i) => `$a${i % 10}*`).join(", ")}) }`;
  const { rules, problems } = parseRuleFile(source);
  assert.deepEqual(problems, []);
  assert.deepEqual(patternProblems(rules[0]!, source), []);
});

Deno.test("all bad rules of a long text are placed in one pass", () => {
  const source = 'rule a { strings: $a = "" condition: $a }\n'.repeat(20_000);
  const places = new LineFinder(source);
  const lines = parseRuleFile(source).rules.flatMap((rule) => patternProblems(rule, source, places))
    .map(({ line }) => line);
  assert.deepEqual(lines, Array.from({ length: 20_000 }, (_, i) => i + 1));
});
