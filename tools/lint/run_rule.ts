/**
 * Runs one rule on a source text, for the rules' tests.
 *
 * @module
 */

import plugin from "./mod.ts";

/** Returns the messages of a rule of the plugin for a source text. */
export function messagesOf(rule: string, fileName: string, source: string): string[] {
  const found = plugin.rules[rule];
  if (found === undefined) throw new RangeError(`Cannot run "${rule}": no rule of the plugin`);
  return Deno.lint.runPlugin({ name: "stoq", rules: { [rule]: found } }, fileName, source)
    .map(({ message }) => message);
}
