/**
 * What is known of media types: which can hold content or code, and who parses them.
 *
 * @module
 */

/** The media types that a scan can be blind to. */
export interface FormatTable {
  /** Whether payloads of this type can hold content or code. */
  canHoldContent(mediaType: string): boolean;
  /** Names of the workers that parse the type. */
  parsersOf(mediaType: string): readonly string[];
}

/** A table that knows no type. */
export const NO_FORMATS: FormatTable = { canHoldContent: () => false, parsersOf: () => [] };
