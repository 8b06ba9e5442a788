/**
 * What becomes of a pattern: forms for the scanning core, and what to do with their hits.
 *
 * @module
 */

import type { SearchForm } from "../search_form.ts";
import type { Modifiers, RegexpSyntax } from "../syntax.ts";

/** A form of a pattern. */
export type PatternForm = SearchForm;

/**
 * How much is known of the list of matches. For all but `unknown` an empty list that is not capped means that YARA-X
 * finds nothing either.
 *
 * - `exact`: the list is the one of YARA-X.
 * - `existence`: the offsets are those of YARA-X, the lengths may differ.
 * - `candidate`: YARA-X finds at most these offsets.
 * - `unknown`: the pattern has no atom or the engine is known to be wrong about it; the list has no meaning.
 */
export type PatternStatus = "exact" | "existence" | "candidate" | "unknown";

/** Bytes of fixed length; plain data. */
export interface HexRun {
  readonly kind: "run";
  readonly bytes: readonly number[];
  /** For each byte the bits that count. */
  readonly mask: readonly number[];
  /** Indexes of bytes that must differ; absent: none. */
  readonly negated?: readonly number[];
  /** Whether some of the bytes that don't count were written as a longer jump. */
  readonly hasJump?: true;
}

/** Any bytes, both bounds included; without `to` as many as there are. */
export interface HexJump {
  readonly kind: "jump";
  readonly from: number;
  readonly to?: number;
}

/** One of several sequences. */
export interface HexChoice {
  readonly kind: "choice";
  readonly branches: readonly (readonly HexElement[])[];
}

/** A part of a hex string in which neighbouring bytes are joined; plain data. */
export type HexElement = HexRun | HexJump | HexChoice;

/** The position of a form's run: an element, or an element of a branch of a choice. */
export type RunPlace = readonly [element: number] | readonly [element: number, branch: number, index: number];

/** The text and padding of a base64 form. */
export interface Base64Phase {
  /** How many bytes stand before the text in the three bytes with which it begins: 0 to 2. */
  readonly padding: number;
  /** Whether each character is followed by a zero byte. */
  readonly isWide: boolean;
  /** Index into the plan's `texts`. */
  readonly text: number;
  /** 64 characters; empty: the standard ones. */
  readonly alphabet: string;
}

/** What to do with the hits of a pattern's forms; plain data that survives JSON. */
export type FollowUpPlan =
  /** A hit is a match. */
  | { readonly kind: "plain" }
  /** `phases` has one for each form. */
  | {
    readonly kind: "base64";
    readonly texts: readonly (readonly number[])[];
    readonly phases: readonly Base64Phase[];
  }
  /** The forms are runs of the regular expression, in its order. */
  | { readonly kind: "regexp"; readonly regexp: RegexpSyntax; readonly modifiers: Modifiers }
  /** `places` has one for each form. */
  | { readonly kind: "hex"; readonly elements: readonly HexElement[]; readonly places: readonly RunPlace[] };

/** A pattern that is ready to be searched. */
export interface CompiledPattern {
  /** In the order in which YARA-X tries them; none where the status is `unknown` or nothing can match. */
  readonly forms: readonly PatternForm[];
  readonly status: PatternStatus;
  readonly plan: FollowUpPlan;
}

/** The plan of patterns whose hits are matches. */
export const PLAIN: FollowUpPlan = { kind: "plain" };

/** What becomes of a pattern that can't be searched. */
export const UNKNOWN_PATTERN: CompiledPattern = { forms: [], status: "unknown", plan: PLAIN };

/** What becomes of a pattern that can't match any payload. */
export const IMPOSSIBLE_PATTERN: CompiledPattern = { forms: [], status: "exact", plan: PLAIN };
