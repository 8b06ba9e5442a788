/**
 * The follow-up of hex strings: from a run that was found to the starts and the end of matches around it.
 *
 * Places are kept as intervals, so that a jump of any length is one step and no place is looked at twice. Work
 * is bounded: when it is used up, matching stops and the list is capped.
 *
 * @module
 */

import { lowerBound } from "../lower_bound.ts";
import type { HexElement, HexJump, HexRun } from "./compiled_pattern.ts";

/** Places that one follow-up of a pattern tests at most. */
export const MAX_FOLLOW_UP_PLACES = 4_000_000;

/** Wider intervals are answered from a list of all places of the run, which is made once. */
const LISTED_INTERVAL_BYTES = 4_096;

/** Bounds of intervals, both included: from, to, from, to, …; ascending and apart. */
type Places = readonly number[];

const NOWHERE: Places = [];

/** Steps through elements around places of one payload. */
export class HexMatcher {
  readonly #content: Uint8Array;
  readonly #lists = new Map<HexRun, readonly number[]>();
  readonly #limit: number;
  #work: number;

  /** `limit` is what all places together may be, if that is less than one follow-up may test anyway. */
  constructor(content: Uint8Array, limit = MAX_FOLLOW_UP_PLACES) {
    this.#content = content;
    this.#work = this.#limit = Math.min(limit, MAX_FOLLOW_UP_PLACES);
  }

  /** Places that were tested. */
  get spentPlaces(): number {
    return this.#limit - this.#work;
  }

  /** Whether work was left undone. */
  get isExhausted(): boolean {
    return this.#work <= 0;
  }

  /** Where matches that continue at `end` begin, ascending. */
  *starts(elements: readonly HexElement[], end: number): Generator<number> {
    const places = this.#back(elements, [end, end]);
    for (let i = 0; i < places.length; i += 2) {
      for (let at = places[i]!; at <= places[i + 1]!; at++) {
        if (--this.#work <= 0) return;
        yield at;
      }
    }
  }

  /** Where the shortest match that continues at `start` ends. */
  end(elements: readonly HexElement[], start: number): number | undefined {
    return this.#on(elements, [start, start])[0];
  }

  #on(elements: readonly HexElement[], from: Places): Places {
    let places = from;
    for (const element of elements) {
      if (places.length === 0 || this.isExhausted) return NOWHERE;
      if (element.kind === "jump") places = this.#jumpOn(element, places);
      else if (element.kind === "run") places = this.#runOn(element, places);
      else {
        const from = places;
        places = union(element.branches.map((branch) => this.#on(branch, from)));
      }
    }
    return places;
  }

  #back(elements: readonly HexElement[], from: Places): Places {
    let places = from;
    for (let i = elements.length - 1; i >= 0; i--) {
      if (places.length === 0 || this.isExhausted) return NOWHERE;
      const element = elements[i]!;
      if (element.kind === "jump") places = this.#jumpBack(element, places);
      else if (element.kind === "run") places = this.#runBack(element, places);
      else {
        const from = places;
        places = union(element.branches.map((branch) => this.#back(branch, from)));
      }
    }
    return places;
  }

  #jumpOn(jump: HexJump, places: Places): Places {
    const end = this.#content.length;
    const moved = new IntervalList();
    for (let i = 0; i < places.length; i += 2) {
      this.#work--;
      const from = places[i]! + jump.from;
      if (from > end) break;
      moved.add(from, jump.to === undefined ? end : Math.min(end, places[i + 1]! + jump.to));
    }
    return moved.bounds;
  }

  #jumpBack(jump: HexJump, places: Places): Places {
    const moved = new IntervalList();
    for (let i = 0; i < places.length; i += 2) {
      this.#work--;
      const to = places[i + 1]! - jump.from;
      if (to < 0) continue;
      moved.add(jump.to === undefined ? 0 : Math.max(0, places[i]! - jump.to), to);
    }
    return moved.bounds;
  }

  #runOn(run: HexRun, places: Places): Places {
    const length = run.bytes.length;
    const found = new IntervalList();
    for (let i = 0; i < places.length; i += 2) {
      this.#findRuns(run, places[i]!, places[i + 1]!, found, length);
    }
    return found.bounds;
  }

  #runBack(run: HexRun, places: Places): Places {
    const length = run.bytes.length;
    const found = new IntervalList();
    for (let i = 0; i < places.length; i += 2) {
      this.#findRuns(run, places[i]! - length, places[i + 1]! - length, found, 0);
    }
    return found.bounds;
  }

  #findRuns(run: HexRun, from: number, to: number, found: IntervalList, shift: number): void {
    const first = Math.max(0, from);
    const last = Math.min(to, this.#content.length - run.bytes.length);
    if (last - first > LISTED_INTERVAL_BYTES) {
      const list = this.#listOf(run);
      for (let i = lowerBound(list, first); i < list.length && list[i]! <= last; i++) {
        if (--this.#work <= 0) return;
        found.add(list[i]! + shift, list[i]! + shift);
      }
      return;
    }
    for (let at = first; at <= last; at++) {
      if (--this.#work <= 0) return;
      if (this.#isRunAt(run, at)) found.add(at + shift, at + shift);
    }
  }

  #listOf(run: HexRun): readonly number[] {
    const known = this.#lists.get(run);
    if (known) return known;
    const list: number[] = [];
    const last = this.#content.length - run.bytes.length;
    for (let at = 0; at <= last && --this.#work > 0; at++) if (this.#isRunAt(run, at)) list.push(at);
    this.#lists.set(run, list);
    return list;
  }

  #isRunAt(run: HexRun, at: number): boolean {
    const { bytes, mask } = run;
    const content = this.#content;
    if (run.negated) return this.#isNegatedRunAt(run, at);
    for (let i = 0; i < bytes.length; i++) {
      if ((content[at + i]! & mask[i]!) !== bytes[i]) {
        this.#work -= i;
        return false;
      }
    }
    this.#work -= bytes.length;
    return true;
  }

  #isNegatedRunAt(run: HexRun, at: number): boolean {
    const negated = run.negated!;
    let next = 0;
    for (let i = 0; i < run.bytes.length; i++) {
      const isNegated = negated[next] === i;
      if (isNegated) next++;
      const isEqual = (this.#content[at + i]! & run.mask[i]!) === run.bytes[i];
      if (isEqual === isNegated) return false;
    }
    this.#work -= run.bytes.length;
    return true;
  }
}

/** Intervals that come in ascending order of their beginnings, joined where they touch. */
class IntervalList {
  readonly bounds: number[] = [];

  add(from: number, to: number): void {
    const last = this.bounds.length - 1;
    if (last >= 0 && from <= this.bounds[last]! + 1) this.bounds[last] = Math.max(this.bounds[last]!, to);
    else this.bounds.push(from, to);
  }
}

function union(all: readonly Places[]): Places {
  const pairs: [number, number][] = [];
  for (const places of all) {
    for (let i = 0; i < places.length; i += 2) pairs.push([places[i]!, places[i + 1]!]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  const list = new IntervalList();
  for (const [from, to] of pairs) list.add(from, to);
  return list.bounds;
}
