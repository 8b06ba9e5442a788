/**
 * The fixed runs of bytes that the scanning core searches.
 *
 * A pattern of a rule becomes one or more forms: a text that is `ascii wide` has two, a `base64` one three. Where a
 * pattern is more than a fixed run (jumps of variable length, regular expressions, base64) its form is the run that
 * every match must hold, and the hit is a candidate that `verify.ts` follows up.
 *
 * @module
 */

/** Which neighbours of a match a `fullword` pattern forbids. */
export type WordBoundary = "none" | "byte" | "wide";

/** One run of bytes to look for. */
export interface SearchForm {
  /** One byte or more; for a wide form with its zero bytes. */
  readonly bytes: Uint8Array;
  /** For each byte the bits that count; absent: all. Bits of `bytes` that don't count are zero. */
  readonly mask?: Uint8Array;
  /** Whether ASCII letters count as equal in both cases; `bytes` are in lower case then. Never with `mask`. */
  readonly isCaseInsensitive: boolean;
  /** Whether a match must be a word, and how its neighbours are read. */
  readonly boundary: WordBoundary;
  /** Keys with which the bytes may be XORed, 0 to 255; never with `isCaseInsensitive` or `mask`. */
  readonly xor?: { readonly from: number; readonly to: number };
  /** The only offset at which the form is looked for. */
  readonly anchoredAt?: number;
}
