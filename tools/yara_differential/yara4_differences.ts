/**
 * Where YARA-X and YARA 4.2 differ, and why. YARA-X is the authority; this list says what a user who comes from
 * YARA 4 will see.
 *
 * @module
 */

import type { ExplainedDifference, Suspect } from "./explanation.ts";
import { CONDITION_DIFFERENCES } from "./yara4_condition_differences.ts";
import { STRING_DIFFERENCES } from "./yara4_string_differences.ts";

/** All known differences; where several explain one, the first counts. */
export const YARA4_DIFFERENCES: readonly ExplainedDifference[] = [
  ...STRING_DIFFERENCES,
  ...CONDITION_DIFFERENCES,
];

/** The first explanation of a difference. */
export function explanationOf(suspect: Suspect): ExplainedDifference | undefined {
  return YARA4_DIFFERENCES.find((difference) => difference.explains(suspect));
}
