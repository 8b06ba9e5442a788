/**
 * The YARA language without an engine: the parser, checks and printer of rules, tokens and outlines of
 * texts that may be broken, and rule sets with their includes.
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
export { childrenOf } from "./expression_children.ts";
export { tokenize } from "./lexer.ts";
export {
  type MetaEntry,
  type MetaValue,
  type Outline,
  outlineOf,
  type RuleOutline,
  type Span,
} from "./outline.ts";
export { parseRuleFile } from "./parse_rule_file.ts";
export { MAX_SYNTAX_DEPTH } from "./parser.ts";
export { resolveInclude } from "./path.ts";
export { type PreparedPiece, type PreparedRules, prepareRules } from "./prepare.ts";
export { printExpression } from "./print_expression.ts";
export { printPattern } from "./print_pattern.ts";
export { printRule } from "./print_rule.ts";
export { describeProblem, type RuleProblem } from "./rule_problem.ts";
export type {
  BinaryOperator,
  Expression,
  HexPattern,
  HexToken,
  IterableSyntax,
  Modifiers,
  PatternSyntax,
  Quantifier,
  RangeSyntax,
  RegexpPattern,
  RegexpSyntax,
  RuleFileSyntax,
  RuleSyntax,
  SetSyntax,
  SyntaxProblem,
  TextPattern,
} from "./syntax.ts";
export { Places } from "./syntax_failure.ts";
export { textBytes, textOrBytes } from "./text.ts";
export { type LexProblem, type Token, type TokenKind, type Tokens, tokenText } from "./token.ts";
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
