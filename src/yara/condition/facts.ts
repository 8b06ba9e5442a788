/**
 * Facts about the scanned content that a condition may read.
 *
 * @module
 */

import type { RegexpSyntax } from "../syntax.ts";
import type { ContentModules } from "./content_modules.ts";
import type { Possible } from "./possible.ts";

/** Knowledge about a pattern's matches. */
export type PatternMatches =
  | {
    /** All matches are known, each with its length. */
    readonly status: "exact";
    /** Rising, in bytes. */
    readonly offsets: ArrayLike<number>;
    /** In the same order, in bytes; absent: unknown. */
    readonly lengths?: ArrayLike<number>;
  }
  | {
    /** There are matches, but not all are known. */
    readonly status: "exists";
    /** Least number of matches. */
    readonly atLeast?: number;
  }
  | {
    /** There may be matches. */
    readonly status: "unknown";
  };

/** A value of an external variable. */
export type ExternalValue = string | number | bigint | boolean;

/** All facts; an absent one is unknown. */
export interface Facts {
  /** The bytes that are scanned. */
  readonly content?: Uint8Array;
  /** Values of modules, shared by all conditions; absent: each evaluation reads the content itself. */
  readonly modules?: ContentModules;
  /** Values of this scan, those of the compiler filled in. */
  readonly externals?: Readonly<Record<string, ExternalValue>>;
  /** Whether a pattern of the rule matches: `TRUE`, `FALSE` or `EITHER`. It is called first, and may be cheaper. */
  exists(pattern: number): Possible;
  /** The matches of a pattern of the rule. */
  matches(pattern: number): PatternMatches;
  /** The possible values of an earlier rule's condition, to which this one refers. */
  rule(index: number): Possible;
  /** Whether a text (one character for each byte) holds a match; absent or undefined: unknown. */
  regexpMatches?(regexp: RegexpSyntax, text: string): boolean | undefined;
  /** Digest of a part of the content in hexadecimal; absent or undefined: unknown. */
  digest?(algorithm: string, from: number, size: number): string | undefined;
}
