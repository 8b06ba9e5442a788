/**
 * How the plugin fails to load, and how it writes names from outside.
 *
 * @module
 */

/** Why the plugin can't be loaded. */
export type YaraFailure = "yara-rules-not-found" | "yara-externals-invalid";

/** The plugin can't be loaded; the message names the option. */
export class YaraError extends Error {
  /** `YaraError`, also where the class is not at hand. */
  override readonly name = "YaraError";

  /** A failure with its code. */
  constructor(readonly code: YaraFailure, message: string) {
    super(message);
  }
}

/** Characters that JSON leaves as they are and that steer a terminal or turn text around. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A value from outside as JSON, control characters escaped. */
export function quote(value: unknown): string {
  return JSON.stringify(value).replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
