/**
 * Where matches around runs may start.
 *
 * @module
 */

import { type Budget, Machine, type MachineInput, type Threads } from "./machine.ts";
import type { Program } from "./program.ts";

/** Finds starts with a program that goes backwards. */
export class StartFinder {
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

  /**
   * Adds the start of every match that holds one of the runs, and perhaps others. `runEnds` are offsets behind runs;
   * matches that begin more than `limit` bytes in front of theirs are left out.
   *
   * All runs share one sweep, so that many of them in a row cost no more than one.
   */
  addStarts(runEnds: readonly number[], limit: number, starts: Set<number>): void {
    const pending = [...new Set(runEnds)].sort((a, b) => a - b);
    const stride = this.#input.isWide ? 2 : 1;
    this.#machine.begin(this.#now);
    let place = -1;
    let stop = 0;
    while (this.#budget.steps > 0) {
      if (this.#now.count === 0) place = pending.at(-1) ?? -1;
      if (place < 0) break;
      if (pending.at(-1) === place) {
        pending.pop();
        // What a run ends in isn't known: every place of the program where the run's bytes fit survives them.
        this.#machine.addAll(this.#now);
        stop = place - limit;
      }
      this.#collect(place, starts);
      this.#stepBack(place, stride, stop);
      place -= stride;
    }
  }

  #collect(place: number, starts: Set<number>): void {
    for (let index = 0; index < this.#now.count; index++) {
      if (this.#machine.isMatch(this.#now.list[index]!)) starts.add(place);
    }
  }

  #stepBack(place: number, stride: number, stop: number): void {
    const { content, isWide } = this.#input;
    const from = place - stride;
    this.#machine.begin(this.#next);
    if (from >= 0 && from >= stop && !(isWide && content[place - 1] !== 0)) {
      const byte = content[from]!;
      for (let index = 0; index < this.#now.count; index++) {
        const thread = this.#now.list[index]!;
        if (this.#machine.takes(thread, byte)) this.#machine.add(this.#next, thread + 1, from);
      }
    }
    [this.#now, this.#next] = [this.#next, this.#now];
  }
}
