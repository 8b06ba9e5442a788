/**
 * Numbers of the Emscripten system interface (musl, wasm32) that the 7-Zip binary speaks.
 * System calls return `-errno`, WASI calls return `errno`.
 *
 * @module
 */

/** Error numbers (WASI's, which Emscripten uses for musl too). */
export const ERRNO = {
  success: 0,
  badDescriptor: 8,
  invalid: 28,
  noEntry: 44,
  noSystemCall: 52,
  notTerminal: 59,
  notPermitted: 63,
  readOnly: 69,
  cannotSeek: 70,
} as const;

/** Flags of `openat`. */
export const OPEN = { accessMode: 3, create: 0o100 } as const;

/** File modes of `stat`. */
export const MODE = { directory: 0o040755, file: 0o100644, device: 0o020666 } as const;

/** Origins of `fd_seek`. */
export const SEEK = { start: 0, current: 1, end: 2 } as const;

/** Size of one page of WebAssembly memory, in bytes. */
export const PAGE_BYTES = 65536;
