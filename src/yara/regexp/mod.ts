/**
 * YARA's regular expressions as YARA-X 1.20 understands them: parsed, searched by runs, matched in linear time.
 *
 * ```ts
 * import { compileRegexp, matchesOf } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const regexp = compileRegexp({ source: "fo+ba[rz]", isCaseInsensitive: true });
 * assert.ok(!("problem" in regexp) && regexp.runs !== "none");
 * const content = new TextEncoder().encode("a FOOBAR");
 * const texts = regexp.runs.map((run) => new TextDecoder().decode(run.bytes));
 * const hits = texts.flatMap((text, run) => {
 *   const offset = new TextDecoder().decode(content).toLowerCase().indexOf(text);
 *   return offset < 0 ? [] : [[run, offset] as const];
 * });
 * assert.deepEqual(matchesOf(regexp, content, hits), {
 *   certainty: "exact",
 *   matches: [{ offset: 2, length: 6 }],
 * });
 * ```
 *
 * @module
 */

export { CompiledRegexp, compileRegexp } from "./compiled_regexp.ts";
export * from "./limits.ts";
export {
  matchesOf,
  type RegexpCertainty,
  type RegexpMatch,
  type RegexpMatches,
  type RunHit,
} from "./matches.ts";
export type { Assertion, RegexpNode, Repetition } from "./node.ts";
export { type ParsedRegexp, parseRegexp, type RegexpUse } from "./parser.ts";
export { type RegexpRun, requiredRuns } from "./required_runs.ts";
export { type Shape } from "./shape.ts";
export { compileTextRegexp, regexpMatches, type TextRegexp } from "./text_matches.ts";
