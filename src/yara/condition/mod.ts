/**
 * Conditions of rules: analysis of what they need, and evaluation over sets of possible values.
 *
 * ```ts
 * import { analyseRules, Evaluation, FALSE, TRUE } from "./mod.ts";
 * import { parseRuleFile } from "../parse_rule_file.ts";
 *
 * const text = 'rule a { strings: $a = "fox" condition: filesize > 2 and #a < 2 and $a }';
 * const inputs = parseRuleFile(text).rules.map((rule) => ({ rule, namespace: "default", modules: new Set<string>() }));
 * const [analysed] = analyseRules(inputs, { externals: {} });
 * console.assert(analysed!.class === "exact" && analysed!.needsMatch!.join() === "0");
 * const evaluation = new Evaluation({
 *   content: new Uint8Array(3),
 *   exists: () => FALSE,
 *   matches: () => ({ status: "exact", offsets: [], lengths: [] }),
 *   rule: () => TRUE,
 * });
 * console.assert(evaluation.boolean(analysed!.condition!) === FALSE);
 * ```
 *
 * @module
 */

export {
  type AnalysedRule,
  analyseRules,
  type AnalysisSettings,
  type ConditionProblem,
  RuleAnalyser,
  type RuleClass,
  type RuleInput,
} from "./analyse.ts";
export { ContentModules } from "./content_modules.ts";
export { existenceOf } from "./evaluate_pattern.ts";
export { Evaluation } from "./evaluation.ts";
export { MAX_EVALUATION_STEPS } from "./evaluation_context.ts";
export type { ExternalValue, Facts, PatternMatches } from "./facts.ts";
export { ANYTHING, EITHER, FALSE, type Possible, settled, TRUE, UNDEFINED } from "./possible.ts";
export type { DigestFunction } from "./module_value.ts";
export { MAX_CONDITION_DEPTH, type RegexpKnowledge } from "./resolver_context.ts";
export { USES_EXISTENCE, USES_LENGTHS, USES_OFFSETS } from "./scope.ts";
export type { BooleanNode, ScalarType } from "./tree.ts";
