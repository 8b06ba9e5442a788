/**
 * How much is known of the matches of a hex string, given how YARA-X 1.20 searches it.
 *
 * YARA-X looks for an atom, takes the shortest way forward from it and every way backward. For each start the first
 * match found stays. Where every element but jumps has one length, two ways that cross can be swapped, so that the
 * first one found is also the shortest from that start. Choices break this: its fast engine tries all places for the
 * first branch before it tries the second one.
 *
 * Jumps whose bounds are more than 200 apart split the string into pieces that are searched one by one. Of a piece
 * only the shortest match from its atom is known to the next one, so pieces of variable length can miss matches.
 *
 * @module
 */

import type { HexChoice, HexElement, HexJump, HexRun, PatternStatus } from "./compiled_pattern.ts";
import { isMisreadByEngine } from "./hex_class.ts";
import { lengthRange } from "./hex_elements.ts";
import { mayLoseMatches } from "./hex_machine.ts";

/** A jump is a split when its bounds are further apart. */
export const MAX_UNSPLIT_SPREAD = 200;

/** YARA-X's machines look at 4,096 bytes to each side of an atom. */
export const MAX_MACHINE_BYTES = 4_096;

/** A string of fixed length is compared in one go up to this length. */
export const MAX_MASKED_BYTES = 0xffff;

/** YARA-X makes no piece of fewer bytes. */
export const MIN_PIECE_BYTES = 2;

/** Expansions of choices that are compared with each other. */
export const MAX_COMPARED_EXPANSIONS = 64;

// Beyond this the sum of a place and a jump overflows in a 32-bit engine.
const MAX_JUMP_BYTES = 0x7fffffff;

/** How much is known of the matches of these elements. */
export function hexStatus(elements: readonly HexElement[]): PatternStatus {
  if (elements.some((element) => element.kind === "choice" && isMisreadByEngine(element))) return "unknown";
  if (elements.some(isHugeJump)) return "candidate";
  if (elements.some(isSplit)) return splitStatus(elements);
  const { max } = lengthRange(elements);
  if (elements.every(isPlainFixed)) return max <= MAX_MASKED_BYTES ? "exact" : "candidate";
  if (max > MAX_MACHINE_BYTES || mayLoseMatches(elements)) return "candidate";
  const choices = elements.filter((element) => element.kind === "choice");
  if (choices.length === 0) return "exact";
  if (!elements.some(isVariableJump)) return fixedStatus(elements, choices);
  const hasEarlyChoices = elements.findLastIndex((element) => element.kind === "choice") <
    elements.findIndex(isVariableJump);
  return hasEarlyChoices && choices.every(isOfOneLength) ? "exact" : "existence";
}

function isHugeJump(element: HexElement): boolean {
  if (element.kind === "choice") return element.branches.some((branch) => branch.some(isHugeJump));
  return element.kind === "jump" && Math.max(element.from, element.to ?? 0) > MAX_JUMP_BYTES;
}

function isSplit(element: HexElement): boolean {
  return element.kind === "jump" && (element.to ?? Infinity) - element.from > MAX_UNSPLIT_SPREAD;
}

function isVariableJump(element: HexElement): element is HexJump {
  return element.kind === "jump" && element.to !== element.from;
}

function isPlainFixed(element: HexElement): boolean {
  if (element.kind === "run") return element.negated === undefined;
  return element.kind === "jump" && element.to === element.from;
}

function isOfOneLength(choice: HexChoice): boolean {
  const { min, max } = lengthRange([choice]);
  return min === max && choice.branches.every((branch) => branch.every(isWithoutVariableJump));
}

function isWithoutVariableJump(element: HexElement): boolean {
  if (element.kind === "choice") {
    return element.branches.every((branch) => branch.every(isWithoutVariableJump));
  }
  return !isVariableJump(element);
}

// Choices with jumps of a wide spread inside may be lifted out and split.
function hasInnerSplit(element: HexElement): boolean {
  return element.kind === "choice" &&
    element.branches.some((branch) => branch.some((inner) => isSplit(inner) || hasInnerSplit(inner)));
}

function fixedStatus(elements: readonly HexElement[], choices: readonly HexChoice[]): PatternStatus {
  if (choices.every(isOfOneLength)) return "exact";
  if (choices.some(hasInnerSplit)) return "candidate";
  const expansions = expand(elements);
  return expansions && isUnambiguous(expansions) ? "exact" : "existence";
}

function splitStatus(elements: readonly HexElement[]): PatternStatus {
  let hasChoice = false;
  let piece: HexElement[] = [];
  for (const element of [...elements, undefined]) {
    if (element && !isSplit(element)) {
      piece.push(element);
      hasChoice ||= element.kind === "choice";
      continue;
    }
    const { min, max } = lengthRange(piece);
    if (min !== max || min < MIN_PIECE_BYTES || max > MAX_MACHINE_BYTES) return "candidate";
    if (!piece.every(isWithoutVariableJump)) return "candidate";
    if (!element && piece.some((inner) => inner.kind === "run" && inner.negated)) hasChoice = true;
    piece = [];
  }
  return hasChoice ? "existence" : "exact";
}

/** All fixed runs that the choices allow; nothing where there are too many, or jumps or negations in them. */
function expand(elements: readonly HexElement[]): HexRun[] | undefined {
  let runs: { bytes: number[]; mask: number[] }[] = [{ bytes: [], mask: [] }];
  for (const element of elements) {
    const tails = element.kind === "choice" ? expandChoice(element) : expandFixed(element);
    if (!tails || tails.length * runs.length > MAX_COMPARED_EXPANSIONS) return undefined;
    runs = runs.flatMap((run) =>
      tails.map((tail) => ({ bytes: [...run.bytes, ...tail.bytes], mask: [...run.mask, ...tail.mask] }))
    );
  }
  return runs.map((run) => ({ kind: "run", ...run }));
}

function expandChoice(choice: HexChoice): HexRun[] | undefined {
  const all: HexRun[] = [];
  for (const branch of choice.branches) {
    const runs = expand(branch);
    if (!runs || runs.length + all.length > MAX_COMPARED_EXPANSIONS) return undefined;
    all.push(...runs);
  }
  return all;
}

function expandFixed(element: HexElement): HexRun[] | undefined {
  if (element.kind === "run") {
    if (!element.negated) return [element];
    // What is negated counts as anything: more ambiguous than it is, never less.
    const mask = element.mask.map((bits, i) => element.negated!.includes(i) ? 0 : bits);
    return [{ kind: "run", bytes: element.bytes, mask }];
  }
  if (element.kind === "choice" || element.to !== element.from) return undefined;
  const zeros = new Array<number>(element.from).fill(0);
  return [{ kind: "run", bytes: zeros, mask: zeros }];
}

function isUnambiguous(runs: readonly HexRun[]): boolean {
  return runs.every((run, i) =>
    runs.every((other, j) => j <= i || run.bytes.length === other.bytes.length || isConflict(run, other))
  );
}

function isConflict(run: HexRun, other: HexRun): boolean {
  const length = Math.min(run.bytes.length, other.bytes.length);
  for (let i = 0; i < length; i++) {
    const common = run.mask[i]! & other.mask[i]!;
    if ((run.bytes[i]! & common) !== (other.bytes[i]! & common)) return true;
  }
  return false;
}
