/**
 * What of an archive could not be looked into.
 *
 * @module
 */

import type { ReportedBlindSpot } from "../../src/plugin/define.ts";
import type { Extraction, Problem, ProblemKind } from "../../wasm/seven_zip/mod.ts";

/** Kinds of problems that are blind spots; the engine makes blind spots of the errors of limits. */
const CODES: { readonly [K in ProblemKind]?: string } = {
  "encrypted": "encrypted",
  "wrong-password": "encrypted",
  "truncated": "truncated",
  "damaged": "damaged",
  "unsupported": "unsupported",
};

/** Returns the blind spots of an archive. */
export function blindSpotsOf(extraction: Extraction): readonly ReportedBlindSpot[] {
  return extraction.problems.flatMap((problem) => {
    const code = CODES[problem.kind];
    return code === undefined ? [] : [{ code, detail: detailOf(problem, extraction) }];
  });
}

/** Returns `3 of 5 entries`, or what is wrong with the archive as a whole. */
function detailOf(problem: Problem, { entryCount, isEntryCountAtLeast }: Extraction): string {
  if (problem.entryCount === 0) return problem.detail;
  const least = problem.isEntryCountAtLeast ? "at least " : "";
  const all = isEntryCountAtLeast ? `at least ${entryCount}` : String(entryCount);
  return `${least}${problem.entryCount} of ${all} ${entryCount === 1 ? "entry" : "entries"}`;
}
