/**
 * The YARA language without an engine: parser, rule sets with their includes, and compiled rule sets. What compiles them
 * is in `compiler/`.
 *
 * @module
 */

export {
  type CollectedRules,
  collectRules,
  MAX_RULE_FILES,
  MAX_RULE_SET_BYTES,
  type RuleBytes,
  type RulePiece,
  type RuleReader,
} from "./collect.ts";
export type { DigestFunction } from "./condition/module_value.ts";
export { parseRuleFile } from "./parse_rule_file.ts";
export { printPattern } from "./print_pattern.ts";
export {
  type EvaluatedRules,
  type EvaluationInput,
  type MatchedRule,
  Program,
  PROGRAM_VERSION,
  type ProgramRule,
  type ProgramSummary,
  RuleEvaluator,
  type RuleTimer,
  SECTION,
  type StringMatch,
} from "./program/mod.ts";
export { describeProblem, type RuleProblem } from "./rule_problem.ts";
export { SEALED_FILE_VERSION, sealSections, unsealSections } from "./sealed_file.ts";
export type {
  Expression,
  HexToken,
  IncludeSyntax,
  MetaEntry,
  MetaValue,
  Modifiers,
  PatternSyntax,
  RefusedRule,
  RegexpSyntax,
  RuleFileSyntax,
  RuleHead,
  RuleSyntax,
  SyntaxProblem,
  TextPattern,
} from "./syntax.ts";
