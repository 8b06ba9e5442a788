/**
 * Values of floats.
 *
 * @module
 */

import type { Evaluation } from "./evaluation.ts";
import { evaluateInteger } from "./evaluate_integer.ts";
import { evaluateModule } from "./evaluate_module.ts";
import { evaluateMath } from "./evaluate_math.ts";
import { readFloat } from "./evaluate_read.ts";
import { combineFloats, floatOf, type FloatValue, minusFloat, UNKNOWN_FLOAT } from "./float.ts";
import type { ModuleValue } from "./module_value.ts";
import type { FloatNode } from "./tree.ts";

/** What a float may be. */
export function evaluateFloat(node: FloatNode, on: Evaluation): FloatValue {
  switch (node.op) {
    case "float":
      return node.v;
    case "from-integer":
      return floatOf(evaluateInteger(node.of, on));
    case "read":
      return readFloat(node.name, evaluateInteger(node.at, on), on.facts.content);
    case "minus":
      return minusFloat(evaluateFloat(node.of, on));
    case "external": {
      const value = on.external(node.name);
      return typeof value === "number" ? value : UNKNOWN_FLOAT;
    }
    case "variable":
      return on.slots[node.slot] as FloatValue;
    case "math":
      return evaluateMath(node, on) as FloatValue;
    case "module":
      return moduleFloat(evaluateModule(node, on));
    default:
      return combineFloats(node.op, evaluateFloat(node.l, on), evaluateFloat(node.r, on));
  }
}

function moduleFloat(value: ModuleValue): FloatValue {
  return typeof value === "number" || value === null ? value : UNKNOWN_FLOAT;
}
