/**
 * Random conditions. A condition is a function, for it must know the strings and the rules that it may speak of.
 *
 * @module
 */

import { fc } from "../../src/deps/testing/fast_check.ts";
import { plainText, quoted } from "./random_patterns.ts";

/** What a condition may speak of. */
export interface ConditionScope {
  /** Identifiers without their `$`, none for anonymous strings; may be empty. */
  readonly patterns: readonly string[];
  /** Names of earlier rules. */
  readonly rules: readonly string[];
  /** Variables of loops around this place. */
  readonly variables: readonly string[];
  /** Whether the place is in a loop over strings, where `$` stands for one of them. */
  readonly isInLoop: boolean;
}

/** The text of an expression in a scope. */
export type Scoped = (scope: ConditionScope) => string;

const fixed = (text: string): Scoped => () => text;
const small = fc.oneof({ weight: 9, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant(-1) });
const constant = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(97, 256, 0x6161, 63, 64, 10_000, 0x7fff_ffff) },
).map((value) => fixed(String(value)));
const word = fc.constantFrom(
  ...["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint8be", "uint16be", "int32be", "uint32be"],
);
const wildcard = fc.constantFrom("$_a*", "$_a*", "$*", "$_*", "$_b*");

/** One of the scope's names, or something else where it has none. */
function oneOf(index: number, names: readonly string[], otherwise: string, render: (name: string) => string) {
  return names.length > 0 ? render(names[index % names.length]!) : otherwise;
}

type Expressions = Record<"boolean" | "integer" | "quantifier" | "range" | "set", Scoped>;

const textSigns = [
  "==",
  "!=",
  "<",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iequals",
];
const textTest = fc.oneof(
  fc.tuple(fc.constantFrom(...textSigns), plainText).map(([sign, text]) =>
    fixed(`external_text ${sign} ${quoted(text)}`)
  ),
  fc.constantFrom("/a/", "/^a/", "/b$/i", "/a.b/s", "/^$/").map((regexp) =>
    fixed(`external_text matches ${regexp}`)
  ),
);

const index = fc.nat(11);
const depth = { maxDepth: 4, depthSize: "small" } as const;

const tree = fc.letrec<Expressions>((tie) => ({
  quantifier: fc.oneof(
    depth,
    { weight: 6, arbitrary: fc.constantFrom("all", "any", "none", "1", "2", "0").map(fixed) },
    { weight: 1, arbitrary: fc.constantFrom("50%", "1%", "100%").map(fixed) },
    { weight: 1, arbitrary: tie("integer") },
  ),
  range: fc.oneof(
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(5), fc.nat(30)).map(([from, more]) => fixed(`(${from}..${from + more})`)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(tie("integer"), tie("integer")).map(([from, to]): Scoped => (scope) =>
        `(${from(scope)}..${to(scope)})`
      ),
    },
  ),
  set: fc.oneof(
    { weight: 3, arbitrary: fc.constant(fixed("them")) },
    {
      weight: 2,
      arbitrary: fc.array(index, { minLength: 1, maxLength: 3 }).map((list): Scoped => ({ patterns }) =>
        patterns.length === 0
          ? "them"
          : `(${list.map((i) => `$${patterns[i % patterns.length]}`).join(", ")})`
      ),
    },
    { weight: 1, arbitrary: wildcard.map((text) => fixed(`(${text})`)) },
  ),
  integer: integers(tie("integer"), tie("range")),
  boolean: booleans(tie),
}));

function integers(integer: fc.Arbitrary<Scoped>, range: fc.Arbitrary<Scoped>): fc.Arbitrary<Scoped> {
  const ofPattern = (render: (name: string) => Scoped) =>
    index.map((i): Scoped => (scope) => {
      const names = scope.isInLoop && i % 2 === 0 ? [""] : scope.patterns;
      return oneOf(i, names, "filesize", (name) => render(name)(scope));
    });
  const indexed = fc.tuple(fc.constantFrom("@", "!"), integer, index).map(
    ([sign, at, i]): Scoped => (scope) =>
      oneOf(
        i,
        scope.isInLoop && i % 2 === 0 ? [""] : scope.patterns,
        "1",
        (name) => `${sign}${name}[${at(scope)}]`,
      ),
  );
  const countIn = fc.tuple(range, index).map(([place, i]): Scoped => (scope) =>
    oneOf(i, scope.patterns, "0", (name) => `#${name} in ${place(scope)}`)
  );
  return fc.oneof(
    depth,
    { weight: 6, arbitrary: constant },
    { weight: 2, arbitrary: fc.constantFrom("filesize", "external_integer").map(fixed) },
    { weight: 4, arbitrary: ofPattern((name) => fixed(`#${name}`)) },
    { weight: 2, arbitrary: ofPattern((name) => fixed(`@${name}`)) },
    { weight: 1, arbitrary: ofPattern((name) => fixed(`!${name}`)) },
    {
      weight: 2,
      arbitrary: index.map((i): Scoped => ({ variables }) => oneOf(i, variables, "3", (name) => name)),
    },
    { weight: 2, arbitrary: indexed },
    { weight: 1, arbitrary: countIn },
    {
      weight: 2,
      arbitrary: fc.tuple(word, integer).map(([name, at]): Scoped => (scope) => `${name}(${at(scope)})`),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        integer,
        fc.constantFrom("+", "-", "*", "\\", "%", "&", "|", "^", "<<", ">>"),
        integer,
      ).map(([a, sign, b]): Scoped => (scope) => `(${a(scope)} ${sign} ${b(scope)})`),
    },
    { weight: 1, arbitrary: integer.map((a): Scoped => (scope) => `~(${a(scope)})`) },
    { weight: 1, arbitrary: integer.map((a): Scoped => (scope) => `-(${a(scope)})`) },
  );
}

