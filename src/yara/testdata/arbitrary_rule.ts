/**
 * Random rules and conditions as trees, in the shape in which the parser gives them.
 *
 * @module
 */

import { fc } from "../../deps/testing/fast_check.ts";
import type { Expression, HexToken, PatternSyntax, RangeSyntax, RuleSyntax } from "../syntax.ts";

const at = 0;
const name = fc.constantFrom("a", "b1", "_x", "filename", "uint8");
const id = fc.constantFrom("$", "$a", "$b_1");
const byteText = fc.uint8Array({ maxLength: 8 }).map((bytes) => String.fromCharCode(...bytes));
const regexp = fc.constantFrom(
  { source: "a\\/b" },
  { source: "\xc3\xa4[0-9]", isCaseInsensitive: true as const },
  { source: ".+", isDotAll: true as const },
);

const { value, condition } = fc.letrec<{ value: Expression; condition: Expression }>((tie) => {
  const value = tie("value");
  const condition = tie("condition");
  const range = fc.record<RangeSyntax>({ kind: fc.constant("range"), from: value, to: value });
  const place = fc.oneof(fc.constant({}), fc.record({ offset: value }), fc.record({ range }));
  const quantifier = fc.oneof(
    fc.constantFrom({ kind: "all" as const }, { kind: "any" as const }, { kind: "none" as const }),
    fc.record({ kind: fc.constantFrom("count" as const, "percentage" as const), value }),
  );
  const patternSet = fc.oneof(
    fc.constant({ kind: "them" as const }),
    fc.record({
      kind: fc.constant("patterns" as const),
      items: fc.array(fc.constantFrom("$", "$a", "$*", "$a*"), { minLength: 1, maxLength: 3 }),
    }),
  );
  const some = (of: fc.Arbitrary<Expression>) => fc.array(of, { minLength: 1, maxLength: 3 });
  const binary = <Op extends string>(...ops: Op[]) =>
    fc.record({ op: fc.constantFrom(...ops), left: value, right: value });
  const owner = fc.record({ op: fc.constant("name" as const), name, at: fc.constant(at) });
  const leaf = fc.oneof(
    fc.record({ op: fc.constant("integer" as const), value: fc.oneof(fc.nat(), fc.constant("9223372036854775807")) }),
    fc.record({ op: fc.constant("float" as const), value: fc.double({ min: 0, noNaN: true }).map(Math.abs) }),
    fc.record({ op: fc.constant("text" as const), value: byteText }),
    fc.record({ op: fc.constant("regexp" as const), regexp }),
    fc.record({ op: fc.constantFrom("filesize" as const, "entrypoint" as const) }),
    owner,
    fc.record({ op: fc.constantFrom("count" as const, "offset" as const, "length" as const), id, at: fc.constant(at) }),
  );
  return {
    value: fc.oneof(
      { maxDepth: 3, depthIdentifier: "tree" },
      leaf,
      binary("+", "-", "*", "\\", "%", "&", "|", "^", "<<", ">>"),
      fc.record({ op: fc.constantFrom("minus" as const, "complement" as const), of: value }),
      fc.record({ op: fc.constant("member" as const), of: owner, name, at: fc.constant(at) }),
      fc.record({ op: fc.constant("index" as const), of: owner, index: value }),
      fc.record({ op: fc.constant("call" as const), of: owner, args: fc.array(condition, { maxLength: 2 }) }),
      fc.record({ op: fc.constant("count" as const), id, range, at: fc.constant(at) }),
      fc.record({ op: fc.constantFrom("offset" as const, "length" as const), id, index: value, at: fc.constant(at) }),
    ),
    condition: fc.oneof(
      { maxDepth: 3, depthIdentifier: "tree" },
      fc.record({ op: fc.constant("boolean" as const), value: fc.boolean() }),
      value,
      binary("==", "!=", "<", "<=", ">", ">=", "contains", "iequals", "matches"),
      fc.tuple(fc.record({ op: fc.constant("pattern" as const), id, at: fc.constant(at) }), place)
        .map(([pattern, place]) => ({ ...pattern, ...place })),
      fc.record({ op: fc.constantFrom("not" as const, "defined" as const), of: condition }),
      fc.record({
        op: fc.constantFrom("and" as const, "or" as const),
        operands: fc.array(condition, { minLength: 2, maxLength: 3 }),
      }),
      fc.tuple(fc.record({ op: fc.constant("of" as const), quantifier, set: patternSet, at: fc.constant(at) }), place)
        .map(([of, place]) => ({ ...of, ...place })),
      fc.record({
        op: fc.constant("of" as const),
        quantifier,
        set: fc.record({ kind: fc.constant("conditions" as const), items: some(condition) }),
        at: fc.constant(at),
      }),
      fc.record({ op: fc.constant("for-of" as const), quantifier, set: patternSet, body: condition, at: fc.constant(at) }),
      fc.record({
        op: fc.constant("for-in" as const),
        quantifier,
        variables: fc.array(name, { minLength: 1, maxLength: 2 }),
        iterable: fc.oneof(range, fc.record({ kind: fc.constant("values" as const), items: some(value) })),
        body: condition,
        at: fc.constant(at),
      }),
      fc.record({
        op: fc.constant("with" as const),
        declarations: fc.array(fc.record({ name, value }), { minLength: 1, maxLength: 2 }),
        body: condition,
        at: fc.constant(at),
      }),
    ),
  };
});

