/**
 * From patterns to what the scanning core looks for, and from its hits to matches.
 *
 * @module
 */

export { anchorsOf } from "./anchors.ts";
export { compilePattern, type PatternUsage } from "./compile_pattern.ts";
export type { CompiledPattern, PatternForm, PatternStatus } from "./compiled_pattern.ts";
export { type FollowedUp, followUp, MAX_MATCHES, type PatternMatch } from "./follow_up.ts";
export { patternKey } from "./pattern_key.ts";
