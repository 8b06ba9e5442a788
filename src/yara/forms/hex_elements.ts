/**
 * Hex strings as runs, jumps and choices, from the tokens in which they are written.
 *
 * @module
 */

import type { HexToken } from "../syntax.ts";
import type { HexElement, HexRun } from "./compiled_pattern.ts";

/** Choices inside of choices. */
export const MAX_HEX_DEPTH = 16;

/** Fixed jumps up to this length become bytes that don't count. */
export const MAX_JOINED_JUMP_BYTES = 256;

/** Shorter jumps are certainly no loops in YARA-X's Pike machine. */
export const MAX_UNROLLED_JUMP_BYTES = 4;

/** Elements of one hex string; more are not followed up. */
export const MAX_HEX_ELEMENTS = 20_000;

/** Lengths that a sequence can have; `max` may be `Infinity`. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

/** Tokens as elements, or nothing where they are nested too deep or too many. */
export function readHexElements(tokens: readonly HexToken[]): HexElement[] | undefined {
  const reader = new ElementReader();
  const elements = reader.read(tokens, 0);
  return reader.isTooLarge ? undefined : elements;
}

class ElementReader {
  isTooLarge = false;
  #count = 0;

  read(tokens: readonly HexToken[], depth: number): HexElement[] {
    const sequence = new Sequence();
    if (depth > MAX_HEX_DEPTH) this.isTooLarge = true;
    else this.#append(sequence, tokens, depth);
    return sequence.finish();
  }

  #append(sequence: Sequence, tokens: readonly HexToken[], depth: number): void {
    for (const token of tokens) {
      if (++this.#count > MAX_HEX_ELEMENTS) this.isTooLarge = true;
      if (this.isTooLarge) return;
      if (token.kind === "byte") sequence.addByte(token.value, token.mask, token.isNegated === true);
      else if (token.kind === "jump") sequence.addJump(token.from, token.to);
      else if (token.branches.length === 1) this.#inline(sequence, token.branches[0]!, depth);
      else {
        const branches = token.branches.map((branch) => this.read(branch, depth + 1));
        sequence.addChoice(branches);
      }
    }
  }

  #inline(sequence: Sequence, tokens: readonly HexToken[], depth: number): void {
    if (depth >= MAX_HEX_DEPTH) this.isTooLarge = true;
    else this.#append(sequence, tokens, depth + 1);
  }
}

class Sequence {
  readonly #elements: HexElement[] = [];
  #bytes: number[] = [];
  #mask: number[] = [];
  #negated: number[] = [];
  #hasJump = false;
  #jump: { from: number; to: number } | undefined;

  addByte(value: number, mask: number, isNegated: boolean): void {
    this.#endJump();
    if (isNegated) this.#negated.push(this.#bytes.length);
    this.#bytes.push(value & mask);
    this.#mask.push(mask);
  }

  /** Neighbouring jumps are one, as in YARA-X. */
  addJump(from: number, to: number | undefined): void {
    const jump = this.#jump ?? { from: 0, to: 0 };
    this.#jump = { from: jump.from + from, to: jump.to + (to ?? Infinity) };
  }

  addChoice(branches: readonly (readonly HexElement[])[]): void {
    this.#endJump();
    this.#endRun();
    this.#elements.push({ kind: "choice", branches });
  }

  finish(): HexElement[] {
    this.#endJump();
    this.#endRun();
    return this.#elements;
  }

  #endJump(): void {
    if (!this.#jump) return;
    const { from, to } = this.#jump;
    this.#jump = undefined;
    if (from === to && from <= MAX_JOINED_JUMP_BYTES) {
      for (let i = 0; i < from; i++) this.addByte(0, 0, false);
      if (from > MAX_UNROLLED_JUMP_BYTES) this.#hasJump = true;
      return;
    }
    this.#endRun();
    this.#elements.push({ kind: "jump", from, ...(to !== Infinity && { to }) });
  }

  #endRun(): void {
    if (this.#bytes.length === 0) return;
    const negated = this.#negated.length > 0 ? { negated: this.#negated } : {};
    const jump = this.#hasJump ? { hasJump: true } as const : {};
    const run: HexRun = { kind: "run", bytes: this.#bytes, mask: this.#mask, ...negated, ...jump };
    this.#elements.push(run);
    this.#bytes = [];
    this.#mask = [];
    this.#negated = [];
    this.#hasJump = false;
  }
}

/** How long what matches a sequence can be. */
export function lengthRange(elements: readonly HexElement[]): LengthRange {
  let min = 0;
  let max = 0;
  for (const element of elements) {
    const range = elementLength(element);
    min += range.min;
    max += range.max;
  }
  return { min, max };
}

function elementLength(element: HexElement): LengthRange {
  if (element.kind === "run") return { min: element.bytes.length, max: element.bytes.length };
  if (element.kind === "jump") return { min: element.from, max: element.to ?? Infinity };
  let min = Infinity;
  let max = 0;
  for (const branch of element.branches) {
    const range = lengthRange(branch);
    min = Math.min(min, range.min);
    max = Math.max(max, range.max);
  }
  return { min, max };
}
