/**
 * The hits of one scan by pattern. The index is used again for every scan, and clears only what the last one touched.
 *
 * @module
 */

const NONE = -1;
const FIRST_HITS = 1_024;

/** The hits that the scanning core found. */
export interface FormHits {
  /** Pairs of a form's index and the offset of its first byte. */
  readonly hits: Uint32Array;
  /** Forms of which there are more hits than were reported. */
  readonly cappedForms: Uint32Array;
}

/** The hits of one scan by pattern. */
export class MatchIndex {
  /** Pattern of each form. */
  readonly #patternOf: Uint32Array;
  /** First form of each pattern: the forms of a pattern follow each other. */
  readonly #firstForm: Uint32Array;
  /** Last hit of each pattern, as an index into the pairs; each leads to the one before. */
  readonly #last: Int32Array;
  readonly #isCapped: Uint8Array;
  #before = new Int32Array(FIRST_HITS);
  #hits: Uint32Array = new Uint32Array();
  #touched: number[] = [];

  constructor(patternOf: Uint32Array, patternCount: number) {
    this.#patternOf = patternOf;
    this.#firstForm = firstForms(patternOf, patternCount);
    this.#last = new Int32Array(patternCount).fill(NONE);
    this.#isCapped = new Uint8Array(patternCount);
  }

  /** Patterns that have a hit or are capped, in the order in which they were met. */
  get touched(): readonly number[] {
    return this.#touched;
  }

  /** Replaces the hits of the last scan. */
  fill({ hits, cappedForms }: FormHits): void {
    for (const pattern of this.#touched) {
      this.#last[pattern] = NONE;
      this.#isCapped[pattern] = 0;
    }
    this.#touched = [];
    this.#hits = hits;
    if (this.#before.length < hits.length / 2) this.#before = new Int32Array(hits.length);
    for (let at = 0; at < hits.length; at += 2) {
      const pattern = this.#patternOf[hits[at]!]!;
      const last = this.#last[pattern]!;
      if (last === NONE) this.#touched.push(pattern);
      this.#before[at / 2] = last;
      this.#last[pattern] = at / 2;
    }
    for (const form of cappedForms) this.#cap(this.#patternOf[form]!);
  }

  #cap(pattern: number): void {
    if (this.#last[pattern] === NONE && !this.#isCapped[pattern]) this.#touched.push(pattern);
    this.#isCapped[pattern] = 1;
  }

  /** Whether a pattern has a hit or is capped. */
  isTouched(pattern: number): boolean {
    return this.#last[pattern] !== NONE || this.#isCapped[pattern] === 1;
  }

  /** The first of a pattern's forms, which follow each other. */
  firstFormOf(pattern: number): number {
    return this.#firstForm[pattern]!;
  }

  /** Whether there are more hits than are known. */
  isCapped(pattern: number): boolean {
    return this.#isCapped[pattern] === 1;
  }

  /** The hits of a pattern in the order in which they came: its form, counted within the pattern, and the offset. */
  hitsOf(pattern: number): (readonly [form: number, offset: number])[] {
    const found: (readonly [number, number])[] = [];
    for (let hit = this.#last[pattern]!; hit !== NONE; hit = this.#before[hit]!) {
      found.push([this.#hits[hit * 2]! - this.#firstForm[pattern]!, this.#hits[hit * 2 + 1]!]);
    }
    return found.reverse();
  }
}

function firstForms(patternOf: Uint32Array, patternCount: number): Uint32Array {
  const first = new Uint32Array(patternCount);
  for (let form = patternOf.length - 1; form >= 0; form--) first[patternOf[form]!] = form;
  return first;
}
