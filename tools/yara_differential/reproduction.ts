/**
 * Makes a finding small and writes it into a folder.
 *
 * @module
 */

import { compareBatch, type Finding } from "./comparison.ts";
import { closureOf, collectedOf, type PoolRule } from "./rule_pool.ts";
import { shrinkFile } from "./shrink.ts";
import type { Hit } from "./verdict.ts";

/** Sets of rules that are tried when a rule alone does not show the difference. */
const MAX_RULE_TRIES = 40;

/** Rules and a file, as small as they could be made, on which the two still differ in the rule. */
export interface Reproduction {
  readonly rules: readonly PoolRule[];
  readonly bytes: Uint8Array;
  /** What each says of it. */
  readonly finding: Finding;
}

/** Shrinks the rules first, then the file. */
export async function reproduce(finding: Finding): Promise<Reproduction> {
  const rules = await shrinkRules(finding);
  let smallest = finding;
  const bytes = await shrinkFile(finding.file.bytes, async (candidate) => {
    const still = await differsWith(finding, rules, candidate);
    if (still) smallest = still;
    return still !== undefined;
  });
  return { rules, bytes, finding: smallest };
}

async function differsWith(finding: Finding, rules: readonly PoolRule[], bytes: Uint8Array) {
  const { externals, file, first, second, rule } = finding;
  const groups = [{ externals, files: [{ story: file.story, bytes }] }];
  const { findings } = await compareBatch([first, second], { ...finding.batch, rules, groups });
  return findings.find((found) => found.rule.name === rule.name);
}

/** The rule with those it refers to; where that does not differ, earlier rules come back, fewer and fewer. */
async function shrinkRules(finding: Finding): Promise<readonly PoolRule[]> {
  const { batch, rule, file } = finding;
  const needed = closureOf(batch.rules, [rule]);
  const hasDifference = async (rules: readonly PoolRule[]) =>
    await differsWith(finding, rules, file.bytes) !== undefined;
  if (await hasDifference(needed)) return needed;
  let others = batch.rules.filter((other) => !needed.includes(other));
  const withNeeded = (some: readonly PoolRule[]) =>
    closureOf(batch.rules, batch.rules.filter((other) => needed.includes(other) || some.includes(other)));
  let size = Math.ceil(others.length / 2);
  for (let tries = 0; tries < MAX_RULE_TRIES && size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < others.length && tries < MAX_RULE_TRIES; tries++) {
      const fewer = others.toSpliced(start, size);
      if (await hasDifference(withNeeded(fewer))) others = fewer;
      else start += size;
    }
  }
  return withNeeded(others);
}

/** Writes `rules.yar`, `file.bin` and `difference.txt`. */
export async function writeReproduction(folder: string, reproduction: Reproduction): Promise<void> {
  const { rules, bytes, finding } = reproduction;
  await Deno.mkdir(folder, { recursive: true });
  const text = collectedOf(rules).pieces.map((piece) => piece.text).join("\n");
  await Deno.writeTextFile(`${folder}/rules.yar`, text);
  await Deno.writeFile(`${folder}/file.bin`, bytes);
  await Deno.writeTextFile(`${folder}/difference.txt`, describeFinding(finding) + "\n");
}

/** A finding for people, in several lines. */
export function describeFinding({ batch, externals, file, first, second, rule, said }: Finding): string {
  return [
    `rule ${rule.name} (${rule.file})`,
    `  file: ${file.story}, ${file.bytes.length} bytes, ${batch.label}`,
    `  externals: ${JSON.stringify(externals)}`,
    `  ${first.name}: ${describeHits(said[0], said[1])}`,
    `  ${second.name}: ${describeHits(said[1], said[0])}`,
  ].join("\n");
}

/** Most hits that are listed for people. */
const MAX_LISTED_HITS = 12;

/** The hits, those that the other one lacks in front. */
function describeHits(hits: readonly Hit[] | undefined, others: readonly Hit[] | undefined): string {
  if (!hits) return "no match";
  const wordOf = ({ identifier, offset, length, xorKey }: Hit) =>
    `${identifier}@${offset}+${length}${xorKey === undefined ? "" : ` key ${xorKey}`}`;
  const known = new Set(others?.map((hit) => `${hit.identifier}@${hit.offset}+${hit.length}`));
  const isOwn = (hit: Hit) => !known.has(`${hit.identifier}@${hit.offset}+${hit.length}`);
  const listed = [...hits.filter(isOwn), ...hits.filter((hit) => !isOwn(hit))];
  const more = listed.length > MAX_LISTED_HITS ? ` and ${listed.length - MAX_LISTED_HITS} more` : "";
  return `match, ${listed.slice(0, MAX_LISTED_HITS).map(wordOf).join(" ") || "no hits"}${more}`;
}
