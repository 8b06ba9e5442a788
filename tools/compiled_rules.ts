/**
 * Compiles the rules that ship with the `yara` plugin ahead of time.
 *
 * @module
 */

import { compiledKey, compiledText } from "../plugins/yara/compiled_rules.ts";
import { defaultExternals } from "../plugins/yara/externals.ts";
import { compileRules } from "../plugins/yara/rule_compiler.ts";
import { readShippedRules, type RuleOption } from "../plugins/yara/shipped_rules.ts";

/**
 * Returns the compiled rules of an option, for the options that the plugin has by default.
 *
 * @throws {AggregateError} with a line for each rule that can't be used
 */
export async function renderCompiledRules(option: RuleOption, text: string): Promise<string> {
  const rules = await readShippedRules(option, text);
  const settings = { externals: defaultExternals(undefined), hasNamespaceByFile: false };
  return compiledText(await compiledKey(rules, settings), compileRules(rules, settings));
}
