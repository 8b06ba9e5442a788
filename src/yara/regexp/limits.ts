/**
 * Bounds of what is done for one regular expression.
 *
 * @module
 */

/** Deepest nesting that the engine's parser takes. */
export const MAX_REGEXP_DEPTH = 250;

/** Longest source that is read, in UTF-16 units; a longer one is opaque. */
export const MAX_REGEXP_CHARS = 65_536;

/** Most instructions of a program; what is larger is not matched here. */
export const MAX_PROGRAM_INSTRUCTIONS = 8_192;

/** Most runs of one regular expression, forms of `ascii wide` counted apart. */
export const MAX_RUNS = 64;

/** Shortest run that is searched, in characters. */
export const MIN_RUN_CHARS = 2;

/** Longest run, in characters. */
export const MAX_RUN_CHARS = 48;

/** Largest class that is written out in runs, in bytes. */
export const MAX_EXPANDED_CLASS_BYTES = 16;

/** Characters that the engine reads from an atom in each direction before it gives up. */
export const ENGINE_SCAN_LIMIT_CHARS = 4_096;

/** Longest atom of the engine; a match that is no longer may be an atom as a whole. */
export const ENGINE_ATOM_BYTES = 4;

/** Longest stretch that the engine bridges within a piece; longer jumps over anything make it split the pattern. */
export const ENGINE_CHAINING_THRESHOLD = 200;

/** Steps of threads that the matches of one pattern in one payload may take; about 0.1 s. */
export const MAX_MATCH_STEPS = 4_000_000;

/** Steps of threads for one `matches` of a condition. */
export const MAX_TEXT_STEPS = 4_000_000;

/** With as many matches a pattern is unknown: the engine counts no more. */
export const MAX_LISTED_MATCHES = 10_000;
