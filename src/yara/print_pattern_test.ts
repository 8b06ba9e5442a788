import assert from "node:assert/strict";
import { fc } from "../deps/testing/fast_check.ts";
import { parseRuleFile } from "./parse_rule_file.ts";
import { printPattern } from "./print_pattern.ts";
import type { HexToken, PatternSyntax } from "./syntax.ts";
import recorded from "./testdata/yara_x_verdicts.json" with { type: "json" };

function assertPrintable(pattern: PatternSyntax): void {
  const source = `rule a { strings: ${printPattern(pattern)} condition: true }`;
  const { rules, problems } = parseRuleFile(source);
  assert.deepEqual(problems, [], source);
  assert.deepEqual({ ...rules[0]!.patterns[0], at: 0 }, { ...pattern, at: 0 }, source);
}

Deno.test("patterns are printed in the usual layout", () => {
  const [rule] = parseRuleFile(`rule a { strings:
    $a = "\\x00A\\"" wide private $b = { 4d ?a [3] (0? | ~00) [2-] 01 } $ = /a\\/ä/si nocase
    $c = "abc" xor(1) $d = "abc" base64 base64wide condition: all of them }`).rules;
  assert.deepEqual(rule!.patterns.map(printPattern), [
    '$a = "\\x00A\\"" wide private',
    "$b = { 4D ?A [3] (0? | ~00) [2-] 01 }",
    "$ = /a\\/ä/is nocase",
    '$c = "abc" xor(1-1)',
    '$d = "abc" base64 base64wide',
  ]);
});

Deno.test("every pattern of the recorded verdicts reads the same when it was printed", () => {
  for (const [source] of recorded) {
    for (const { patterns } of parseRuleFile(source!).rules) patterns.forEach(assertPrintable);
  }
});

const byteToken = fc.tuple(fc.nat(255), fc.constantFrom(0xff, 0xf0, 0x0f, 0), fc.boolean()).map(
  ([bits, mask, isNegated]): HexToken => ({
    kind: "byte",
    value: bits & mask,
    mask,
    ...(isNegated ? { isNegated: true } : {}),
  }),
);
const jumpToken = fc.tuple(fc.nat(300), fc.option(fc.nat(300), { nil: undefined })).map((
  [from, more],
): HexToken => more === undefined ? { kind: "jump", from } : { kind: "jump", from, to: from + more });
const hexTokens = fc.tuple(byteToken, fc.array(fc.oneof(byteToken, jumpToken), { maxLength: 5 }), byteToken)
  .map(([first, others, last]) => [first, ...others, last]);
const alternatives = fc.array(hexTokens, { minLength: 1, maxLength: 3 })
  .map((branches): HexToken => ({ kind: "alternatives", branches }));
const modifiers = fc.record({
  isAscii: fc.constant(true as const),
  isWide: fc.constant(true as const),
  isNocase: fc.constant(true as const),
  isFullword: fc.constant(true as const),
  isPrivate: fc.constant(true as const),
  xor: fc.record({ from: fc.nat(255), to: fc.nat(255) }, { noNullPrototype: true }),
  base64: fc.constantFrom("", "abc", "a\nb"),
  base64wide: fc.constantFrom("", "abc"),
}, { requiredKeys: [], noNullPrototype: true });
const base = { identifier: fc.constantFrom("$", "$a", "$b_1"), modifiers, at: fc.constant(0) };
const regexp = fc.constantFrom(
  { source: "a\\/b" },
  { source: "\xc3\xa4[0-9]", isCaseInsensitive: true as const },
  { source: ".+", isDotAll: true as const },
);
const pattern: fc.Arbitrary<PatternSyntax> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), ...base, bytes: fc.uint8Array({ maxLength: 10 }) }),
  fc.record({
    kind: fc.constant("hex" as const),
    ...base,
    tokens: fc.tuple(hexTokens, fc.array(alternatives, { maxLength: 2 })).map((
      [first, second],
    ) => [...first, ...second]),
  }),
  fc.record({ kind: fc.constant("regexp" as const), ...base, regexp }),
);

Deno.test("property: any pattern reads the same when it was printed", () => {
  fc.assert(fc.property(pattern, assertPrintable), { seed: 1, numRuns: 500 });
});
