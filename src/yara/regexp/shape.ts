/**
 * What can be said about a regular expression's matches in YARA-X without knowing which atoms it chose.
 *
 * YARA-X looks for an atom, matches forwards from it once, and backwards in all ways; of the matches with one start a
 * greedy regular expression keeps the longest, another one keeps the first that was found. A small class of regular
 * expressions (texts with jumps and choices) goes to a machine of its own, which has flaws of its own.
 *
 * @module
 */

import { mayHaveMisplacedAtom, mayLoseCounts } from "./engine_flaws.ts";
import { hasMisreadJump, hasUncheckedJump, mayBeFast, mayLoseInFastMachine } from "./fast_machine.ts";
import { ENGINE_ATOM_BYTES, ENGINE_CHAINING_THRESHOLD } from "./limits.ts";
import { fewestBytes, hasNode, type RegexpNode } from "./node.ts";
import { flatten, isAny, isFixed, isJump, isLeaf } from "./traits.ts";

/** How much our matches say about those of YARA-X. */
export interface Shape {
  /**
   * `equal`: matches start at the same places. `more`: we may find some that YARA-X misses. `wider`: so it is with the
   * tree of `widened`, of which nothing else is known. `unknown`: YARA-X may find some that we don't.
   */
  readonly starts: "equal" | "more" | "wider" | "unknown";
  /** Whether the preferred match is the longest of a greedy, the shortest of a lazy regular expression. */
  readonly isOrdered: boolean;
  /** Whether YARA-X certainly prefers matches as a backtracking matcher does, for each place of the atom. */
  readonly isPreferring: boolean;
}

/** The shape of a regular expression as `ascii` or as `wide`. */
export function shapeOf(node: RegexpNode, isWide: boolean): Shape {
  const parts = flatten(node);
  const isFast = mayBeFast(node, parts);
  if (hasNode(node, isUnfollowed)) return shape("unknown");
  // Jumps of wide regular expressions don't look at the zero bytes.
  if (isFast && (hasUncheckedJump(parts) || (isWide && parts.some(isJump)))) return shape("unknown");
  if (mayHaveMisplacedAtom(node, parts) || (isFast && hasMisreadJump(parts))) return shape("wider");
  const isLosing = isFast ? mayLoseInFastMachine(node, parts) : mayLoseCounts(node, parts);
  // A short match may be an atom as a whole, which is reported as it is found, be there longer ones or not.
  const isShort = fewestBytes(node) <= ENGINE_ATOM_BYTES && !isFixed(node);
  // Where alternatives meet a repetition, the last place of the branch that is written last was seen to end a match.
  const isTangled = !isFixed(node) && hasNode(node, isChoice);
  const isOrdered = !isShort && !isTangled && parts.every(isOrderedPart);
  const isPreferring = !isShort && !isTangled && !isFast && !hasNode(node, isLoopOverNothing);
  return shape(isLosing ? "more" : "equal", isOrdered, isPreferring);
}

function shape(starts: Shape["starts"], isOrdered = false, isPreferring = false): Shape {
  return { starts, isOrdered, isPreferring };
}

/** Opaque, a jump at which YARA-X splits the pattern and measures no length, or what it misreads at a payload's start. */
function isUnfollowed(node: RegexpNode): boolean {
  if (node.kind === "opaque") return true;
  if (node.kind === "assertion") return node.assertion === "word-start" || node.assertion === "word-end";
  if (node.kind !== "repetition" || !isAny(node.of)) return false;
  return (node.max ?? Infinity) - node.min > ENGINE_CHAINING_THRESHOLD;
}

/**
 * Two matches that cross in such parts can change over, so that an earlier atom never ends later, and what is preferred
 * is longest or shortest.
 */
function isOrderedPart(node: RegexpNode): boolean {
  if (node.kind === "repetition") return isLeaf(node.of) || isFixed(node);
  return node.kind === "assertion" || isFixed(node);
}

function isChoice(node: RegexpNode): boolean {
  return node.kind === "choice";
}

function isLoopOverNothing(node: RegexpNode): boolean {
  return node.kind === "repetition" && fewestBytes(node.of) === 0;
}
