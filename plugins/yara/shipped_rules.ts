/**
 * The rules that count where an option is unset, and what `deno task gen` compiled of them. They are part of the module
 * graph, so that they are there when the code comes from a URL or lives in a binary.
 *
 * @module
 */

import { type CollectedRules, collectRules } from "../../src/yara/mod.ts";
import { CompiledTextStore } from "./compiled_rules.ts";
import dispatcherCompiled from "./rules/dispatcher.compiled.txt" with { type: "text" };
import dispatcherRules from "./rules/dispatcher.yar" with { type: "text" };
import workerCompiled from "./rules/stoq.compiled.txt" with { type: "text" };
import workerRules from "./rules/stoq.yar" with { type: "text" };

/** An option for which there are shipped rules. */
export type RuleOption = "worker_rules" | "dispatch_rules";

const SHIPPED = {
  worker_rules: { file: "rules/stoq.yar", text: workerRules, compiled: workerCompiled },
  dispatch_rules: { file: "rules/dispatcher.yar", text: dispatcherRules, compiled: dispatcherCompiled },
} as const;

/** The shipped rules of an option; `text` stands for the text of its file. */
export function readShippedRules(
  option: RuleOption,
  text: string = SHIPPED[option].text,
): Promise<CollectedRules> {
  return collectRules([SHIPPED[option].file], () => ({ bytes: new TextEncoder().encode(text) }));
}

/** The compiled rules of an option. */
export function shippedStore(option: RuleOption): CompiledTextStore {
  return new CompiledTextStore(SHIPPED[option].compiled);
}
