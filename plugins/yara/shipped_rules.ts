/**
 * The rules that count where an option is unset. They are part of the module graph, so that they are there when the
 * code comes from a URL or lives in a binary.
 *
 * @module
 */

import type { RuleBytes } from "../../src/yara/mod.ts";
import dispatcherRules from "./rules/dispatcher.yar" with { type: "text" };
import workerRules from "./rules/stoq.yar" with { type: "text" };

const FILES: Readonly<Record<string, string>> = {
  "rules/dispatcher.yar": dispatcherRules,
  "rules/stoq.yar": workerRules,
};

/** Option → the shipped file that stands for it. */
export const SHIPPED_FILE = {
  worker_rules: "rules/stoq.yar",
  dispatch_rules: "rules/dispatcher.yar",
} as const;

/** Reads a shipped file. */
export function readShippedFile(path: string): RuleBytes {
  const text = FILES[path];
  return text === undefined
    ? { failure: "it is not among the shipped rules" }
    : { bytes: new TextEncoder().encode(text) };
}
