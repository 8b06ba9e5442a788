/**
 * Random rules over random small files. Some of the rules break the language; the engines drop them.
 *
 * @module
 */

import { fc } from "../../src/deps/testing/fast_check.ts";
import type { Externals } from "../../plugins/yara/engine.ts";
import { condition, type Scoped } from "./random_conditions.ts";
import { LETTERS, patternValue, plainText } from "./random_patterns.ts";

/** A set of rules and files for it. */
export interface RandomSet {
  /** The texts of rules, each of its own name. */
  readonly rules: readonly string[];
  readonly files: readonly Uint8Array<ArrayBuffer>[];
  readonly externals: Externals;
}

/** Rules of a set. */
export const RULES_PER_SET = 24;
/** Files of a set. */
export const FILES_PER_SET = 10;

/** Values with which random rules are compiled. */
export const RANDOM_EXTERNALS: Externals = {
  external_integer: 2,
  external_boolean: false,
  external_text: "a",
};

const IDENTIFIERS = ["_a", "_ab", "_b", "_ba"];

interface RuleSeed {
  readonly values: readonly string[];
  readonly isAnonymous: boolean;
  readonly modifier: string;
  readonly condition: Scoped;
}

const ruleSeed: fc.Arbitrary<RuleSeed> = fc.record({
  values: fc.oneof(
    { weight: 8, arbitrary: fc.array(patternValue, { minLength: 1, maxLength: IDENTIFIERS.length }) },
    { weight: 1, arbitrary: fc.constant<string[]>([]) },
  ),
  isAnonymous: fc.nat(9).map((number) => number === 0),
  modifier: fc.nat(299).map((number) => number === 0 ? "global " : number < 30 ? "private " : ""),
  condition: fc.oneof(
    { weight: 3, arbitrary: condition },
    // A rule that reports all its hits.
    {
      weight: 1,
      arbitrary: fc.constant<Scoped>(({ patterns }) => patterns.length > 0 ? "any of them" : "true"),
    },
  ),
});

function render({ values, isAnonymous, modifier, condition }: RuleSeed, index: number): string {
  const names = IDENTIFIERS.slice(0, values.length);
  const lines = values.map((value, i) => `    $${isAnonymous ? "" : names[i]} = ${value}\n`);
  const strings = lines.length > 0 ? `  strings:\n${lines.join("")}` : "";
  const text = condition({
    patterns: isAnonymous ? [] : names,
    rules: Array.from({ length: index }, (_, i) => `random_${i}`),
    variables: [],
    isInLoop: false,
  });
  const whole = isAnonymous && values.length > 0 ? `any of them and (${text})` : text;
  return `${modifier}rule random_${index} {\n${strings}  condition:\n    ${whole}\n}\n`;
}

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const chunk: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.constantFrom(...LETTERS), { maxLength: 12 }).map((all) => latin1(all.join(""))),
  },
  { weight: 3, arbitrary: plainText.map(latin1) },
  {
    weight: 2,
    arbitrary: plainText.map((text) => latin1(Array.from(text, (letter) => `${letter}\0`).join(""))),
  },
  { weight: 2, arbitrary: plainText.map((text) => latin1(latin1(text).toBase64())) },
  {
    weight: 1,
    arbitrary: plainText.map((text) => latin1(Array.from(latin1(text).toBase64(), (l) => `${l}\0`).join(""))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(plainText, fc.constantFrom(1, 2, 3, 32, 255)).map(([text, key]) =>
      latin1(text).map((byte) => byte ^ key)
    ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("a", "ab", " "), fc.constantFrom(40, 199, 201, 300)).map((
      [text, count],
    ) => latin1(text.repeat(count))),
  },
);
const file = fc.array(chunk, { minLength: 2, maxLength: 14, size: "max" })
  .map((chunks) => Uint8Array.from(chunks.flatMap((bytes) => [...bytes])));

/** Any set. */
export const randomSet: fc.Arbitrary<RandomSet> = fc.record({
  rules: fc.array(ruleSeed, { minLength: RULES_PER_SET, maxLength: RULES_PER_SET })
    .map((seeds) => seeds.map(render)),
  files: fc.array(file, { minLength: FILES_PER_SET, maxLength: FILES_PER_SET }),
  externals: fc.record({
    external_integer: fc.integer({ min: -2, max: 12 }),
    external_boolean: fc.boolean(),
    external_text: fc.oneof(fc.constant(""), plainText.filter(isPlain)),
  }),
});

/** Whether `yara -d` takes it for a text: what it can read as a number it does not. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !/^[-\d. ]*$/.test(text);
}

/** The set of a seed. */
export function randomSetOf(seed: number): RandomSet {
  return fc.sample(randomSet, { seed, numRuns: 1 })[0]!;
}
