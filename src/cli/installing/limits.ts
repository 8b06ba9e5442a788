/**
 * Limits of what is fetched before the user has confirmed.
 *
 * @module
 */

/** Modules and resources of a plugin. */
export const MAX_FILES = 1_000;

/** One file, in bytes; engines in WebAssembly are large. */
export const MAX_FILE_BYTES = 32_000_000;

/** All files together, in bytes. */
export const MAX_TOTAL_BYTES = 100_000_000;

/** Depth of imports. */
export const MAX_DEPTH = 64;

/** Redirects of one address. */
export const MAX_REDIRECTS = 5;

/** Largest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 1_000_000;

/** Largest index of a package, in bytes: it lists all versions. */
export const MAX_INDEX_BYTES = 50_000_000;
