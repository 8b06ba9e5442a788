/**
 * Where YARA-X 1.20 finds more or less than what is written.
 *
 * @module
 */

import { ANY_BYTE, type ByteSet, bytesOf } from "./byte_set.ts";
import { hasNode, type RegexpNode } from "./node.ts";
import { TextFinder } from "./run_text.ts";
import { flatten, isCopied, isFixed, isJump, isLeaf } from "./traits.ts";

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
export function mayHaveMisplacedAtom(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
  if (!hasNode(node, isCopied)) return false;
  const isLong = (inner: RegexpNode) => isCopied(inner) && !isLeaf(inner.of);
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
export function mayLoseCounts(node: RegexpNode, parts: readonly RegexpNode[]): boolean {
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

/**
 * A tree that matches all that YARA-X may match where it puts an atom into a wrong copy, or looks for newlines at a
 * wrong place.
 */
export function widened(node: RegexpNode): RegexpNode {
  switch (node.kind) {
    case "sequence":
      return { kind: "sequence", parts: node.parts.map(widened) };
    case "choice":
      return { kind: "choice", branches: node.branches.map(widened) };
    case "repetition": {
      const { min, max, isGreedy } = node;
      const isJumping: boolean = isJump(node);
      const of: RegexpNode = isJumping ? { kind: "set", set: ANY_BYTE } : widened(node.of);
      const isBounded = max !== undefined && !isCopied(node);
      return { kind: "repetition", of, min, isGreedy, ...isBounded && { max } };
    }
    default:
      return node;
  }
}
