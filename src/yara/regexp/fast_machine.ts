/**
 * The machine to which YARA-X gives texts with jumps and choices, `FastVM`.
 *
 * @module
 */

import { hasByte } from "./byte_set.ts";
import { mayLoseCounts } from "./engine_flaws.ts";
import { fewestBytes, hasNode, type RegexpNode } from "./node.ts";
import { isAny, isAnyButNewline, isJump } from "./traits.ts";

/** Whether YARA-X may use it for a tree; `parts` is the tree, flattened. */
export function mayBeFast(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
  const isForeign = (inner: RegexpNode) =>
    inner.kind === "assertion" || (inner.kind === "repetition" && !isJump(inner));
  const isSlowPart = (part: RegexpNode) =>
    isAnyButNewline(part) ||
    (part.kind === "choice" && hasNode(part, (inner) => inner.kind === "repetition"));
  return !hasNode(node, isForeign) && !parts.some(isSlowPart);
}

/** Whether a jump of fixed length is checked for newlines at a wrong place when the machine goes backwards. */
export function hasMisreadJump(parts: readonly RegexpNode[]): boolean {
  return parts.some((part) => isJump(part) && part.min === part.max && !isAny(part.of));
}

/** Longest jump of fixed length that the machine takes for bytes without bits that count. */
const MAX_MASKED_JUMP_BYTES = 8;

/**
 * Whether a jump of fixed length may leave the data: behind their end YARA-X reports a match that is too long, in front
 * of their start it breaks down.
 */
export function hasUncheckedJump(parts: readonly RegexpNode[]): boolean {
  const isUnchecked = (part: RegexpNode | undefined) =>
    part !== undefined && isJump(part) && part.min === part.max && part.min > MAX_MASKED_JUMP_BYTES &&
    isAny(part.of);
  return isUnchecked(parts[0]) || isUnchecked(parts.at(-1));
}

/** Whether the machine may miss matches. */
export function mayLoseInFastMachine(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
  // With short atoms the other machine takes over.
  if (mayLoseCounts(node, parts) && !isSurelyFast(parts)) return true;
  const hasEmptyBranch = hasNode(node, (inner) => inner.kind === "choice" && fewestBytes(inner) === 0);
  // At an end of the data and at a newline a jump stops one byte early, which matters unless a byte must follow.
  return hasEmptyBranch ||
    parts.some((part, at) => isJump(part) && !(isStop(parts[at - 1]) && isStop(parts[at + 1])));
}

/** All pieces are texts of two bytes or more, so that every atom is long enough for the fast machine. */
function isSurelyFast(parts: readonly RegexpNode[]): boolean {
  return parts.every((part, at) => {
    if (isJump(part)) return true;
    const isNeighbour = parts[at - 1]?.kind === "byte" || parts[at + 1]?.kind === "byte";
    return part.kind === "byte" && isNeighbour;
  });
}

function isStop(node: RegexpNode | undefined): boolean {
  if (node?.kind === "byte") return true;
  return node?.kind === "set" && !hasByte(node.set, 0x0a);
}
