/**
 * What an engine says of a file, in a form in which two of them can be compared.
 *
 * @module
 */

import type { RuleMatch } from "../../plugins/yara/engine.ts";

/** One place where a string matches. */
export interface Hit {
  readonly identifier: string;
  readonly offset: number;
  readonly length: number;
  /** Present when the engine reports it. */
  readonly xorKey?: number;
}

/** Rule that matches → its hits by identifier, offset and length. */
export type Verdict = ReadonlyMap<string, readonly Hit[]>;

/** What an engine of ours found. */
export function verdictOf(matches: readonly RuleMatch[]): Verdict {
  return new Map(matches.map(({ rule, strings }) => [rule, sortHits(strings)]));
}

/** The order in which hits are compared. */
export function sortHits(hits: readonly Hit[]): Hit[] {
  return hits.toSorted((a, b) =>
    a.identifier < b.identifier
      ? -1
      : a.identifier > b.identifier
      ? 1
      : a.offset - b.offset || a.length - b.length || (a.xorKey ?? -1) - (b.xorKey ?? -1)
  );
}

/** How two verdicts differ in one rule. */
export interface Difference {
  readonly rule: string;
  /** `rule`: only one of the two has a match at all; `hits`: both do, with other hits. */
  readonly kind: "rule" | "hits";
  /** Of a difference of rules: whether the first one says that it matches. */
  readonly isInFirst: boolean;
  /** Hits that only the first one has. */
  readonly onlyFirst: readonly Hit[];
  /** Hits that only the second one has. */
  readonly onlySecond: readonly Hit[];
}

/** What both engines can tell. */
export interface CommonGround {
  /** Whether both tell the keys of `xor`. */
  readonly hasXorKeys: boolean;
  /** Lengths beyond this one count as equal to it. */
  readonly longestHit: number;
}

/** All differences, by rule. */
export function compareVerdicts(first: Verdict, second: Verdict, ground: CommonGround): Difference[] {
  const differences: Difference[] = [];
  for (const rule of new Set([...first.keys(), ...second.keys()])) {
    const [a, b] = [first.get(rule), second.get(rule)];
    const onlyFirst = missingFrom(b ?? [], a ?? [], ground);
    const onlySecond = missingFrom(a ?? [], b ?? [], ground);
    if (!a || !b) differences.push({ rule, kind: "rule", isInFirst: a !== undefined, onlyFirst, onlySecond });
    else if (onlyFirst.length + onlySecond.length > 0) {
      differences.push({ rule, kind: "hits", isInFirst: true, onlyFirst, onlySecond });
    }
  }
  return differences;
}

/** Hits of `hits` that `others` lacks; a hit that is there twice must be there twice. */
function missingFrom(others: readonly Hit[], hits: readonly Hit[], ground: CommonGround): Hit[] {
  const keyOf = (hit: Hit) =>
    `${hit.identifier} ${hit.offset} ${Math.min(hit.length, ground.longestHit)} ${
      ground.hasXorKeys ? hit.xorKey : ""
    }`;
  const counts = new Map<string, number>();
  for (const hit of others) counts.set(keyOf(hit), (counts.get(keyOf(hit)) ?? 0) + 1);
  return hits.filter((hit) => {
    const left = counts.get(keyOf(hit)) ?? 0;
    counts.set(keyOf(hit), left - 1);
    return left <= 0;
  });
}
