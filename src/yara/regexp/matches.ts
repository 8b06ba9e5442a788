/**
 * From hits of runs to the matches of a regular expression.
 *
 * @module
 */

import type { CompiledRegexp } from "./compiled_regexp.ts";
import { EndFinder, type Ends } from "./find_ends.ts";
import { StartFinder } from "./find_starts.ts";
import { isWord } from "./fullword.ts";
import { ENGINE_SCAN_LIMIT_CHARS, MAX_LISTED_MATCHES, MAX_MATCH_STEPS } from "./limits.ts";
import type { Budget, MachineInput } from "./machine.ts";
import type { RegexpRun } from "./required_runs.ts";
import type { Shape } from "./shape.ts";

/** A run that was found: its index, and the offset of its first byte. */
export type RunHit = readonly [run: number, offset: number];

/** One place where a regular expression matches. */
export interface RegexpMatch {
  /** In bytes, from 0. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/**
 * Certainty of the list. `exact`: it is the one of YARA-X. `existence`: the offsets are. `candidate`: YARA-X finds at
 * most these offsets. `unknown`: the list is empty and has no meaning.
 */
export type RegexpCertainty = "exact" | "existence" | "candidate" | "unknown";

/** Matches by offset, one for each. */
export interface RegexpMatches {
  readonly certainty: RegexpCertainty;
  readonly matches: readonly RegexpMatch[];
}

const UNKNOWN: RegexpMatches = { certainty: "unknown", matches: [] };

/**
 * The matches in a payload, from all places where the core found runs of the regular expression, in any order. Where
 * `budget` is used up, which is told to whoever gave it, nothing can be said.
 */
export function matchesOf(
  regexp: CompiledRegexp,
  content: Uint8Array,
  hits: readonly RunHit[],
  budget: Budget = { steps: MAX_MATCH_STEPS },
): RegexpMatches {
  if (regexp.runs === "none") return UNKNOWN;
  if (hits.length === 0) return { certainty: "exact", matches: [] };
  const { runs } = regexp;
  const search = new Search(regexp, content, budget);
  for (const isWide of [false, true]) {
    const own = hits.filter(([run]) => runs[run]!.isWide === isWide);
    if (own.length > 0 && !search.run(runs, own, isWide)) return UNKNOWN;
  }
  return search.finish();
}

const ORDER: readonly RegexpCertainty[] = ["exact", "existence", "candidate", "unknown"];

class Search {
  readonly #regexp: CompiledRegexp;
  readonly #content: Uint8Array;
  readonly #budget: Budget;
  readonly #lengths = new Map<number, number>();
  #certainty: RegexpCertainty = "exact";

  constructor(regexp: CompiledRegexp, content: Uint8Array, budget: Budget) {
    this.#regexp = regexp;
    this.#content = content;
    this.#budget = budget;
  }

  /** Adds matches; false where nothing can be said. */
  run(runs: readonly RegexpRun[], hits: readonly RunHit[], isWide: boolean): boolean {
    const shape = this.#regexp.shape(isWide);
    const isWidened = shape.starts === "wider";
    const forwards = this.#regexp.program("forwards", isWidened);
    if (shape.starts === "unknown" || !forwards) return false;
    const input: MachineInput = { content: this.#content, isWide };
    const starts = this.#startsOf(runs, hits, input, isWidened);
    if (!starts) return false;
    const finder = new EndFinder(forwards, input, this.#budget);
    // From an atom in the middle the engine reads that far in both directions.
    const limit = 2 * ENGINE_SCAN_LIMIT_CHARS * (isWide ? 2 : 1);
    for (const start of starts) {
      const ends = finder.endsFrom(start, limit);
      if (this.#budget.steps <= 0) return false;
      if (ends) this.#judge(start, ends, shape, isWide);
      if (this.#lengths.size >= MAX_LISTED_MATCHES) return false;
    }
    return true;
  }

  finish(): RegexpMatches {
    const matches = [...this.#lengths].sort(([a], [b]) => a - b);
    return {
      certainty: this.#certainty,
      matches: matches.map(([offset, length]) => ({ offset, length })),
    };
  }

  #startsOf(
    runs: readonly RegexpRun[],
    hits: readonly RunHit[],
    input: MachineInput,
    isWidened: boolean,
  ): ReadonlySet<number> | undefined {
    const starts = new Set<number>();
    const ends: number[] = [];
    for (const [index, offset] of hits) {
      const run = runs[index]!;
      if (run.distance === undefined) ends.push(offset + run.bytes.length);
      else if (offset >= run.distance) starts.add(offset - run.distance);
    }
    if (ends.length === 0) return starts;
    const backwards = this.#regexp.program("backwards", isWidened);
    if (!backwards) return undefined;
    const stride = input.isWide ? 2 : 1;
    const limit = 2 * ENGINE_SCAN_LIMIT_CHARS * stride;
    for (let parity = 0; parity < stride; parity++) {
      const own = ends.filter((end) => end % stride === parity);
      new StartFinder(backwards, input, this.#budget).addStarts(own, limit, starts);
    }
    return this.#budget.steps > 0 ? starts : undefined;
  }

  #judge(start: number, ends: Ends, shape: Shape, isWide: boolean): void {
    const { fullword } = this.#regexp;
    const passing = fullword === true
      ? ends.all.filter((end) => isWord(this.#content, start, end, isWide))
      : ends.all;
    if (passing.length === 0) return;
    if (shape.starts !== "equal" || fullword === "misread") this.#weaken("candidate");
    const end = this.#endOf(ends, passing, shape);
    if (end === undefined) this.#weaken(passing.length === ends.all.length ? "existence" : "candidate");
    this.#judgeReach(start, ends);
    this.#add(start, (end ?? passing[0]!) - start);
  }

  /** The end that YARA-X reports, where that is certain. */
  #endOf(ends: Ends, passing: readonly number[], shape: Shape): number | undefined {
    const { all, preferred } = ends;
    const { isGreedy } = this.#regexp;
    if (all.length === 1) return all[0];
    const best = isGreedy ? all.at(-1)! : all[0]!;
    const isBest = shape.isOrdered || (shape.isPreferring && isGreedy && preferred === best);
    return isBest && passing.includes(best) ? best : undefined;
  }

  /** The engine gives up a match that is too long for it, and takes a shorter one if there is one. */
  #judgeReach(start: number, ends: Ends): void {
    if (ends.all.at(-1)! - start < ENGINE_SCAN_LIMIT_CHARS) return;
    const isShortReached = ends.all[0]! - start < ENGINE_SCAN_LIMIT_CHARS && !this.#regexp.fullword;
    this.#weaken(isShortReached ? "existence" : "candidate");
  }

  #add(start: number, length: number): void {
    const known = this.#lengths.get(start);
    if (known === undefined) {
      this.#lengths.set(start, length);
      return;
    }
    // As ascii and as wide: the longer one of a greedy, else the one that was found first.
    if (known !== length && !this.#regexp.isGreedy) this.#weaken("existence");
    this.#lengths.set(start, Math.max(known, length));
  }

  #weaken(certainty: RegexpCertainty): void {
    if (ORDER.indexOf(certainty) > ORDER.indexOf(this.#certainty)) this.#certainty = certainty;
  }
}
