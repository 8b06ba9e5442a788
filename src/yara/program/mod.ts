/**
 * Compiled rule sets and what they say of a payload.
 *
 * @module
 */

export {
  type Evidence,
  Judge,
  type Judgement,
  type RuleTimer,
  type SettledRule,
  type StringMatch,
} from "./judge.ts";
export { Program, PROGRAM_VERSION, type ProgramRule, type ProgramSummary, SECTION } from "./program.ts";