/** A value such as `#a + 1`. */
export const arbitraryValue: fc.Arbitrary<Expression> = value;

/** Anything that may stand behind `condition:`. */
export const arbitraryCondition: fc.Arbitrary<Expression> = condition;

const byteToken = fc.tuple(fc.nat(255), fc.constantFrom(0xff, 0xf0, 0x0f, 0), fc.boolean()).map(
  ([bits, mask, isNegated]): HexToken => ({
    kind: "byte",
    value: bits & mask,
    mask,
    ...(isNegated ? { isNegated: true } : {}),
  }),
);
const jumpToken = fc.tuple(fc.nat(300), fc.option(fc.nat(300), { nil: undefined })).map(([from, more]): HexToken =>
  more === undefined ? { kind: "jump", from } : { kind: "jump", from, to: from + more }
);
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
  xor: fc.record({ from: fc.nat(255), to: fc.nat(255) }),
  base64: fc.constantFrom("", "abc", "a\nb"),
  base64wide: fc.constantFrom("", "abc"),
}, { requiredKeys: [] });
const base = { identifier: id, modifiers, at: fc.constant(at) };
const pattern: fc.Arbitrary<PatternSyntax> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), ...base, bytes: fc.uint8Array({ maxLength: 10 }) }),
  fc.record({
    kind: fc.constant("hex" as const),
    ...base,
    tokens: fc.tuple(hexTokens, fc.array(alternatives, { maxLength: 2 })).map(([first, second]) => [...first, ...second]),
  }),
  fc.record({ kind: fc.constant("regexp" as const), ...base, regexp }),
);
const metaValue = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.string({ unit: "grapheme" }),
  fc.constant(Uint8Array.of(0xff, 0)),
);

/** A whole rule. */
export const arbitraryRule: fc.Arbitrary<RuleSyntax> = fc.record({
  name,
  start: fc.constant(at),
  end: fc.constant(at),
  line: fc.constant(1),
  isPrivate: fc.boolean(),
  isGlobal: fc.boolean(),
  tags: fc.uniqueArray(name, { maxLength: 2 }),
  meta: fc.array(
    fc.record({ name, value: metaValue, start: fc.constant(at), end: fc.constant(at) }),
    { maxLength: 3 },
  ),
  patterns: fc.array(pattern, { maxLength: 3 }),
  condition: arbitraryCondition,
}).map((rule) => ({ ...rule, hasOffsets: JSON.stringify(rule.condition).includes('"offset":') }));
