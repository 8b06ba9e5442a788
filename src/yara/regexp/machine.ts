/**
 * Runs a program over bytes with all its threads side by side: time is bounded by instructions times bytes.
 *
 * @module
 */

import { Op, type Program } from "./program.ts";

/** What is read: in a wide text each character has a zero byte behind it. */
export interface MachineInput {
  readonly content: Uint8Array;
  readonly isWide: boolean;
}

/** Steps that may still be made; it goes below zero when they are used up. */
export interface Budget {
  steps: number;
}

const WORD = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) WORD[byte] = /[0-9A-Za-z_]/.test(String.fromCharCode(byte)) ? 1 : 0;

/** Instructions that wait for the next byte, in the order of preference. */
export class Threads {
  readonly list: Int32Array;
  count = 0;

  /** Room for all instructions of a program. */
  constructor(size: number) {
    this.list = new Int32Array(size);
  }
}

/** A program at work. Threads are kept from step to step by the caller. */
export class Machine {
  readonly #program: Program;
  readonly #content: Uint8Array;
  readonly #stride: number;
  readonly #budget: Budget;
  readonly #marks: Int32Array;
  readonly #stack: number[] = [];
  #mark = 0;

  /** A program over an input. */
  constructor(program: Program, input: MachineInput, budget: Budget) {
    this.#program = program;
    this.#content = input.content;
    this.#stride = input.isWide ? 2 : 1;
    this.#budget = budget;
    this.#marks = new Int32Array(program.ops.length);
  }

  /** A new list of threads. */
  threads(): Threads {
    return new Threads(this.#program.ops.length);
  }

  /** Empties a list and forgets which instructions have been reached. */
  begin(threads: Threads): void {
    threads.count = 0;
    this.#mark++;
  }

  /** Adds what can be reached from an instruction at a place, unless it was reached since `begin`. */
  add(threads: Threads, instruction: number, place: number): void {
    const { ops, a, b } = this.#program;
    const stack = this.#stack;
    stack.push(instruction);
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (this.#marks[at] === this.#mark) continue;
      this.#marks[at] = this.#mark;
      this.#budget.steps--;
      switch (ops[at]) {
        case Op.split:
          stack.push(b[at]!, a[at]!);
          break;
        case Op.jump:
          stack.push(a[at]!);
          break;
        case Op.assert:
          if (this.#holds(a[at]!, place)) stack.push(at + 1);
          break;
        default:
          threads.list[threads.count++] = at;
      }
    }
  }

  /** Adds all instructions that take a byte. */
  addAll(threads: Threads): void {
    const { ops } = this.#program;
    for (let at = 0; at < ops.length; at++) {
      if (ops[at] !== Op.take || this.#marks[at] === this.#mark) continue;
      this.#marks[at] = this.#mark;
      this.#budget.steps--;
      threads.list[threads.count++] = at;
    }
  }

  /** Whether a thread is at the end. */
  isMatch(instruction: number): boolean {
    return this.#program.ops[instruction] === Op.match;
  }

  /** Whether a thread takes a byte. */
  takes(instruction: number, byte: number): boolean {
    this.#budget.steps--;
    return this.#program.ops[instruction] === Op.take &&
      this.#program.classes[this.#program.a[instruction]! * 256 + byte] === 1;
  }

  /** What is in front of a place and behind it; a character of a wide text needs two bytes, whatever they are. */
  #holds(assertion: number, place: number): boolean {
    const hasBefore = place >= this.#stride;
    const hasBehind = place + this.#stride <= this.#content.length;
    if (assertion === 0) return !hasBefore;
    if (assertion === 1) return !hasBehind;
    const before = hasBefore ? WORD[this.#content[place - this.#stride]!] : 0;
    const behind = hasBehind ? WORD[this.#content[place]!] : 0;
    if (assertion === 2) return before !== behind;
    if (assertion === 3) return before === behind;
    return assertion === 4 ? before === 0 && behind === 1 : before === 1 && behind === 0;
  }
}
