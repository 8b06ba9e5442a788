/**
 * How the reading of a condition ends when YARA-X would refuse it.
 *
 * @module
 */

/** A condition that YARA-X refuses. */
export class Rejection extends Error {
  override name = "Rejection";

  /** The message is a phrase that names what is; `at` is an offset into the text. */
  constructor(message: string, readonly at: number) {
    super(message);
  }
}
