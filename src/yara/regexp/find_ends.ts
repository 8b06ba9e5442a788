/**
 * All ends of matches that start at a place.
 *
 * @module
 */

import { type Budget, Machine, type MachineInput, type Threads } from "./machine.ts";
import type { Program } from "./program.ts";

/** Where matches from one start end, ascending; `preferred` is the end that a backtracking matcher would find. */
export interface Ends {
  readonly all: readonly number[];
  readonly preferred: number;
}

/** Finds ends with a program that goes forwards. */
export class EndFinder {
  readonly #machine: Machine;
  readonly #input: MachineInput;
  readonly #budget: Budget;
  #now: Threads;
  #next: Threads;

  /** A program over an input. */
  constructor(program: Program, input: MachineInput, budget: Budget) {
    this.#machine = new Machine(program, input, budget);
    this.#input = input;
    this.#budget = budget;
    this.#now = this.#machine.threads();
    this.#next = this.#machine.threads();
  }

  /** The ends up to `limit` bytes behind the start; nothing where there is none, or where the budget is used up. */
  endsFrom(start: number, limit: number): Ends | undefined {
    const { content, isWide } = this.#input;
    const stride = isWide ? 2 : 1;
    const all: number[] = [];
    let preferred = -1;
    this.#machine.begin(this.#now);
    this.#machine.add(this.#now, 0, start);
    // As many threads, from the first on, are preferred to every match that was found so far.
    let better = this.#now.count;
    for (let at = start; this.#now.count > 0 && this.#budget.steps > 0; at += stride) {
      const canTake = at + stride <= content.length && at - start < limit &&
        !(isWide && content[at + 1] !== 0);
      const round = this.#step(at, stride, canTake, better);
      if (round.isEnd) all.push(at);
      if (round.isPreferred) preferred = at;
      better = round.better;
      if (!canTake) break;
      [this.#now, this.#next] = [this.#next, this.#now];
    }
    return all.length > 0 && this.#budget.steps > 0 ? { all, preferred } : undefined;
  }

  #step(at: number, stride: number, canTake: boolean, better: number) {
    const machine = this.#machine;
    const byte = this.#input.content[at]!;
    const now = this.#now;
    const next = this.#next;
    let isEnd = false;
    let isPreferred = false;
    let nextBetter = -1;
    machine.begin(next);
    for (let index = 0; index < now.count; index++) {
      const thread = now.list[index]!;
      const isBetter: boolean = index < better && !isPreferred;
      if (!isBetter && nextBetter < 0) nextBetter = next.count;
      if (machine.isMatch(thread)) {
        isEnd = true;
        isPreferred ||= isBetter;
      } else if (canTake && machine.takes(thread, byte)) {
        machine.add(next, thread + 1, at + stride);
      }
    }
    return { isEnd, isPreferred, better: nextBetter < 0 ? next.count : nextBetter };
  }
}
