/**
 * What can be said about a regular expression's matches in YARA-X without knowing which atoms it chose.
 *
 * YARA-X looks for an atom, matches forwards from it once, and backwards in all ways; of the matches with one start a
 * greedy regular expression keeps the longest, another one keeps the first that was found. A small class of regular
 * expressions (texts with jumps and choices) goes to a machine of its own, `FastVM`, which has flaws of its own.
 *
 * @module
 */

import { ANY_BUT_NEWLINE, ANY_BYTE, type ByteSet, bytesOf, hasByte, isEqualSet } from "./byte_set.ts";
import { ENGINE_ATOM_BYTES, ENGINE_CHAINING_THRESHOLD } from "./limits.ts";
import { fewestBytes, hasNode, mostBytes, type RegexpNode, type Repetition } from "./node.ts";
import { TextFinder } from "./run_text.ts";

/** How much our matches say about those of YARA-X. */
export interface Shape {
  /**
   * `equal`: matches start at the same places. `more`: we may find some that YARA-X misses. `unknown`: it may find some
   * that we don't.
   */
  readonly starts: "equal" | "more" | "unknown";
  /** Whether the preferred match is the longest of a greedy, the shortest of a lazy regular expression. */
  readonly isOrdered: boolean;
  /** Whether YARA-X certainly prefers matches as a backtracking matcher does, for each place of the atom. */
  readonly isPreferring: boolean;
}

/**
 * The shape of a regular expression as `ascii` or as `wide`. A short match may be an atom as a whole, which is reported as it is
 * found, be there longer ones or not. `isMisboundWord`: see `isMaskedText`.
 */
export function shapeOf(node: RegexpNode, isWide: boolean, isMisboundWord = false): Shape {
  const parts = flatten(node);
  const isShort = fewestBytes(node) <= ENGINE_ATOM_BYTES && !isFixed(node);
  const isOrdered = !isShort && parts.every(isOrderedPart);
  const isMisread = isMisboundWord || mayHaveMisplacedAtom(node, parts);
  if (isMisread || hasNode(node, isUnfollowed)) {
    return { starts: "unknown", isOrdered, isPreferring: false };
  }
  if (!mayBeFast(node, parts)) {
    const starts = mayLoseCounts(node, parts) ? "more" : "equal";
    return { starts, isOrdered, isPreferring: !isShort && !hasNode(node, isLoopOverNothing) };
  }
  return { starts: startsInFastMachine(node, parts, isWide), isOrdered, isPreferring: false };
}

