/**
 * Media types by content: libmagic, the engine of `file`, in WebAssembly (npm's `wasmagic`).
 *
 * Importing this module loads nothing. {@linkcode createMagic} takes about 0.15 s and 60 MB; the first text
 * costs another 30 ms, because libmagic then compiles its regular expressions; a later call takes some tenths
 * of a millisecond, and 0.3 s with the slowest content that was found (7 MiB of blanks). No call reads a file
 * or needs a permission.
 *
 * @module
 */

export { createMagic } from "./create.ts";
export { MAGIC_HEAD_BYTES, type MagicDetector } from "./detector.ts";
export { MagicError, type MagicFailure } from "./error.ts";
