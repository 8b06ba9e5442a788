/**
 * Which of YARA-X's two machines runs a hex string, and what the slower one loses.
 *
 * The fast machine knows masked bytes, jumps and flat choices. All else goes to a Pike machine. There a longer
 * jump is a loop with a counter, and of two threads that come to it at different times only one goes on, so that ways
 * of another length are lost.
 *
 * @module
 */

import type { HexElement, HexRun } from "./compiled_pattern.ts";
import { lengthRange, MAX_UNROLLED_JUMP_BYTES } from "./hex_elements.ts";

const COMMON_BYTES: readonly number[] = [0x00, 0x20, 0x90, 0xcc, 0xff];

/** Whether YARA-X may miss matches because a loop is entered at more than one time. */
export function mayLoseMatches(elements: readonly HexElement[]): boolean {
  if (isForFastMachine(elements)) return false;
  const counts = { variable: 0, fixedLoops: 0, variableLoops: 0 };
  count(elements, counts);
  if (counts.fixedLoops > 0 && counts.variable > 0) return true;
  return counts.variableLoops > 0 && counts.variable > 1;
}

function count(
  elements: readonly HexElement[],
  counts: { variable: number; fixedLoops: number; variableLoops: number },
): void {
  for (const element of elements) {
    if (element.kind === "choice") {
      const { min, max } = lengthRange([element]);
      if (min !== max) counts.variable++;
      for (const branch of element.branches) count(branch, counts);
    } else if (element.kind === "run") {
      if (element.hasJump) counts.fixedLoops++;
    } else if (element.from === element.to) counts.fixedLoops++;
    else {
      counts.variable++;
      if ((element.to ?? Infinity) > MAX_UNROLLED_JUMP_BYTES) counts.variableLoops++;
    }
  }
}

// The fast machine also demands an atom of two bytes. It gets one where two neighbours together are rarer
// than any single byte, by the model of YARA-X. Choices may become classes that it does not know.
function isForFastMachine(elements: readonly HexElement[]): boolean {
  const isSimple = elements.every((element) =>
    element.kind === "jump" || (element.kind === "run" && !element.negated)
  );
  return isSimple && elements.some((element) => element.kind === "run" && hasGoodPair(element));
}

function hasGoodPair(run: HexRun): boolean {
  for (let i = 1; i < run.bytes.length; i++) {
    if (run.mask[i - 1] !== 0xff || run.mask[i] !== 0xff) continue;
    if (!COMMON_BYTES.includes(run.bytes[i - 1]!) && !COMMON_BYTES.includes(run.bytes[i]!)) return true;
    if (run.bytes[i - 1] !== run.bytes[i] && isRare(run.bytes[i - 1]!, run.bytes[i]!)) return true;
  }
  return false;
}

// Zero beside another common byte is worth less than the best single byte.
function isRare(first: number, second: number): boolean {
  return !(COMMON_BYTES.includes(first) && COMMON_BYTES.includes(second) && (first === 0 || second === 0));
}
