/**
 * Differences in what strings match.
 *
 * @module
 */

import type { ExplainedDifference, Suspect } from "./explanation.ts";

/** A rule that reports all hits of a string. */
function any(string: string): string[] {
  return [`rule r { strings: $a = ${string} condition: $a }`];
}

/** Whether some regular expression of the suspect reads so. */
function hasRegexp({ patterns }: Suspect, source: RegExp): boolean {
  return patterns.some((pattern) => pattern.kind === "regexp" && source.test(pattern.regexp.source));
}

/** What differs between YARA-X and YARA 4.2 in strings. */
export const STRING_DIFFERENCES: readonly ExplainedDifference[] = [
  {
    name: "base64 at its edges",
    explanation:
      "YARA-X decodes what stands around a hit and wants all of the text to be there, with the four " +
      "letters of each group. YARA 4 looks for the letters that the text alone decides on.",
    example: {
      rules: any('"foo" base64'),
      content: "Zm9v xmZvb2 mZvb",
      yaraX: { r: ["$a@0+4"] },
      yara4: { r: ["$a@0+4", "$a@7+3", "$a@13+3"] },
    },
    explains: ({ patterns }) =>
      patterns.some(({ modifiers }) => modifiers.base64 !== undefined || modifiers.base64wide !== undefined),
  },
  {
    name: "the neighbours of an xor fullword text",
    explanation:
      "YARA-X takes the neighbours as XORed with the same key and asks whether the plain ones are part " +
      "of a word. YARA 4 asks whether the bytes of the file are.",
    example: {
      rules: any('"ab" xor(1) fullword'),
      content: "`c`c",
      yaraX: {},
      yara4: { r: ["$a@0+2"] },
    },
    explains: ({ patterns }) => patterns.some(({ modifiers }) => modifiers.xor && modifiers.isFullword),
  },
  {
    name: "a greedy repetition in front of alternatives",
    explanation:
      "Where several alternatives fit behind the repetition at different places, YARA-X takes the last " +
      "place of the branch that is written last, YARA 4 the last place of all: the lengths differ.",
    example: {
      rules: any("/GET id=[^\\n]{4,60} (200|301)/"),
      content: "GET id=aaaa 301 200",
      yaraX: { r: ["$a@0+15"] },
      yara4: { r: ["$a@0+19"] },
    },
    explains: (suspect) => hasRegexp(suspect, /[*+}].*\|/),
  },
  {
    name: "a counted repetition that goes beyond its count",
    explanation:
      "YARA-X finds a piece in the middle of the repetition and goes both ways from there, each with " +
      "the whole count: the match may be longer than the expression allows. YARA 4 begins at its start.",
    example: {
      rules: any("/a{1,3}/"),
      content: "aaaa",
      yaraX: { r: ["$a@0+4", "$a@1+3", "$a@2+2", "$a@3+1"] },
      yara4: { r: ["$a@0+3", "$a@1+3", "$a@2+2", "$a@3+1"] },
    },
    explains: (suspect) => hasRegexp(suspect, /[{?]/),
  },
  {
    name: "a regular expression that is ascii and wide at one place",
    explanation:
      "Where both forms match at one offset, YARA-X reports the longer one, YARA 4 the one that it " +
      "found first.",
    example: {
      rules: any("/-+/ ascii wide"),
      content: "-\0",
      yaraX: { r: ["$a@0+2"] },
      yara4: { r: ["$a@0+1"] },
    },
    explains: ({ patterns }) =>
      patterns.some(({ kind, modifiers }) => kind === "regexp" && modifiers.isAscii && modifiers.isWide),
  },
  {
    name: "alternatives behind a jump in a hex string",
    explanation:
      "Where several alternatives fit behind a jump, each at another place, YARA-X may go on from one of " +
      "them alone, and misses a match that needs the other. YARA 4 tries all.",
    example: {
      rules: any("{ D9 74 24 F4 [0-10] (58 | 5E) [0-50] 31 6A }"),
      content: `\xd9t$\xf4^......X${".".repeat(44)}1j`,
      yaraX: {},
      yara4: { r: ["$a@0+58"] },
    },
    explains: ({ patterns }) =>
      patterns.some((pattern) =>
        pattern.kind === "hex" && pattern.tokens.some(({ kind }) => kind === "jump") &&
        pattern.tokens.some(({ kind }) => kind === "alternatives")
      ),
  },
  {
    name: "word boundaries at the ends of the file",
    explanation:
      "For YARA 4 the start and the end of the file are always a boundary of a word; for YARA-X only " +
      "beside a letter, digit or underscore.",
    example: {
      rules: any("/\\b-/"),
      content: "-a",
      yaraX: {},
      yara4: { r: ["$a@0+1"] },
    },
    explains: (suspect) => hasRegexp(suspect, /\\[bB]/),
  },
  {
    name: "the longest of several ends",
    explanation:
      "YARA-X follows the order of the branches as Perl does, YARA 4 has rules of its own; where one " +
      "start has several ends they may report different lengths.",
    example: {
      rules: any("/(a|ab)(c|bcd)?/"),
      content: "abcd",
      yaraX: { r: ["$a@0+4"] },
      yara4: { r: ["$a@0+3"] },
    },
    explains: (suspect) => hasRegexp(suspect, /\|/),
  },
];
