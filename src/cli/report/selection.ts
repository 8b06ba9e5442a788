/**
 * Which payloads of a large response are shown.
 *
 * @module
 */

import type { TreeNode } from "./payload_forest.ts";
import type { Survey } from "./survey.ts";

/** What is left to payloads without findings, so that a thousand findings do not hide what the file is. */
const SHARE_OF_PLAIN = 1 / 4;

/** Payloads without findings that stand for all that came out of the same payload, once the response is too large. */
export const MAX_PLAIN_SIBLINGS = 20;

/** Chooses at most so many payloads for a tree, each with everything above it. */
export function selectForTree(survey: Survey, maximum: number): ReadonlySet<TreeNode> {
  if (survey.nodes.length <= maximum) return new Set(survey.nodes);
  const selected = new Set<TreeNode>();
  const plainSiblings = new Map<TreeNode | undefined, number>();
  for (const node of survey.ranking) {
    const isNotable = survey.isNotable(node);
    const siblings = plainSiblings.get(node.parent) ?? 0;
    if (selected.has(node) || !isNotable && siblings >= MAX_PLAIN_SIBLINGS) continue;
    const limit = isNotable ? maximum * (1 - SHARE_OF_PLAIN) : maximum;
    const path = missingPath(node, selected, limit - selected.size);
    for (const missing of path) selected.add(missing);
    if (!isNotable && path.length > 0) plainSiblings.set(node.parent, siblings + 1);
    if (selected.size >= maximum) break;
  }
  return selected;
}

/** Chooses at most so many payloads to be described, of too many only those with findings or results; in the order of reading. */
export function selectForDetails(survey: Survey, maximum: number): readonly TreeNode[] {
  if (survey.nodes.length <= maximum) return survey.nodes;
  const tops = survey.nodes.filter(({ depth }) => depth === 0).slice(0, Math.ceil(maximum * SHARE_OF_PLAIN));
  const selected = new Set(tops);
  for (const node of survey.ranking) {
    if (selected.size >= maximum) break;
    if (survey.isNotable(node) || survey.resultsOf(node).rest.length > 0) selected.add(node);
  }
  return [...selected].sort((a, b) => a.number - b.number);
}

/** Returns a node and the nodes above it that are not selected yet; empty if there is no room for them. */
function missingPath(node: TreeNode, selected: ReadonlySet<TreeNode>, room: number): TreeNode[] {
  const path: TreeNode[] = [];
  for (let above: TreeNode | undefined = node; above && !selected.has(above); above = above.parent) {
    if (path.length >= room) return [];
    path.push(above);
  }
  return path;
}
