/**
 * From hits of a pattern's forms to its matches.
 *
 * @module
 */

import { Work } from "../work.ts";
import { isBase64Match } from "./base64.ts";
import type {
  CompiledPattern,
  FollowUpPlan,
  HexElement,
  PatternStatus,
  RunPlace,
} from "./compiled_pattern.ts";
import { HexMatcher } from "./hex_match.ts";
import type { FollowedUp, FormHit, PatternMatch } from "./matches.ts";
import { followRegexp } from "./regexp_forms.ts";

/** Matches of one pattern; YARA-X stops counting there, so that a pattern with as many is not known. */
export const MAX_MATCHES = 10_000;

const NOTHING: FollowedUp = { matches: [], isCapped: false, certainty: "exact" };

/**
 * What YARA-X reports for the hits of a pattern's forms. Order and doublets of the hits don't matter.
 *
 * Of several matches at one offset the shortest stays: where another
 * one could be found first the status is not `exact`. Where `work` is used up the list is capped.
 */
export function followUp(
  compiled: CompiledPattern,
  hits: readonly FormHit[],
  content: Uint8Array,
  work: Work = new Work(),
): FollowedUp {
  if (hits.length === 0) return NOTHING;
  const followed = follow(compiled, hits, content, work);
  work.keepMatches(followed.matches.length);
  return followed;
}

function follow(
  compiled: CompiledPattern,
  hits: readonly FormHit[],
  content: Uint8Array,
  work: Work,
): FollowedUp {
  const { plan, status: certainty } = compiled;
  if (plan.kind === "regexp") return followRegexp(plan, hits, content, work);
  const found = new MatchList(Math.min(MAX_MATCHES, work.matchesLeft));
  const isUnfinished = plan.kind === "hex"
    ? followHex(plan, compiled, hits, content, found, work)
    : followFixed(plan, compiled, hits, content, found, work);
  return { matches: found.sorted(), isCapped: isUnfinished || found.isFull, certainty };
}

/** Adds the matches at hits; true where work was left undone. */
function followFixed(
  plan: Exclude<FollowUpPlan, { kind: "hex" | "regexp" }>,
  { forms }: CompiledPattern,
  hits: readonly FormHit[],
  content: Uint8Array,
  found: MatchList,
  work: Work,
): boolean {
  for (const [form, offset] of hits) {
    if (found.isFull) break;
    const { bytes, xor } = forms[form]!;
    if (plan.kind === "base64") {
      if (work.stepsLeft === 0) return true;
      work.spend(bytes.length);
      if (!isPhaseAt(plan, form, offset, content)) continue;
    }
    found.add(offset, bytes.length, xor && content[offset]! ^ bytes[0]!);
  }
  return false;
}

/** The same where each hit is a match, of which no more has to be known than the lengths of forms. */
export function followPlain(
  hits: readonly FormHit[],
  lengthOf: (form: number) => number,
  certainty: PatternStatus,
  work: Work,
): FollowedUp {
  const found = new MatchList(Math.min(MAX_MATCHES, work.matchesLeft));
  for (const [form, offset] of hits) {
    if (found.isFull) break;
    found.add(offset, lengthOf(form));
  }
  const matches = found.sorted();
  work.keepMatches(matches.length);
  return { matches, isCapped: found.isFull, certainty };
}

function isPhaseAt(
  plan: Extract<FollowUpPlan, { kind: "base64" }>,
  form: number,
  offset: number,
  content: Uint8Array,
): boolean {
  const phase = plan.phases[form]!;
  return isBase64Match(content, offset, plan.texts[phase.text]!, phase);
}

/** Adds the matches around hits; true where work was left undone. */
function followHex(
  plan: Extract<FollowUpPlan, { kind: "hex" }>,
  compiled: CompiledPattern,
  hits: readonly FormHit[],
  content: Uint8Array,
  found: MatchList,
  work: Work,
): boolean {
  const matcher = new HexMatcher(content, work.stepsLeft);
  const sides = plan.places.map((place) => sidesOf(plan.elements, place));
  for (const [form, offset] of hits) {
    if (found.isFull || matcher.isExhausted) break;
    const { before, own, after } = sides[form]!;
    const runEnd = offset + compiled.forms[form]!.bytes.length;
    // The core does not know negated bytes: the run is compared again.
    if (own && matcher.end(own, offset) === undefined) continue;
    const end = matcher.end(after, runEnd);
    if (end === undefined) continue;
    for (const start of matcher.starts(before, offset)) {
      found.add(start, end - start);
      if (found.isFull) break;
    }
  }
  work.spend(matcher.spentPlaces);
  return matcher.isExhausted;
}

/** The elements before and after a run; `own` is the run if the core doesn't know all of it. */
interface Sides {
  readonly before: readonly HexElement[];
  readonly own: readonly HexElement[] | undefined;
  readonly after: readonly HexElement[];
}

function sidesOf(elements: readonly HexElement[], place: RunPlace): Sides {
  const at = place[0];
  const before = elements.slice(0, at);
  const after = elements.slice(at + 1);
  if (place.length === 1) return { before, own: ownOf(elements[at]!), after };
  const choice = elements[at]!;
  const branch = choice.kind === "choice" ? choice.branches[place[1]]! : [];
  return {
    before: [...before, ...branch.slice(0, place[2])],
    own: ownOf(branch[place[2]]!),
    after: [...branch.slice(place[2] + 1), ...after],
  };
}

function ownOf(element: HexElement): readonly HexElement[] | undefined {
  return element.kind === "run" && element.negated ? [element] : undefined;
}

/** Matches by offset, as many as a pattern may have. */
class MatchList {
  readonly #lengths = new Map<number, PatternMatch>();

  constructor(readonly limit: number) {}

  get isFull(): boolean {
    return this.#lengths.size >= this.limit;
  }

  add(offset: number, length: number, xorKey: number | undefined): void;
  add(offset: number, length: number): void;
  add(offset: number, length: number, xorKey?: number): void {
    const known = this.#lengths.get(offset);
    if (known && known.length <= length) return;
    this.#lengths.set(offset, xorKey === undefined ? { offset, length } : { offset, length, xorKey });
  }

  sorted(): PatternMatch[] {
    return [...this.#lengths.values()].sort((a, b) => a.offset - b.offset);
  }
}
