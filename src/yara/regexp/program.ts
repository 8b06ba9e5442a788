/**
 * Instructions of a non-deterministic automaton, forwards and backwards.
 *
 * @module
 */

import type { ByteSet } from "./byte_set.ts";
import { byteSet, hasByte } from "./byte_set.ts";
import { MAX_PROGRAM_INSTRUCTIONS } from "./limits.ts";
import type { Assertion, RegexpNode, Repetition } from "./node.ts";

/** What an instruction does; `a` and `b` are its arguments. */
export const Op = {
  /** The end. */
  match: 0,
  /** Takes a byte of class `a`. */
  take: 1,
  /** Goes on at `a`, and at `b` as second choice. */
  split: 2,
  /** Goes on at `a`. */
  jump: 3,
  /** Goes on where assertion `a` holds. */
  assert: 4,
} as const;

/** Assertions by number. */
export const ASSERTIONS: readonly Assertion[] = [
  "start",
  "end",
  "boundary",
  "no-boundary",
  "word-start",
  "word-end",
];

/** A program; the first instruction is number 0. */
export interface Program {
  readonly ops: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** 256 for each class: 1 where the byte is in it. */
  readonly classes: Uint8Array;
}

/** The program of a tree, or nothing where it is too large or something in it isn't understood. */
export function compileProgram(node: RegexpNode, direction: "forwards" | "backwards"): Program | undefined {
  const assembler = new Assembler(direction === "backwards");
  if (!assembler.emitNode(node)) return undefined;
  return assembler.finish();
}

class Assembler {
  readonly #isBackwards: boolean;
  readonly #ops: number[] = [];
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  readonly #classes = new Map<string, { readonly index: number; readonly set: ByteSet }>();

  constructor(isBackwards: boolean) {
    this.#isBackwards = isBackwards;
  }

  finish(): Program {
    this.#emit(Op.match);
    const classes = new Uint8Array(this.#classes.size * 256);
    for (const { index, set } of this.#classes.values()) {
      for (let byte = 0; byte < 256; byte++) classes[index * 256 + byte] = hasByte(set, byte) ? 1 : 0;
    }
    return {
      ops: Uint8Array.from(this.#ops),
      a: Int32Array.from(this.#a),
      b: Int32Array.from(this.#b),
      classes,
    };
  }

  /** False where the program gets too large. */
  emitNode(node: RegexpNode): boolean {
    if (this.#ops.length >= MAX_PROGRAM_INSTRUCTIONS) return false;
    switch (node.kind) {
      case "empty":
        return true;
      case "opaque":
        return false;
      case "byte":
        return this.#take(byteSet([node.value, node.value]));
      case "set":
        return this.#take(node.set);
      case "assertion":
        this.#emit(Op.assert, ASSERTIONS.indexOf(node.assertion));
        return true;
      case "sequence": {
        const parts = this.#isBackwards ? node.parts.toReversed() : node.parts;
        return parts.every((part) => this.emitNode(part));
      }
      case "choice":
        return this.#choice(node.branches);
      case "repetition":
        return this.#repetition(node);
    }
  }

  #take(set: ByteSet): boolean {
    const key = set.join();
    let known = this.#classes.get(key);
    if (!known) this.#classes.set(key, known = { index: this.#classes.size, set });
    this.#emit(Op.take, known.index);
    return true;
  }

  #choice(branches: readonly RegexpNode[]): boolean {
    const jumps: number[] = [];
    for (const [index, branch] of branches.entries()) {
      const isLast = index === branches.length - 1;
      const split = isLast ? -1 : this.#emit(Op.split, this.#next + 1);
      if (!this.emitNode(branch)) return false;
      if (isLast) break;
      jumps.push(this.#emit(Op.jump));
      this.#b[split] = this.#next;
    }
    for (const jump of jumps) this.#a[jump] = this.#next;
    return true;
  }

  #repetition({ of, min, max, isGreedy }: Repetition): boolean {
    for (let copy = 0; copy < min; copy++) {
      const before = this.#next;
      if (!this.emitNode(of)) return false;
      // Copies of nothing are nothing, however many.
      if (this.#next === before) break;
    }
    if (max === undefined) return this.#loop(of, isGreedy);
    const splits: number[] = [];
    for (let copy = min; copy < max; copy++) {
      splits.push(this.#emit(Op.split));
      if (!this.emitNode(of)) return false;
    }
    for (const split of splits) this.#aim(split, split + 1, this.#next, isGreedy);
    return true;
  }

  #loop(of: RegexpNode, isGreedy: boolean): boolean {
    const split = this.#emit(Op.split);
    if (!this.emitNode(of)) return false;
    this.#emit(Op.jump, split);
    this.#aim(split, split + 1, this.#next, isGreedy);
    return true;
  }

  #aim(split: number, inside: number, behind: number, isGreedy: boolean): void {
    this.#a[split] = isGreedy ? inside : behind;
    this.#b[split] = isGreedy ? behind : inside;
  }

  get #next(): number {
    return this.#ops.length;
  }

  #emit(op: number, a = 0, b = 0): number {
    this.#ops.push(op);
    this.#a.push(a);
    this.#b.push(b);
    return this.#ops.length - 1;
  }
}
