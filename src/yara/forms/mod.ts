/**
 * From patterns to what the scanning core looks for, and from its hits back to matches.
 *
 * @module
 */

export { anchorsOf } from "./anchors.ts";
export { compilePattern, type PatternUsage } from "./compile_pattern.ts";
export type {
  Base64Phase,
  CompiledPattern,
  FollowUpPlan,
  HexChoice,
  HexElement,
  HexJump,
  HexRun,
  PatternForm,
  PatternStatus,
  RunPlace,
} from "./compiled_pattern.ts";
export { followPlain, followUp, MAX_MATCHES } from "./follow_up.ts";
export type { FollowedUp, FormHit, PatternMatch } from "./matches.ts";
export { PatternKey } from "./pattern_key.ts";
export { regexpProblem } from "./regexp_forms.ts";
