/**
 * Conditions with the verdicts that YARA-X 1.20 gave: `T`rue, `F`alse, `U`ndefined, `E` where it refuses the rule, and
 * `X` where its scan fails.
 *
 * @module
 */

import assert from "node:assert/strict";
import { parseRuleFile } from "../parse_rule_file.ts";
import {
  type AnalysedRule,
  analyseRules,
  Evaluation,
  existenceOf,
  FALSE,
  type PatternMatches,
  type Possible,
  TRUE,
  UNDEFINED,
} from "./mod.ts";
import verdicts from "./testdata/verdicts.txt" with { type: "text" };

const EXTERNALS = { s: "héLLo\u0001", n: 5, t: true, f: 1.5, fs: false };
const TYPES = { s: "s", n: "i", t: "b", f: "f", fs: "b" } as const;
const MEANINGS: Readonly<Record<string, Possible>> = { T: TRUE, F: FALSE, U: UNDEFINED };

interface Group {
  title: string;
  imports: string;
  strings: string;
  content: string;
  readonly lines: string[];
}

function readGroups(text: string): Group[] {
  const groups: Group[] = [];
  for (const line of text.split("\n")) {
    const [word] = line.split(" ", 1) as [string];
    const rest = line.slice(word.length + 1);
    const group = groups.at(-1)!;
    if (word === "##") groups.push({ title: rest, imports: "", strings: "", content: "", lines: [] });
    else if (word === "#imports") group.imports = rest;
    else if (word === "#strings") group.strings = rest;
    else if (word === "#content") group.content = rest;
    else if (line !== "") group.lines.push(line);
  }
  return groups;
}

function analyse(group: Group, condition: string): AnalysedRule | undefined {
  const strings = group.strings === "" ? "" : `strings: ${group.strings}`;
  const file = parseRuleFile(`${group.imports} rule r { ${strings} condition: ${condition} }`);
  const modules = new Set(file.imports.map(({ name }) => name));
  const [rule] = file.rules;
  if (!rule) return undefined;
  const inputs = [{ rule, namespace: "default", modules }];
  return analyseRules(inputs, { externals: TYPES, checkRegexp: () => undefined, canMatch: () => true })[0];
}

function evaluationOf(group: Group): Evaluation {
  const matches = [...group.strings.matchAll(/"(\w+)"/g)].map((pattern): PatternMatches => {
    const text = pattern[1]!;
    const offsets: number[] = [];
    for (let at = group.content.indexOf(text); at >= 0; at = group.content.indexOf(text, at + 1)) {
      offsets.push(at);
    }
    return { status: "exact", offsets, lengths: offsets.map(() => text.length) };
  });
  return new Evaluation({
    content: new TextEncoder().encode(group.content),
    externals: EXTERNALS,
    exists: (pattern) => existenceOf(matches[pattern]!),
    matches: (pattern) => matches[pattern]!,
    rule: () => TRUE,
    regexpMatches: ({ source, isCaseInsensitive }, text) =>
      new RegExp(source, isCaseInsensitive ? "i" : "").test(text),
  });
}

/** Conditions for which only a set of possible verdicts is computed. */
function isNotComputed(condition: string): boolean {
  const isOfNone = /^(?:0|\(?n-[567]\)?) of (?:them|\([^)]*\))$/.test(condition);
  const isUnknownCall = /^(?:hash|time|string)\.|math\.(?:to_string|mode|serial|monte|entropy\(")/.test(
    condition,
  );
  return isOfNone || isUnknownCall || /É|\bs i|tools|elf\.import_md5/.test(condition);
}

for (const group of readGroups(verdicts)) {
  Deno.test(`verdicts are those of YARA-X: ${group.title}`, () => {
    const evaluation = evaluationOf(group);
    for (const line of group.lines) {
      const [letter, condition] = [line[0]!, line.slice(2)];
      const analysed = analyse(group, condition);
      if (letter === "E") {
        assert.ok(!analysed || analysed.problem || analysed.class === "opaque", `accepted: ${line}`);
        continue;
      }
      assert.ok(analysed && !analysed.problem, `refused (${analysed?.problem?.message}): ${line}`);
      if (!analysed.condition || letter === "X") continue;
      const result = evaluation.boolean(analysed.condition);
      assert.ok(result & MEANINGS[letter]!, `unsound: ${result}: ${line}`);
      if (!isNotComputed(condition)) assert.equal(result, MEANINGS[letter], line);
    }
  });
}
