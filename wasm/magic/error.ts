/**
 * How the engine fails.
 *
 * @module
 */

/** What went wrong: the engine can't be started, has no memory left, gave no answer, or crashed. */
export type MagicFailure =
  | "magic-not-started"
  | "magic-out-of-memory"
  | "magic-no-answer"
  | "magic-crashed";

/** A failure of libmagic itself; every input has a media type, so there is no error for bad input. */
export class MagicError extends Error {
  /** `MagicError`, also where the class is not at hand. */
  override readonly name = "MagicError";

  /** A failure with its code; `options.cause` is what the engine threw. */
  constructor(readonly code: MagicFailure, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
