/**
 * The failures of jinja.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";

/** Why a template can't be used, or a response can't be rendered. */
export type JinjaFailure =
  | "jinja-template-not-found"
  | "jinja-template-invalid"
  | "jinja-template-outside"
  | "jinja-templates-too-large"
  | "jinja-render-failed"
  | "jinja-output-too-large"
  | "jinja-loop-too-long";

/** A failure of jinja; the message names the template. */
export class JinjaError extends PluginError<JinjaFailure> {}