function booleans(tie: (name: keyof Expressions) => fc.Arbitrary<Scoped>): fc.Arbitrary<Scoped> {
  const [boolean, integer, range, quantifier, set] = [
    tie("boolean"),
    tie("integer"),
    tie("range"),
    tie("quantifier"),
    tie("set"),
  ];
  const place = fc.oneof(
    { weight: 4, arbitrary: fc.constant(fixed("")) },
    { weight: 2, arbitrary: integer.map((at): Scoped => (scope) => ` at ${at(scope)}`) },
    { weight: 2, arbitrary: range.map((within): Scoped => (scope) => ` in ${within(scope)}`) },
  );
  const pattern = fc.tuple(index, place).map(([i, where]): Scoped => (scope) => {
    const names = scope.isInLoop && i % 2 === 0 ? [""] : scope.patterns;
    return oneOf(i, names, "true", (name) => `$${name}${where(scope)}`);
  });
  const comparison = fc.tuple(integer, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), integer)
    .map(([a, sign, b]): Scoped => (scope) => `${a(scope)} ${sign} ${b(scope)}`);
  const ofSet = fc.tuple(quantifier, set, place).map(([many, what, where]): Scoped => (scope) =>
    scope.patterns.length === 0 ? "true" : `${many(scope)} of ${what(scope)}${where(scope)}`
  );
  const overSet = fc.tuple(quantifier, set, boolean).map(([many, what, body]): Scoped => (scope) =>
    scope.patterns.length === 0 || scope.isInLoop
      ? "true"
      : `for ${many(scope)} of ${what(scope)} : (${body({ ...scope, isInLoop: true })})`
  );
  // Engines go through all of a range, so a bound that comes from the file could be a day's work.
  const bound = fc.oneof(
    { weight: 4, arbitrary: small.map((value) => fixed(String(value))) },
    {
      weight: 2,
      arbitrary: index.map((i): Scoped => ({ patterns }) => oneOf(i, patterns, "3", (name) => `#${name}`)),
    },
    { weight: 1, arbitrary: fc.constantFrom("uint8(0)", "external_integer", "uint8(1000000)").map(fixed) },
  );
  const bounded = fc.tuple(bound, bound).map(([from, to]): Scoped => (scope) =>
    `(${from(scope)}..${to(scope)})`
  );
  const values = fc.oneof(
    { weight: 3, arbitrary: bounded },
    {
      weight: 1,
      arbitrary: fc.array(integer, { minLength: 1, maxLength: 3 }).map((list): Scoped => (scope) =>
        `(${list.map((value) => value(scope)).join(", ")})`
      ),
    },
  );
  const overValues = fc.tuple(quantifier, values, boolean).map(([many, within, body]): Scoped => (scope) => {
    const name = ["i", "j"][scope.variables.length];
    if (name === undefined) return "false";
    return `for ${many(scope)} ${name} in ${within(scope)} : (${
      body({ ...scope, variables: [...scope.variables, name] })
    })`;
  });
  return fc.oneof(
    depth,
    { weight: 6, arbitrary: pattern },
    { weight: 4, arbitrary: comparison },
    { weight: 4, arbitrary: ofSet },
    { weight: 1, arbitrary: fc.constantFrom("true", "false", "external_boolean").map(fixed) },
    {
      weight: 1,
      arbitrary: index.map((i): Scoped => ({ rules }) => oneOf(i, rules, "true", (name) => name)),
    },
    { weight: 1, arbitrary: textTest },
    { weight: 3, arbitrary: joined(boolean, "and") },
    { weight: 3, arbitrary: joined(boolean, "or") },
    { weight: 2, arbitrary: boolean.map((of): Scoped => (scope) => `not (${of(scope)})`) },
    { weight: 1, arbitrary: integer.map((of): Scoped => (scope) => `defined ${of(scope)}`) },
    { weight: 2, arbitrary: overSet },
    { weight: 2, arbitrary: overValues },
  );
}

function joined(boolean: fc.Arbitrary<Scoped>, sign: string): fc.Arbitrary<Scoped> {
  return fc.array(boolean, { minLength: 2, maxLength: 3 }).map((sides): Scoped => (scope) =>
    sides.map((side) => `(${side(scope)})`).join(` ${sign} `)
  );
}

/** Any condition. */
export const condition: fc.Arbitrary<Scoped> = tree.boolean;
