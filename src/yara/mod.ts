/**
 * The YARA language without an engine: parser and checks of rules, rule sets with their includes, and compiled rule sets.
 *
 * @module
 */

export { patternProblems } from "./check_patterns.ts";
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
export {
  type ConditionWord,
  type DeclaredPiece,
  type DeclaredRules,
  readDeclarations,
  type RuleDeclaration,
} from "./declarations.ts";
export { childrenOf } from "./expression_children.ts";
export { parseRuleFile } from "./parse_rule_file.ts";
export { MAX_SYNTAX_DEPTH } from "./parser.ts";
export { resolveInclude } from "./path.ts";
export { printPattern } from "./print_pattern.ts";
export { describeProblem, type RuleProblem } from "./rule_problem.ts";
export type {
  BinaryOperator,
  Expression,
  HexPattern,
  HexToken,
  IncludeSyntax,
  IterableSyntax,
  MetaEntry,
  MetaValue,
  Modifiers,
  PatternSyntax,
  Quantifier,
  RangeSyntax,
  RefusedRule,
  RegexpPattern,
  RegexpSyntax,
  RuleFileSyntax,
  RuleHead,
  RuleSyntax,
  SetSyntax,
  SyntaxProblem,
  TextPattern,
} from "./syntax.ts";
export { Places } from "./syntax_failure.ts";
export type { DigestFunction } from "./condition/mod.ts";
export {
  buildProgram,
  type BuildSettings,
  type Evidence,
  Judge,
  type Judgement,
  Program,
  PROGRAM_VERSION,
  type ProgramRule,
  type ProgramSummary,
  type RuleTimer,
  SECTION,
  type SettledRule,
  type StringMatch,
} from "./program/mod.ts";
export { SEALED_FILE_VERSION, sealSections, type Unsealed, unsealSections } from "./sealed_file.ts";
