/**
 * What the core is given and gives.
 *
 * @module
 */

/** Which neighbours of a match a `fullword` pattern forbids. */
export type WordBoundary = "none" | "byte" | "wide";

/** One run of bytes to look for, as `src/yara/search_form.ts` has it, which says more; what the core needs of it. */
export interface SearchForm {
  /** One byte or more. */
  readonly bytes: Uint8Array;
  /** For each byte the bits that count; absent: all. */
  readonly mask?: Uint8Array;
  /** Whether ASCII letters count as equal in both cases; never with `mask`. */
  readonly isCaseInsensitive: boolean;
  /** Whether a match must be a word, and how its neighbours are read. */
  readonly boundary: WordBoundary;
  /** Keys with which the bytes may be XORed, 0 to 255; never with `isCaseInsensitive` or `mask`. */
  readonly xor?: { readonly from: number; readonly to: number };
  /** The only offset at which the form is looked for. */
  readonly anchoredAt?: number;
}

/** What a scan found. */
export interface CoreHits {
  /**
   * Pairs of a form's index and the offset of its first byte. The hits of one form are in ascending order of offsets, each
   * offset once. The order between forms is always the same for the same tables and content, and means nothing.
   */
  readonly hits: Uint32Array;
  /** Forms, ascending, of which there are, or may be, more hits than were reported. */
  readonly cappedForms: Uint32Array;
  /** Whether all was looked at; if not, there may be more hits of any form. */
  readonly isComplete: boolean;
}

/** Tables, ready to be looked for. */
export interface Core {
  /** How many forms the tables hold. */
  readonly formCount: number;
  /** Bytes of memory that it holds on to. */
  readonly memoryBytes: number;
  /**
   * Finds all forms in the content.
   *
   * @throws {RangeError} for content above 4 GB
   */
  scan(content: Uint8Array): CoreHits;
}
