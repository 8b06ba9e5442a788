/**
 * Payloads by name and number, where a line is about several of them.
 *
 * @module
 */

import { cutMiddle } from "./fitting.ts";
import { payloadName } from "./payload_facts.ts";
import type { TreeNode } from "./payload_forest.ts";
import { formatCount, formatOffset } from "./quantities.ts";

/** Most payloads that are named. */
const MAX_PLACES = 3;

/** Most cells of one name. */
const MAX_NAME_WIDTH = 48;

/** Returns `#3 a.exe at 0x20`. */
export function placeOf(node: TreeNode, offset?: number): string {
  const name = cutMiddle(payloadName(node.payload), MAX_NAME_WIDTH);
  return `#${node.number} ${name}${offset === undefined ? "" : ` at ${formatOffset(offset)}`}`;
}

/** Returns `#3 a.exe`, or of several payloads `#3 #5 #6 +12`; `count` is their number where not all are given. */
export function placesOf(nodes: readonly TreeNode[], count = nodes.length): string {
  if (count === 1) return placeOf(nodes[0]!);
  const shown = nodes.slice(0, MAX_PLACES);
  const left = count - shown.length;
  const numbers = shown.map(({ number }) => `#${number}`).join(" ");
  return left > 0 ? `${numbers} +${formatCount(left)}` : numbers;
}
