/**
 * What the engine refuses though it follows the grammar.
 *
 * @module
 */

import { RegexpProblem } from "./cursor.ts";
import { MAX_REGEXP_DEPTH } from "./limits.ts";
import type { SourceNode } from "./source_tree.ts";

/** Stops if nodes are nested too deep. */
export function checkDepth(root: SourceNode): void {
  if (depthOf(root) > MAX_REGEXP_DEPTH) throw new RegexpProblem("nesting is too deep", 0);
}

function depthOf(node: SourceNode): number {
  if (node.kind === "leaf") return node.depth ?? 0;
  if (node.kind === "flags") return 0;
  if ("of" in node) return 1 + depthOf(node.of);
  return 1 + node.parts.reduce((most, part) => Math.max(most, depthOf(part)), 0);
}

/** Whether all repetitions are greedy (`true`), none is (`false`), or there are none. Stops if they are mixed. */
export function greedinessOf(root: SourceNode): boolean | undefined {
  let first: boolean | undefined;
  const visit = (node: SourceNode): void => {
    if (node.kind === "repetition") {
      first ??= node.isGreedy;
      if (node.isGreedy !== first) {
        throw new RegexpProblem("mixing greedy and non-greedy quantifiers", node.offset);
      }
    }
    if ("of" in node) visit(node.of);
    else if ("parts" in node) node.parts.forEach(visit);
  };
  visit(root);
  return first;
}

/** What a piece matches: nothing special, any bytes, or any bytes in any number. */
type Reach = "some" | "any" | "any-number";

/**
 * Stops if the start of the outermost sequence matches anything in any number. This follows the engine in its
 * oddities: two `.*` in a row pass, and so does `.*` behind an assertion.
 */
export function checkPrefix(root: SourceNode): void {
  reachOf(root, true);
}

function reachOf(node: SourceNode, isOutermost: boolean): Reach {
  switch (node.kind) {
    case "leaf":
      return node.isArbitrary ? "any" : "some";
    case "flags":
      return "some";
    case "group":
      return reachOf(node.of, isOutermost);
    case "repetition": {
      const reach = reachOf(node.of, isOutermost);
      return reach === "any" && node.max === undefined ? "any-number" : reach;
    }
    case "choice": {
      const reaches = node.parts.map((part) => reachOf(part, false));
      return (["any-number", "any"] as const).find((reach) => reaches.includes(reach)) ?? "some";
    }
    case "sequence":
      return reachOfSequence(node.parts.map((part) => reachOf(part, false)), isOutermost);
  }
}

function reachOfSequence(reaches: readonly Reach[], isOutermost: boolean): Reach {
  if (!isOutermost) return reaches.reduce(joined);
  const end = reaches.indexOf("some");
  const prefix = end < 0 ? reaches : reaches.slice(0, end);
  if (prefix.length > 0 && prefix.reduce(joined) === "any-number") {
    throw new RegexpProblem("arbitrary prefix: it matches any bytes in any number", 0);
  }
  return "some";
}

function joined(a: Reach, b: Reach): Reach {
  if (a === "any" && b === "any") return "any";
  const isMixed = (a === "any-number" && b === "any") || (a === "any" && b === "any-number");
  return isMixed ? "any-number" : "some";
}
