/**
 * What a regular expression means, as a tree over bytes.
 *
 * Flags are worked in: a letter under `i` is a set of two bytes, `.` is a set. Nothing is named or captured.
 *
 * @module
 */

import type { ByteSet } from "./byte_set.ts";

/** Places that hold without taking a byte: `^` and `\A`, `$` and `\z`, `\b`, `\B`, `\b{start}`, `\b{end}`. */
export type Assertion = "start" | "end" | "boundary" | "no-boundary" | "word-start" | "word-end";

/** A node. `opaque` is a valid construct that is not parsed: it may match anything, even nothing. */
export type RegexpNode =
  | { readonly kind: "empty" | "opaque" }
  | { readonly kind: "byte"; readonly value: number }
  /** One byte of the set, which may be empty. */
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly RegexpNode[] }
  /** Earlier branches are preferred. */
  | { readonly kind: "choice"; readonly branches: readonly RegexpNode[] }
  /** Without `max` there is no end. */
  | Repetition;

/** `a*`, `a{2,3}?`, and so on. */
export interface Repetition {
  readonly kind: "repetition";
  readonly of: RegexpNode;
  readonly min: number;
  readonly max?: number;
  readonly isGreedy: boolean;
}

/** Fewest bytes of a match; `Infinity` where nothing matches. What is opaque counts as none. */
export function fewestBytes(node: RegexpNode): number {
  switch (node.kind) {
    case "byte":
      return 1;
    case "set":
      return node.set.some((word) => word !== 0) ? 1 : Infinity;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + fewestBytes(part), 0);
    case "choice":
      return Math.min(...node.branches.map(fewestBytes));
    case "repetition":
      return node.min === 0 ? 0 : node.min * fewestBytes(node.of);
    default:
      return 0;
  }
}

/** Most bytes of a match. */
export function mostBytes(node: RegexpNode): number {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + mostBytes(part), 0);
    case "choice":
      return Math.max(...node.branches.map(mostBytes));
    case "repetition": {
      const most = mostBytes(node.of);
      return most === 0 ? 0 : most * (node.max ?? Infinity);
    }
    case "opaque":
      return Infinity;
    default:
      return 0;
  }
}

/** Whether a node of the tree, the root included, is such. */
export function hasNode(node: RegexpNode, isSuch: (node: RegexpNode) => boolean): boolean {
  if (isSuch(node)) return true;
  if (node.kind === "sequence") return node.parts.some((part) => hasNode(part, isSuch));
  if (node.kind === "choice") return node.branches.some((branch) => hasNode(branch, isSuch));
  return node.kind === "repetition" && hasNode(node.of, isSuch);
}
