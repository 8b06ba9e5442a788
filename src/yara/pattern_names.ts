/**
 * The names of the patterns of a rule.
 *
 * @module
 */

import type { PatternSyntax } from "./syntax.ts";

/** The names of a rule's patterns. */
export interface PatternNames {
  /** Identifier → index of the last pattern that has it. */
  readonly indices: ReadonlyMap<string, number>;
  /** The first pattern that has the name of an earlier one; those without a name have none. */
  readonly duplicate: PatternSyntax | undefined;
}

let last: { readonly patterns: readonly PatternSyntax[]; readonly names: PatternNames } | undefined;

/** The names of patterns. All steps of compiling ask for the same ones before the next rule comes. */
export function namesOf(patterns: readonly PatternSyntax[]): PatternNames {
  if (last?.patterns !== patterns) last = { patterns, names: findNames(patterns) };
  return last.names;
}

function findNames(patterns: readonly PatternSyntax[]): PatternNames {
  const indices = new Map<string, number>();
  let duplicate: PatternSyntax | undefined;
  let repeated = 0;
  for (let index = 0; index < patterns.length; index++) {
    const pattern = patterns[index]!;
    indices.set(pattern.identifier, index);
    if (indices.size > index - repeated) continue;
    repeated++;
    if (pattern.identifier !== "$") duplicate ??= pattern;
  }
  return { indices, duplicate };
}