function flatten(node: RegexpNode): readonly RegexpNode[] {
  return node.kind === "sequence" ? node.parts.flatMap(flatten) : [node];
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

function isFixed(node: RegexpNode): boolean {
  return fewestBytes(node) === mostBytes(node);
}

function isLeaf(node: RegexpNode): boolean {
  return node.kind === "byte" || node.kind === "set";
}

function isLoopOverNothing(node: RegexpNode): boolean {
  return node.kind === "repetition" && fewestBytes(node.of) === 0;
}

function isAny(node: RegexpNode): boolean {
  return node.kind === "set" && isEqualSet(node.set, ANY_BYTE);
}

function isAnyButNewline(node: RegexpNode): boolean {
  return node.kind === "set" && isEqualSet(node.set, ANY_BUT_NEWLINE);
}

function isJump(node: RegexpNode): node is Repetition {
  return node.kind === "repetition" && (isAny(node.of) || isAnyButNewline(node.of));
}

/**
 * Whether YARA-X may take it for bytes with bits that don't count: of those it checks `fullword` at a wrong place. What
 * is written without groups and classes it takes for a text, with which all is well.
 */
export function isMaskedText(node: RegexpNode): boolean {
  return flatten(node).every((part) =>
    part.kind === "byte" || (part.kind === "set" && isMaskedByte(part.set)) ||
    (isJump(part) && part.min === part.max)
  );
}

/** Whether a set holds all bytes that agree in some bits, as `[@-O]` does. */
function isMaskedByte(set: ByteSet): boolean {
  const bytes = bytesOf(set);
  const [all, common] = [bytes.reduce((a, b) => a | b, 0), bytes.reduce((a, b) => a & b, 0xff)];
  let combinations = 1;
  for (let bit = 1; bit < 256; bit <<= 1) if ((all & ~common) & bit) combinations *= 2;
  return bytes.length === combinations;
}

/**
 * YARA-X copies what is repeated `{1,9}` times. If its atom comes from inside, it takes the optional copies for more
 * of what stands in front of the atom: `/a(foobar){1,2}x/` matches three of them. An atom that is long enough elsewhere
 * is better than one of a single byte.
 */
function mayHaveMisplacedAtom(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
  const isCopied = (inner: RegexpNode) =>
    inner.kind === "repetition" && inner.min > 0 && inner.max !== undefined && inner.max > inner.min;
  if (!hasNode(node, isCopied)) return false;
  const isLong = (inner: RegexpNode) => isCopied(inner) && inner.kind === "repetition" && !isLeaf(inner.of);
  return hasNode(node, isLong) || !hasSolidText(parts);
}

/** Length of a text that certainly has a better atom than a single byte, in bytes. */
const SOLID_BYTES = 4;

function hasSolidText(parts: readonly RegexpNode[]): boolean {
  const texts = new TextFinder();
  let length = 0;
  for (const part of parts) {
    const isText = part.kind === "byte" || (part.kind === "set" && texts.textsOf(part)?.length === 1);
    length = isText ? length + 1 : 0;
    const choice = part.kind === "choice" ? texts.textsOf(part) : undefined;
    if (length >= SOLID_BYTES || choice?.every((text) => text.bytes.length >= SOLID_BYTES)) return true;
  }
  return false;
}

/** Repetitions above this are counted in YARA-X, smaller ones are copied. */
const COUNTED_ABOVE = 10;

/**
 * Of threads that stand at one instruction YARA-X keeps one, whatever they have counted. That loses matches where a
 * repetition that is counted can be entered at several places.
 */
function mayLoseCounts(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
  const isCounted = (inner: RegexpNode) =>
    inner.kind === "repetition" && Math.max(inner.min, inner.max ?? 0) > COUNTED_ABOVE;
  if (!hasNode(node, isCounted)) return false;
  const isSimple = parts.every((part) =>
    part.kind === "repetition" ? isFixed(part.of) && !hasNode(part.of, isCounted) : !hasNode(part, isCounted)
  );
  const variable = parts.filter((part) => !isFixed(part));
  const isAlone = (part: RegexpNode) => variable.every((other) => other === part);
  return !isSimple || parts.some((part) => hasNode(part, isCounted) && !isAlone(part));
}

function mayBeFast(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
  const isForeign = (inner: RegexpNode) =>
    inner.kind === "assertion" || (inner.kind === "repetition" && !isJump(inner));
  const isSlowPart = (part: RegexpNode) =>
    isAnyButNewline(part) ||
    (part.kind === "choice" && hasNode(part, (inner) => inner.kind === "repetition"));
  return !hasNode(node, isForeign) && !parts.some(isSlowPart);
}

function startsInFastMachine(
  node: RegexpNode,
  parts: readonly RegexpNode[],
  isWide: boolean,
): Shape["starts"] {
  const jumps = parts.filter(isJump);
  // A jump of fixed length over anything but newlines is checked at the wrong place when it goes backwards.
  const isMisread = jumps.some((jump) => jump.min === jump.max && !isAny(jump.of));
  // Jumps of wide regular expressions don't look at the zero bytes.
  if (isMisread || (isWide && jumps.length > 0)) return "unknown";
  // With short atoms the other machine takes over.
  if (mayLoseCounts(node, parts)) return isSurelyFast(parts) ? lossesAt(node, parts) : "more";
  return lossesAt(node, parts);
}

/** All pieces are texts of two bytes or more, so that every atom is long enough for the fast machine. */
function isSurelyFast(parts: readonly RegexpNode[]): boolean {
  return parts.every((part, at) => {
    if (isJump(part)) return true;
    const isNeighbour = parts[at - 1]?.kind === "byte" || parts[at + 1]?.kind === "byte";
    return part.kind === "byte" && isNeighbour;
  });
}

function lossesAt(node: RegexpNode, parts: readonly RegexpNode[]): Shape["starts"] {
  const hasEmptyBranch = hasNode(node, (inner) => inner.kind === "choice" && fewestBytes(inner) === 0);
  // At an end of the data and at a newline a jump stops one byte early, which matters unless a byte must follow.
  const isLosing = parts.some((part, at) =>
    isJump(part) && !(isStop(parts[at - 1]) && isStop(parts[at + 1]))
  );
  return hasEmptyBranch || isLosing ? "more" : "equal";
}

function isStop(node: RegexpNode | undefined): boolean {
  if (node?.kind === "byte") return true;
  return node?.kind === "set" && !hasByte(node.set, 0x0a);
}
