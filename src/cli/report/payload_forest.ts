/**
 * Payloads as trees. Each has one place; a payload with several parents is only referred to by the others.
 *
 * @module
 */

import type { PayloadResults } from "../../core/contract/contract.ts";

/** A payload in its place. */
export interface TreeNode {
  readonly payload: PayloadResults;
  /** From 1, in the order of reading. */
  readonly number: number;
  /** `undefined` at the top. */
  readonly parent: TreeNode | undefined;
  readonly depth: number;
  /** The worker that extracted it here; `undefined` at the top. */
  readonly extractedBy: string | undefined;
  readonly children: readonly TreeNode[];
  /** Payloads that were extracted from this one too, but have their place elsewhere. */
  readonly references: readonly TreeReference[];
  /** Whether it was extracted from itself. */
  readonly isItsOwnParent: boolean;
  /** Number of payloads below. */
  readonly descendants: number;
}

/** A payload that has its place elsewhere. */
export interface TreeReference {
  readonly node: TreeNode;
  readonly extractedBy: string | undefined;
}

/**
 * Returns all nodes of the trees in the order of reading.
 *
 * A payload stands below the first of its parents. It is at the top where it has none in the response, or where its first
 * parents form a circle and it is the first of them.
 */
export function buildForest(results: readonly PayloadResults[]): readonly TreeNode[] {
  const nodes = results.map((payload) => new GrowingNode(payload));
  const byId = new Map(nodes.toReversed().map((node) => [node.payload.payloadId, node]));
  const links = new Map(nodes.map((node) => [node, parentLinks(node, byId)]));
  for (const [node, [first]] of links) first?.parent.children.push(node);

  const tops = nodes.filter((node) => links.get(node)!.length === 0);
  const placed = placeBelow(tops);
  for (const node of nodes) {
    if (node.isPlaced) continue;
    tops.push(node);
    placed.push(...placeBelow([node]));
  }
  for (const [node, parents] of links) {
    for (const { parent, extractedBy } of parents) {
      if (parent === node.parent) node.extractedBy = extractedBy;
      else parent.references.push({ node, extractedBy });
    }
  }
  return number(tops, placed);
}

/** A node while its tree is built. */
class GrowingNode implements TreeNode {
  number = 0;
  parent: GrowingNode | undefined;
  depth = 0;
  extractedBy: string | undefined;
  children: GrowingNode[] = [];
  readonly references: TreeReference[] = [];
  isPlaced = false;
  descendants = 0;

  constructor(readonly payload: PayloadResults) {}

  get isItsOwnParent(): boolean {
    return this.payload.extractedFrom.includes(this.payload.payloadId);
  }
}

interface ParentLink {
  readonly parent: GrowingNode;
  readonly extractedBy: string | undefined;
}

/** Returns a payload's parents, each once, without itself and without those that are not in the response. */
function parentLinks(node: GrowingNode, byId: ReadonlyMap<string, GrowingNode>): ParentLink[] {
  const links = new Map<GrowingNode, ParentLink>();
  for (const [index, id] of node.payload.extractedFrom.entries()) {
    const parent = byId.get(id);
    if (parent === undefined || parent === node || links.has(parent)) continue;
    links.set(parent, { parent, extractedBy: node.payload.extractedBy[index] });
  }
  return [...links.values()];
}

/** Gives depth and parent to everything that can be reached; no recursion, since chains may be as long as the response. */
function placeBelow(tops: readonly GrowingNode[]): GrowingNode[] {
  const placed = [...tops];
  for (const top of tops) top.isPlaced = true;
  for (const node of placed) {
    node.children = node.children.filter((child) => !child.isPlaced);
    for (const child of node.children) {
      child.isPlaced = true;
      child.parent = node;
      child.depth = node.depth + 1;
      placed.push(child);
    }
  }
  return placed;
}

function number(tops: readonly GrowingNode[], placed: readonly GrowingNode[]): TreeNode[] {
  for (const node of placed.toReversed()) {
    if (node.parent) node.parent.descendants += 1 + node.descendants;
  }
  const ordered: GrowingNode[] = [];
  const waiting = tops.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    ordered.push(node);
    node.number = ordered.length;
    for (const child of node.children.toReversed()) waiting.push(child);
  }
  return ordered;
}
