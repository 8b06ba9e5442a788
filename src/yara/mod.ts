/**
 * The YARA language without an engine: tokens, the outline of a rule file, and rule sets with their includes.
 *
 * @module
 */

export {
  type CollectedRules,
  collectRules,
  MAX_INCLUDE_DEPTH,
  MAX_RULE_FILES,
  MAX_RULE_SET_BYTES,
  type RuleBytes,
  type RulePiece,
  type RuleReader,
} from "./collect.ts";
export { tokenize } from "./lexer.ts";
export {
  type MetaEntry,
  type MetaValue,
  type Outline,
  outlineOf,
  type RuleOutline,
  type Span,
} from "./outline.ts";
export { resolveInclude } from "./path.ts";
export { type PreparedPiece, type PreparedRules, prepareRules } from "./prepare.ts";
export { describeProblem, type RuleProblem } from "./rule_problem.ts";
export { textBytes, textOrBytes } from "./text.ts";
export { type LexProblem, type Token, type TokenKind, type Tokens, tokenText } from "./token.ts";
export {
  anchorsOf,
  type CompiledPattern,
  compilePattern,
  type FollowedUp,
  followUp,
  type FormHit,
  MAX_MATCHES,
  type PatternForm,
  patternKey,
  type PatternMatch,
  type PatternStatus,
  type PatternUsage,
} from "./forms/mod.ts";
