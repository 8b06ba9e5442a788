/**
 * Where YARA-X and YARA 4.2 differ, and why. YARA-X is the authority; this list says what a user who comes from
 * YARA 4 will see.
 *
 * @module
 */

import type { ExplainedDifference } from "./explanation.ts";

/** All known differences. */
export const YARA4_DIFFERENCES: readonly ExplainedDifference[] = [];
