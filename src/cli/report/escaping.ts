/**
 * Text from files and plugins, made fit for a line of the report.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";

/** No script stacks more marks on one letter; a thousand marks would cover the lines above. */
const PILED_MARKS = /([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu;

/** A name that is longer is shown with its start and end. */
const MAX_NAME_CHARACTERS = 2_000;

/** Escapes everything that a terminal would act on, and invisible characters. */
export function escapeText(text: string): string {
  return printable(text).replace(PILED_MARKS, "$1…");
}

/** Escapes a name; a name whose blanks look like columns is put in quotes. */
export function escapeName(name: string): string {
  const half = MAX_NAME_CHARACTERS / 2;
  const clipped = name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, half)}…${name.slice(-half)}` : name;
  const escaped = escapeText(clipped);
  return /^\s|\s$|\s\s/u.test(escaped) ? `"${escaped}"` : escaped;
}
