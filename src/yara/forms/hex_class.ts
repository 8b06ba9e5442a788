/**
 * Choices of single bytes that YARA-X takes for a byte with a mask although they are none.
 *
 * It compares the number of bytes with the number that a mask from the smallest to the largest byte would have, so
 * that `(00 | 01 | 02 | 05)` becomes 00 with the mask FA, which is 00, 01, 04 or 05.
 *
 * @module
 */

import type { HexChoice, HexElement } from "./compiled_pattern.ts";

/** Whether the engine may read this choice, or one in it, as other bytes than it has. */
export function isMisreadByEngine(choice: HexChoice): boolean {
  if (choice.branches.length >= 4 || choice.branches.some((branch) => branch.some(isChoice))) {
    const set = lastBytesOf(choice);
    if (set && isMisreadSet(set)) return true;
  }
  return choice.branches.some((branch) =>
    branch.some((element) => element.kind === "choice" && isMisreadByEngine(element))
  );
}

function isChoice(element: HexElement): boolean {
  return element.kind === "choice";
}

// Equal beginnings are taken out of the branches before they are read as a class, so the last bytes are what counts.
function lastBytesOf(choice: HexChoice): Uint8Array | undefined {
  const set = new Uint8Array(256);
  for (const branch of choice.branches) {
    const last = branch[branch.length - 1];
    if (last === undefined) return undefined;
    if (last.kind === "jump") return undefined;
    if (last.kind === "choice") {
      const inner = lastBytesOf(last);
      if (!inner) return undefined;
      for (let i = 0; i < 256; i++) set[i]! |= inner[i]!;
      continue;
    }
    const at = last.bytes.length - 1;
    const isNegated = last.negated?.includes(at) === true;
    for (let byte = 0; byte < 256; byte++) {
      if (((byte & last.mask[at]!) === last.bytes[at]!) !== isNegated) set[byte] = 1;
    }
  }
  return set;
}

function isMisreadSet(set: Uint8Array): boolean {
  const smallest = set.indexOf(1);
  const largest = set.lastIndexOf(1);
  const free = smallest ^ largest;
  let count = 0;
  for (let byte = smallest; byte <= largest; byte++) {
    if (set[byte] === 0) continue;
    if ((byte & smallest) !== smallest) return false;
    count++;
  }
  if (count !== 1 << bitCount(free)) return false;
  for (let byte = 0; byte < 256; byte++) {
    if (((byte & ~free & 0xff) === (smallest & ~free)) !== (set[byte] === 1)) return true;
  }
  return false;
}

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest &= rest - 1) count++;
  return count;
}
