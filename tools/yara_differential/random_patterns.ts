/**
 * Random strings of rules over a small alphabet, so that they meet in small files.
 *
 * @module
 */

import { fc } from "../../src/deps/testing/fast_check.ts";

/** The letters of which texts are made; a few of each kind that `fullword`, `nocase` and `.` tell apart. */
export const LETTERS: readonly string[] = ["a", "b", "A", "1", " ", "-", "\n", "\0"];

const letter = fc.constantFrom(...LETTERS, "a", "b", "a", "b");

/** A short text. */
export const plainText: fc.Arbitrary<string> = textOf(1);

function textOf(minLength: number): fc.Arbitrary<string> {
  return fc.array(letter, { minLength, maxLength: 7 }).map((letters) => letters.join(""));
}

/** A text with its quotes and escapes. */
export function quoted(text: string): string {
  const escaped = Array.from(
    text,
    (letter) =>
      letter === '"' || letter === "\\"
        ? `\\${letter}`
        : letter < " " || letter > "~"
        ? `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`
        : letter,
  );
  return `"${escaped.join("")}"`;
}

const ALPHABET = "bacdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
const base64 = fc.constantFrom(
  "base64",
  "base64wide",
  "base64 base64wide",
  "base64 wide",
  "base64 ascii wide",
  `base64(${quoted(ALPHABET)})`,
  "base64wide wide",
);
const xor = fc.constantFrom("xor", "xor(0-3)", "xor(1)", "xor(1-255)", "xor(32)");
const spread = fc.constantFrom("", "", "ascii", "wide", "ascii wide");
const textModifiers = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(spread, some("nocase"), some("fullword"), rarely("private")) },
  { weight: 2, arbitrary: fc.tuple(xor, spread, some("fullword")) },
).map((words) => words.filter(Boolean).join(" "));

function some(word: string): fc.Arbitrary<string> {
  return fc.constantFrom("", "", word);
}

function rarely(word: string): fc.Arbitrary<string> {
  return fc.nat(11).map((number) => number === 0 ? word : "");
}

const hexByte = fc.oneof(
  { weight: 8, arbitrary: letter.map((text) => text.charCodeAt(0).toString(16).padStart(2, "0")) },
  { weight: 3, arbitrary: fc.constantFrom("??", "6?", "?1", "~61", "~6?", "~?2", "?0") },
);
const jump = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 4 })).map(([from, more]) =>
      `[${from}-${from + more}]`
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom("[1]", "[2]", "[-]", "[2-]", "[0-250]", "[201-210]", "[0-1000]") },
);
const hexRun = fc.array(hexByte, { minLength: 1, maxLength: 4 }).map((bytes) => bytes.join(" "));
const alternatives = fc.array(hexRun, { minLength: 2, maxLength: 3 }).map((runs) => `(${runs.join("|")})`);
const hexPart = fc.oneof({ weight: 3, arbitrary: hexRun }, { weight: 1, arbitrary: alternatives });
const hexString = fc.tuple(
  hexRun,
  fc.array(fc.tuple(fc.option(jump, { nil: "" }), hexPart), { maxLength: 3 }),
)
  .map(([first, rest]) => `{ ${first} ${rest.flat().join(" ")} }`);

const regexpLetter = letter.map((text) =>
  text === "\n" ? "\\n" : text === "\0" ? "\\x00" : text === "-" ? "\\-" : text
);
const regexpTree = fc.letrec<{ whole: string; sequence: string; atom: string; item: string }>((tie) => ({
  whole: fc.array(tie("sequence"), { minLength: 1, maxLength: 2 }).map((branches) => branches.join("|")),
  sequence: fc.array(tie("item"), { minLength: 1, maxLength: 4 }).map((items) => items.join("")),
  item: fc.tuple(
    tie("atom"),
    fc.constantFrom(
      "",
      "",
      "",
      "",
      "*",
      "+",
      "?",
      "{2}",
      "{1,3}",
      "{0,2}",
      "*?",
      "+?",
      "{1,3}?",
      "{2,}",
    ),
  ).map(([atom, repetition]) => (/^\\b|^\\B|^[\^$]$/i.test(atom) ? atom : atom + repetition)),
  atom: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    {
      weight: 9,
      arbitrary: fc.array(regexpLetter, { minLength: 1, maxLength: 1 }).map((text) => text.join("")),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(".", "[ab]", "[^a]", "\\w", "\\W", "\\d", "\\s", "\\S", "[a-z1]", "\\x61"),
    },
    { weight: 1, arbitrary: fc.constantFrom("\\b", "\\B", "^", "$") },
    { weight: 2, arbitrary: tie("whole").map((inner) => `(${inner})`) },
    { weight: 1, arbitrary: fc.constantFrom(".{0,250}", "[^a]{0,210}", ".{3,}", "a.*") },
  ),
}));
const regexpFlags = fc.constantFrom("", "", "i", "s", "is");
const regexpModifiers = fc.tuple(spread, some("nocase"), some("fullword"), rarely("private"))
  .map((words) => words.filter(Boolean).join(" "));

/** Most expressions are made greedy, some lazy: yara-x refuses those that are both. */
function unmixed(source: string, mixture: number): string {
  if (mixture === 0) return source;
  const greedy = source.replaceAll(/([*+?}])\?/g, "$1");
  return mixture > 2 ? greedy : greedy.replaceAll(/([*+}]|(?<![\\(])\?)/g, "$1?");
}

/** The right side of a string's declaration. */
export const patternValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(plainText.map(quoted), textModifiers).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.tuple(textOf(3).map(quoted), base64).map((parts) => parts.join(" ")) },
  { weight: 3, arbitrary: fc.tuple(hexString, rarely("private")).map((parts) => parts.join(" ")) },
  {
    weight: 3,
    arbitrary: fc.tuple(regexpTree.whole, fc.nat(7), regexpFlags, regexpModifiers)
      .map(([source, mixture, flags, modifiers]) => `/${unmixed(source, mixture)}/${flags} ${modifiers}`),
  },
);
