/**
 * Values of texts.
 *
 * @module
 */

import type { Evaluation } from "./evaluation.ts";
import { evaluateModule } from "./evaluate_boolean.ts";
import { evaluateInteger } from "./evaluate_integer.ts";
import { isKnown } from "./integer.ts";
import { SOME_TEXT, type TextValue, UNKNOWN_TEXT } from "./text_value.ts";
import type { TextNode } from "./tree.ts";

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
      return evaluateModule(node, on, "", UNKNOWN_TEXT, null);
  }
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
  return on.facts.digest?.(node.algorithm, from, size) ?? SOME_TEXT;
}
