/**
 * What kind of node a node is, where YARA-X makes a difference.
 *
 * @module
 */

import { ANY_BUT_NEWLINE, ANY_BYTE, isEqualSet } from "./byte_set.ts";
import { fewestBytes, mostBytes, type RegexpNode, type Repetition } from "./node.ts";

/** The nodes of a sequence; nested sequences are flattened. */
export function flatten(node: RegexpNode): readonly RegexpNode[] {
  return node.kind === "sequence" ? node.parts.flatMap(flatten) : [node];
}

/** Whether all matches have the same length. */
export function isFixed(node: RegexpNode): boolean {
  return fewestBytes(node) === mostBytes(node);
}

/** Whether it is one byte. */
export function isLeaf(node: RegexpNode): boolean {
  return node.kind === "byte" || node.kind === "set";
}

/** Whether it is any byte. */
export function isAny(node: RegexpNode): boolean {
  return node.kind === "set" && isEqualSet(node.set, ANY_BYTE);
}

/** Whether it is any byte but a newline. */
export function isAnyButNewline(node: RegexpNode): boolean {
  return node.kind === "set" && isEqualSet(node.set, ANY_BUT_NEWLINE);
}

/** Whether it is a repetition of any byte, or of any but a newline. */
export function isJump(node: RegexpNode): node is Repetition {
  return node.kind === "repetition" && (isAny(node.of) || isAnyButNewline(node.of));
}

/** Whether it is a repetition `{1,3}` or the like, which YARA-X unfolds: what must be and may be copies of each other. */
export function isCopied(node: RegexpNode): node is Repetition {
  return node.kind === "repetition" && node.min > 0 && node.max !== undefined && node.max > node.min;
}
