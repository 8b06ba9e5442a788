import assert from "node:assert/strict";
import { parseRuleFile } from "./parse_rule_file.ts";

/** Broken text, and its problems as `line:column message`. */
const PROBLEMS: readonly (readonly [source: string, ...problems: string[]])[] = [
  [";", '1:1 found ";", should be "rule", "import" or "include"'],
  ["rule", "1:5 found the end of the text, should be the name of a rule"],
  ["rule { condition: true }", '1:6 found "{", should be the name of a rule'],
  ["rule and { condition: true }", '1:6 found the keyword "and", should be the name of a rule'],
  ["rule a condition: true }", '1:8 found the keyword "condition", should be ":" or "{"'],
  ["rule a : { condition: true }", '1:10 found "{", should be a tag'],
  ["rule a : t t { condition: true }", '1:12 the tag "t" is repeated'],
  ["private private rule a { condition: true }", "1:9 a modifier of the rule is repeated"],
  ["private a { condition: true }", '1:9 found "a", should be "rule"'],
  ["rule a { }", '1:10 found "}", should be "meta:", "strings:" or "condition:"'],
  ["rule a { meta: x = 1 }", '1:22 found "}", should be an entry, "strings:" or "condition:"'],
  ["rule a { meta: condition: true }", '1:16 found the keyword "condition", should be the name of an entry'],
  ["rule a { meta: x 1 condition: true }", '1:18 found "1", should be "="'],
  ["rule a { meta: x = /a/ condition: true }", '1:20 found "/a/", should be a text, a number, true or false'],
  ["rule a { meta: x = -true condition: true }", '1:21 found the keyword "true", should be a number'],
  [
    "rule a { strings: condition: true }",
    '1:19 found the keyword "condition", should be a pattern such as $a = "text"',
  ],
  ['rule a { strings: $a = "x" }', '1:28 found "}", should be a modifier, a pattern or "condition:"'],
  ["rule a { condition true }", '1:20 found the keyword "true", should be ":"'],
  ["rule a { condition: true", '1:25 found the end of the text, should be "and", "or" or "}"'],
  ["rule a { condition: true } }", '1:28 found "}", should be "rule", "import" or "include"'],
  ["import pe", '1:8 found "pe", should be the name of a module in quotes'],
  ['import "p\\x65"', "1:8 the name of a module in quotes has a backslash, should have no escapes"],
  ["include 1", '1:9 found "1", should be a path in quotes'],
  ["rule a { /* x", "1:10 a comment has no end"],
  ["rule é { condition: true }", '1:6 found "é", should be the name of a rule'],
  ["rule a_rule_with_a_very_long_name_indeed_it_is 1", '1:48 found "1", should be ":" or "{"'],
  ['rule a { strings: $a = "x condition: $a }', "1:24 a text has no closing quote"],
  [
    "rule a { strings: $a = 1 condition: $a }",
    '1:24 found "1", should be a text, a regular expression or a hex string',
  ],
  [
    'rule a { strings: $a = "\\q" condition: $a }',
    '1:24 a text has the escape "\\q", should be one of \\t \\n \\r \\" \\\\ \\xNN',
  ],
  ['rule a { strings: $a = "\\x4" condition: $a }', '1:24 a text has "\\x" without two hex digits'],
  ["rule a { strings: $a = /x condition: $a }", "1:24 a regular expression has no closing slash"],
  [
    "rule a { strings: $a = /x/ig condition: $a }",
    '1:28 a regular expression has the flag "g", should have "i" or "s"',
  ],
  ["rule a { strings: $a = { } condition: $a }", '1:26 a hex string has "}", should have a byte or "("'],
  ["rule a { strings: $a = { 4 } condition: $a }", '1:26 a hex string has "4" alone, should be two digits'],
  ["rule a { strings: $a = { 4D condition: $a }", '1:29 a hex string has "c" alone, should be two digits'],
  [
    "rule a { strings: $a = { [2] 4D } condition: $a }",
    '1:26 a hex string has "[", should have a byte or "("',
  ],
  [
    "rule a { strings: $a = { 4D [2] } condition: $a }",
    '1:33 a hex string has "}", should have a byte or "("',
  ],
  [
    "rule a { strings: $a = { 4D [x] 00 } condition: $a }",
    '1:30 a hex string has "x", should have a number or "-" in a jump',
  ],
  [
    "rule a { strings: $a = { 4D [1,2] 00 } condition: $a }",
    '1:31 a hex string has ",", should have "]" behind a jump',
  ],
  [
    "rule a { strings: $a = { 4D [5000000000] 00 } condition: $a }",
    "1:30 a jump is longer than 4294967295 bytes",
  ],
  [
    "rule a { strings: $a = { (4D | ) } condition: $a }",
    '1:32 a hex string has ")", should have a byte or "("',
  ],
  [
    "rule a { strings: $a = { (4D } condition: $a }",
    '1:30 a hex string has "}", should have a byte, "[", "|" or ")"',
  ],
  [
    "rule a { strings: $a = { ~ 00 } condition: $a }",
    '1:26 a hex string has "~", should have two hex digits behind it',
  ],
  [
    "rule a { strings: $a = { 4D é } condition: $a }",
    '1:29 a hex string has "é", should have a byte, "[", "(" or "}"',
  ],
  ['rule a { strings: $a = "x" xor( condition: $a }', '1:33 found the keyword "condition", should be a key'],
  [
    'rule a { strings: $a = "x" xor(256) condition: $a }',
    "1:32 the key of xor is 256, should be at most 255",
  ],
  ['rule a { strings: $a = "x" xor(1 2) condition: $a }', '1:34 found "2", should be "-" or ")"'],
  ['rule a { strings: $a = "x" xor("a") condition: $a }', '1:32 found the text "a", should be a key'],
  ['rule a { strings: $a = "x" base64(1) condition: $a }', '1:35 found "1", should be an alphabet'],
  [
    'rule a { strings: $a = "x" base64("\\x41") condition: $a }',
    "1:35 an alphabet has a backslash, should have no escapes",
  ],
  [
    'rule a { strings: $a = "x" base64("") condition: $a }',
    "1:35 the alphabet is empty, should have 64 characters",
  ],
  ['rule a { strings: $a = "x" wide wide condition: $a }', '1:33 the modifier "wide" is repeated'],
  ["rule a { strings: $a condition: $a }", '1:22 found the keyword "condition", should be "="'],
  ["rule a { strings: a = 1 condition: $a }", '1:19 found "a", should be a pattern such as $a = "text"'],
  ["rule a { condition:  }", '1:22 found "}", should be an expression'],
  ["rule a { condition: () }", '1:22 found ")", should be an expression'],
  ["rule a { condition: and true }", '1:21 found the keyword "and", should be an expression'],
  ["rule a { condition: true and }", '1:30 found "}", should be an expression'],
  ["rule a { condition: true true }", '1:26 found the keyword "true", should be "and", "or" or "}"'],
  ["rule a { condition: 1 == (1 == 1) }", '1:29 found "==", should be an operator or ")"'],
  ["rule a { condition: (1 == 1) == 1 }", '1:30 found "==", should be "and", "or" or "}"'],
  ["rule a { condition: $a == 1 }", '1:24 found "==", should be "and", "or" or "}"'],
  ["rule a { condition: $a at }", '1:27 found "}", should be an expression'],
  ["rule a { condition: $a in 5 }", '1:27 found "5", should be a range "(from..to)"'],
  ["rule a { condition: $a in (1) }", '1:29 found ")", should be an operator or ".."'],
  ["rule a { condition: #a in 5 }", '1:27 found "5", should be a range "(from..to)"'],
  ["rule a { condition: @a[1 }", '1:26 found "}", should be an operator or "]"'],
  ["rule a { condition: @a[$b] }", '1:24 found "$b", should be an expression'],
  ["rule a { condition: 1 + }", '1:25 found "}", should be an expression'],
  ["rule a { condition: 1 / 2 }", "1:23 a regular expression has no closing slash"],
  ["rule a { condition: 1 + (true) }", '1:26 found the keyword "true", should be an expression'],
  ["rule a { condition: a. }", '1:24 found "}", should be the name of a member'],
  ["rule a { condition: a.1 }", '1:23 found "1", should be the name of a member'],
  ["rule a { condition: a[0][1] }", '1:25 found "[", should be an operator or "}"'],
  ["rule a { condition: f(1)(2) }", '1:25 found "(", should be an operator or "}"'],
  ["rule a { condition: f(1 }", '1:25 found "}", should be an operator, "," or ")"'],
  ["rule a { condition: f(,) }", '1:23 found ",", should be an expression'],
  [
    "rule a { condition: 9223372036854775808 }",
    "1:21 the integer 9223372036854775808 does not fit into 64 bits, should be at most 9223372036854775807",
  ],
  [
    "rule a { condition: 0x1ffffffffffffffff }",
    "1:21 the integer 0x1ffffffffffffffff does not fit into 64 bits, should be at most 9223372036854775807",
  ],
  [
    "rule a { condition: 99999999999999999999999999 }",
    "1:21 the integer 9999999999999999999999… does not fit into 64 bits, should be at most 9223372036854775807",
  ],
  [
    "rule a { condition: 9007199254740992MB }",
    "1:21 the integer 9007199254740992MB does not fit into 64 bits, should be at most 9223372036854775807",
  ],
  ["rule a { condition: all them }", '1:25 found the keyword "them", should be "of"'],
  ["rule a { condition: all of }", '1:28 found "}", should be "them" or "("'],
  ["rule a { condition: all of () }", '1:29 found ")", should be an expression'],
  ["rule a { condition: all of ($a,) }", '1:32 found ")", should be an expression'],
  ["rule a { condition: all of ($a $b) }", '1:32 found "$b", should be "and", "or", "," or ")"'],
  [
    "rule a { condition: 1 of (a*) }",
    '1:29 a set of rules with "*" is known to YARA 4 alone: name each rule, or choose engine = libyara',
  ],
  [
    "rule a { condition: 1 of (a*, b) }",
    '1:29 a set of rules with "*" is known to YARA 4 alone: name each rule, or choose engine = libyara',
  ],
  [
    "rule a { condition: 1 of (a, b) at 0 }",
    '1:33 found the keyword "at", should be "and", "or" or the end: conditions have no offsets',
  ],
  ["rule a { condition: 50 % 3 of them }", '1:28 found the keyword "of", should be an operator or "}"'],
  ["rule a { condition: for any }", '1:29 found "}", should be "of" or a variable'],
  ["rule a { condition: for any of (a) : (true) }", '1:33 found "a", should be a pattern, "," or ")"'],
  ["rule a { condition: for any of ($a b) : (true) }", '1:36 found "b", should be a pattern, "," or ")"'],
  ["rule a { condition: for any i (1..2) : (true) }", '1:31 found "(", should be "," or "in"'],
  [
    "rule a { condition: for any i, in (1..2) : (true) }",
    '1:32 found the keyword "in", should be a variable',
  ],
  ["rule a { condition: for any i in (1...2) : (true) }", '1:38 found ".", should be an expression'],
  ["rule a { condition: for any i in (1..2) (true) }", '1:41 found "(", should be ":"'],
  ["rule a { condition: for any i in (1..2) : true }", '1:43 found the keyword "true", should be "("'],
  ["rule a { condition: with x : (true) }", '1:28 found ":", should be "="'],
  ["rule a { condition: with x = 1 }", '1:32 found "}", should be ":"'],
  ["rule a { condition: with 1 = 1 : (true) }", '1:26 found "1", should be a name'],
  ["rule a { condition: 'x' }", '1:21 found "\'", should be an expression'],
  ["rule a { condition: 5abc }", '1:22 found "abc", should be an operator or "}"'],
  [
    "rule a { strings: $a = \u001b }",
    '1:24 found "\\x1b", should be a text, a regular expression or a hex string',
  ],
  ["rule a { strings: $a = { \u001b } }", '1:26 a hex string has "\\x1b", should have a byte or "("'],
  ["import 1", '1:8 found "1", should be the name of a module in quotes'],
];

Deno.test("a text that breaks the grammar gets a problem that says where and what should be", () => {
  for (const [source, ...expected] of PROBLEMS) {
    const { problems } = parseRuleFile(source);
    assert.deepEqual(
      problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
      expected,
      source,
    );
  }
});

Deno.test("a culprit is quoted in part, and its control characters can't forge a line", () => {
  const source = `import ${"y".repeat(1000)} rule a { condition: "${"x".repeat(1000)}" "b\x1b" }`;
  assert.deepEqual(parseRuleFile(source).problems.map(({ message }) => message), [
    `found "${"y".repeat(40)}…", should be the name of a module in quotes`,
    'found the text "b\\x1b", should be an operator or "}"',
  ]);
  const [odd] = parseRuleFile("rule a { condition: \x1b }").problems;
  assert.equal(odd!.message, 'found "\\x1b", should be an expression');
});
