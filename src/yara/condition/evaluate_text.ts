/**
 * Values of texts.
 *
 * @module
 */

import type { Evaluation } from "./evaluation.ts";
import { evaluateInteger } from "./evaluate_integer.ts";
import { evaluateModule } from "./evaluate_module.ts";
import { isKnown } from "./integer.ts";
import type { ModuleValue } from "./module_value.ts";
import { SOME_TEXT, type TextValue, UNKNOWN_TEXT } from "./text_value.ts";
import type { TextNode } from "./tree.ts";

/** What a digest costs at least; its bytes are counted by who computes it. */
const STEPS_OF_DIGEST = 50;

/** What a text may be. */
export function evaluateText(node: TextNode, on: Evaluation): TextValue {
  switch (node.op) {
    case "text":
      return node.v;
    case "external":
      return on.externalText(node.name);
    case "variable":
      return on.slots[node.slot] as TextValue;
    case "digest":
      return evaluateDigest(node, on);
    case "module":
      return textOf(evaluateModule(node, on));
  }
}

function textOf(value: ModuleValue): TextValue {
  return typeof value === "string" || value === null ? value : UNKNOWN_TEXT;
}

/** The module `hash` wants a range that lies within the content. */
function evaluateDigest(node: Extract<TextNode, { op: "digest" }>, on: Evaluation): TextValue {
  const from = evaluateInteger(node.from, on);
  const size = evaluateInteger(node.size, on);
  if (from === null || size === null) return null;
  if (!isKnown(from) || !isKnown(size) || !on.facts.content) return UNKNOWN_TEXT;
  if (typeof from !== "number" || typeof size !== "number") return UNKNOWN_TEXT;
  if (from < 0 || size < 0 || from + size > on.facts.content.length) {
    return Math.abs(from) + Math.abs(size) < 2 ** 31 ? null : UNKNOWN_TEXT;
  }
  if (!on.spend(STEPS_OF_DIGEST)) return SOME_TEXT;
  return on.facts.digest?.(node.algorithm, from, size) ?? SOME_TEXT;
}
