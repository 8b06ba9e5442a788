/**
 * A regular expression as it is written, with what the engine's checks look at.
 *
 * @module
 */

import { addRange, byteSet, union } from "./byte_set.ts";
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
      return sequenceOf(node.parts.map(meaningOf));
    case "choice":
      return choiceOf(node.parts.map(meaningOf));
    case "repetition": {
      const { min, max, isGreedy } = node;
      const of = meaningOf(node.of);
      if (max === 0) return { kind: "empty" };
      if (min === 1 && max === 1) return of;
      return { kind: "repetition", of, min, isGreedy, ...max !== undefined && { max } };
    }
  }
}

/** The engine makes a class of a choice between single bytes, which decides by what machine it is matched. */
function choiceOf(branches: readonly RegexpNode[]): RegexpNode {
  let set = byteSet();
  for (const branch of branches) {
    if (branch.kind === "byte") addRange(set, branch.value, branch.value);
    else if (branch.kind === "set") set = union(set, branch.set);
    else return { kind: "choice", branches };
  }
  return { kind: "set", set };
}

function sequenceOf(all: readonly RegexpNode[]): RegexpNode {
  const parts = all.filter((part) => part.kind !== "empty");
  if (parts.length === 0) return { kind: "empty" };
  return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
}
