/**
 * A pattern as the planter sees it: like the syntax tree of `src/yara`, but read by another reader.
 *
 * @module
 */

/** Modifiers as they are written. */
export interface Modifiers {
  readonly isAscii?: true;
  readonly isWide?: true;
  readonly isNocase?: true;
  readonly isFullword?: true;
  readonly isPrivate?: true;
  /** First and last key. */
  readonly xor?: { readonly from: number; readonly to: number };
  /** The alphabet; empty: the standard one. */
  readonly base64?: string;
  /** The alphabet; empty: the standard one. */
  readonly base64wide?: string;
}

/** A part of a hex string. */
export type HexPart =
  | { readonly kind: "byte"; readonly value: number; readonly mask: number; readonly isNegated: boolean }
  | { readonly kind: "jump"; readonly from: number; readonly to: number | undefined }
  | { readonly kind: "alternatives"; readonly branches: readonly (readonly HexPart[])[] };

/** One pattern of a rule. */
export type PlantPattern =
  & { readonly identifier: string; readonly modifiers: Modifiers }
  & (
    | { readonly kind: "text"; readonly bytes: Uint8Array }
    | { readonly kind: "hex"; readonly tokens: readonly HexPart[] }
    | { readonly kind: "regexp"; readonly source: string; readonly isCaseInsensitive: boolean }
  );
