/**
 * A regular expression as it is written, with what the engine's checks look at.
 *
 * @module
 */

import type { RegexpNode } from "./node.ts";

/** A node; `flags` stands for `(?i)` and takes part in counting alone. */
export type SourceNode =
  /** `isArbitrary`: a `.` while the whole regular expression has the flag `s`. */
  | { readonly kind: "leaf"; readonly node: RegexpNode; readonly isArbitrary?: true; readonly depth?: number }
  | { readonly kind: "flags" }
  | { readonly kind: "group"; readonly of: SourceNode }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly SourceNode[] }
  | {
    readonly kind: "repetition";
    readonly of: SourceNode;
    readonly min: number;
    readonly max?: number;
    readonly isGreedy: boolean;
    readonly offset: number;
  };

/** What it means. */
export function meaningOf(node: SourceNode): RegexpNode {
  switch (node.kind) {
    case "leaf":
      return node.node;
    case "flags":
      return { kind: "empty" };
    case "group":
      return meaningOf(node.of);
    case "sequence":
      return { kind: "sequence", parts: node.parts.map(meaningOf) };
    case "choice":
      return { kind: "choice", branches: node.parts.map(meaningOf) };
    case "repetition": {
      const { min, max, isGreedy } = node;
      const of = meaningOf(node.of);
      if (max === 0) return { kind: "empty" };
      if (min === 1 && max === 1) return of;
      return { kind: "repetition", of, min, isGreedy, ...max !== undefined && { max } };
    }
  }
}
