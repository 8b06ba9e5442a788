/**
 * How jinja fails, and how its messages write names.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";
import { printable } from "./printable.ts";

/** Why a template can't be used, or a response not be rendered. */
export type JinjaFailure =
  | "jinja-template-not-found"
  | "jinja-template-invalid"
  | "jinja-template-outside"
  | "jinja-templates-too-large"
  | "jinja-render-failed"
  | "jinja-output-too-large"
  | "jinja-loop-too-long";

/** A failure of jinja; the message names the template. */
export class JinjaError extends PluginError {
  /** A failure with its code; `options.cause` is what the engine or the system said. */
  constructor(code: JinjaFailure, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** A name in double quotes, on one line, with nothing in it that steers a terminal. */
export function quote(name: string): string {
  return printable(JSON.stringify(name));
}
