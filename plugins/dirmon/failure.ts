/**
 * The failures of dirmon.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";

/** Why an action failed; the kit has `file-not-regular` and `file-too-large` beside these. */
export type DirmonFailure =
  | "source-not-set"
  | "source-not-readable"
  | "move-dir-not-set"
  | "move-dir-not-usable"
  | "failed-dir-not-usable"
  | "glob-invalid"
  | "path-outside-source"
  | "file-changed"
  | "file-renamed"
  | "file-not-deleted"
  | "file-not-moved";

/** An action of dirmon that failed; the message names the path. */
export class DirmonError extends PluginError<DirmonFailure> {}
