/**
 * The failures of filedir.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";

/** Why an action failed; the kit has `name-not-safe`, `file-not-regular` and `file-too-large` beside these. */
export type FiledirFailure =
  | "source-not-set"
  | "source-not-readable"
  | "path-outside-source"
  | "date-format-invalid"
  | "file-exists"
  | "file-not-written"
  | "path-not-given"
  | "path-outside-archive"
  | "path-not-readable";

/** An action of filedir that failed; the message names the path. */
export class FiledirError extends PluginError<FiledirFailure> {}
