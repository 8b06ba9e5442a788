/**
 * How the plugin fails to load.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";

/** Why the plugin can't be loaded. */
export type YaraFailure = "yara-rules-not-found" | "yara-externals-invalid";

/** The plugin can't be loaded; the message names the option. */
export class YaraError extends PluginError {
  /** A failure with its code. */
  constructor(code: YaraFailure, message: string) {
    super(code, message);
  }
}
