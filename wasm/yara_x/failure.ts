/**
 * Tells the ways apart in which a call into the engine can fail.
 *
 * @module
 */

/** Whether the instance can't be trusted any more: a trap, or a stack that ran over inside it. */
export function isTrap(error: unknown): error is Error {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** Whether the engine says that something is wrong; it is well then. A mistake of ours is of another class. */
export function isReport(error: unknown): error is Error {
  return error instanceof Error && error.constructor === Error;
}
