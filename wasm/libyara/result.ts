/**
 * Reads what a run found; tags and metadata come from the rules' text.
 *
 * @module
 */

import { type MatchedRule, type ResolvedMatch, takeAll, type Vector } from "./abi.ts";
import type { RuleDeclaration, RuleMatch, StringHit } from "./shapes.ts";

/** Most hits of one pattern that are reported; conditions still count up to libyara's own limit, a million. */
export const MAX_HITS_PER_PATTERN = 10_000;

/** Reads the matched rules and deletes them. */
export function readMatches(
  matched: readonly MatchedRule[],
  rules: ReadonlyMap<string, RuleDeclaration>,
): RuleMatch[] {
  return matched.flatMap((match) => {
    const rule = rules.get(match.ruleName);
    const strings = rule ? readHits(match.resolvedMatches, new Set(rule.patterns)) : [];
    match.resolvedMatches.delete();
    match.metadata.delete();
    if (!rule) return [];
    const meta = rule.meta.map(({ name, value }) => [name, value] as const);
    return [{ rule: rule.name, namespace: "default", tags: rule.tags, meta, strings }];
  });
}

/** Hits lie together by pattern; the vector is large, each look at it slow. */
function readHits(vector: Vector<ResolvedMatch>, reported: ReadonlySet<string>): StringHit[] {
  const hits: StringHit[] = [];
  const size = vector.size();
  let identifier: string | undefined;
  let count = 0;
  for (let i = 0; i < size;) {
    const { location, matchLength, stringIdentifier } = vector.get(i);
    if (stringIdentifier !== identifier) {
      identifier = stringIdentifier;
      count = 0;
    }
    if (!reported.has(identifier) || ++count > MAX_HITS_PER_PATTERN) {
      i = nextPattern(vector, i, size);
      continue;
    }
    hits.push({ identifier, offset: location, length: matchLength });
    i++;
  }
  return hits;
}

/** Where the next pattern's hits begin, found by leaps that double and then halve. */
function nextPattern(vector: Vector<ResolvedMatch>, from: number, size: number): number {
  const { stringIdentifier } = vector.get(from);
  const isSame = (i: number) => vector.get(i).stringIdentifier === stringIdentifier;
  let same = from;
  let leap = 1;
  for (; same + leap < size && isSame(same + leap); leap *= 2) same += leap;
  let other = Math.min(same + leap, size);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (isSame(middle)) same = middle;
    else other = middle;
  }
  return other;
}

/** Reads and deletes the lines that rules wrote. */
export function passOn(lines: Vector<string>, onConsole: ((line: string) => void) | undefined): void {
  for (const line of takeAll(lines)) onConsole?.(line);
}
