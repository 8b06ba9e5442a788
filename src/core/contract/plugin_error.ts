/**
 * How a plugin says why it gives up.
 *
 * @module
 */

/** A failure of a plugin with a code of its own; its message stands alone in the response. */
export class PluginError extends Error {
  /** The class. */
  override readonly name = "PluginError";
  /** Kebab-case, such as `source-not-set`; becomes the `code` of the error record. */
  readonly code: string;

  /** Takes the code, the message, and with `cause` what was caught. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
