/**
 * How a plugin says why it gives up.
 *
 * @module
 */

/**
 * A failure of a plugin with a code of its own; its message stands alone in the response.
 *
 * @typeParam Code the codes that the plugin has
 */
export class PluginError<Code extends string = string> extends Error {
  /** The class. */
  override readonly name = "PluginError";
  /** Kebab-case, such as `source-not-set`; becomes the `code` of the error record. */
  readonly code: Code;

  /** Takes the code, the message, and with `cause` what was caught. */
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
