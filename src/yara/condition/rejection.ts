/**
 * The error that ends the analysis of a condition that YARA-X would refuse.
 *
 * @module
 */

/** A condition that YARA-X refuses. */
export class Rejection extends Error {
  override name = "Rejection";

  /** The message is a phrase that names the fault; `at` is an offset into the text. */
  constructor(message: string, readonly at: number) {
    super(message);
  }
}
