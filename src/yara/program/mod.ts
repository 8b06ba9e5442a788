/**
 * Compiled rule sets and what they say of a payload.
 *
 * @module
 */

export {
  type EvaluatedRules,
  type EvaluationInput,
  type MatchedRule,
  RuleEvaluator,
  type RuleTimer,
  type StringMatch,
} from "./rule_evaluator.ts";
export { Program, PROGRAM_VERSION, type ProgramRule, type ProgramSummary, SECTION } from "./program.ts";
