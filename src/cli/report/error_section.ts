/**
 * Errors, those that say the same together.
 *
 * @module
 */

import type { ErrorRecord } from "../../core/contract/contract.ts";
import { countedErrors, isNotInstalled } from "../response_errors.ts";
import { cutLine, wrapLine } from "./fitting.ts";
import { counted, formatCount } from "./quantities.ts";
import { type Line, line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Most kinds of errors. */
export const MAX_ERROR_KINDS = 20;

/** Most different texts of one plugin under one code, such as those that name an offset each. */
export const MAX_TEXTS_OF_KIND = 3;

/** Most payloads that are named for an error. */
const MAX_PLACES = 5;

/** Most plugins that are named for not being installed. */
const MAX_MISSING_PLUGINS = 12;

/** Most lines of one error. */
const MAX_LINES = 4;

/** What the text may take of them, so that code and payloads are seen in any case; in lines. */
const MAX_TEXT_SHARE = 2.5;

/** Writes the errors in the order in which they first appeared. */
export function errorSection(survey: Survey, columns: number): Line[] {
  const { errors } = survey.response;
  if (errors.length === 0) return [];
  const missing = errors.filter((error) => isNotInstalled(survey.response, error));
  const kinds = [
    ...Map.groupBy(
      countedErrors(survey.response),
      ({ pluginName, code }) => JSON.stringify([pluginName, code]),
    ).values(),
  ];
  const left = kinds.length - MAX_ERROR_KINDS;
  return [
    line("Errors", "heading"),
    ...kinds.slice(0, MAX_ERROR_KINDS).flatMap((kind) => kindLines(survey, kind, columns)),
    ...(left > 0 ? [line(`… ${counted(left, "more kind")} of errors`, "secondary")] : []),
    ...notInstalledLines(missing, columns),
  ];
}

/** Writes the errors of one plugin with one code. */
function kindLines(survey: Survey, errors: readonly ErrorRecord[], columns: number): Line[] {
  const groups = [...Map.groupBy(errors, ({ error }) => error).values()];
  const left = groups.slice(MAX_TEXTS_OF_KIND).flat().length;
  return [
    ...groups.slice(0, MAX_TEXTS_OF_KIND).flatMap((group) => groupLines(survey, group, columns)),
    ...(left > 0
      ? [line(`    … ${counted(left, "more error")} with the code ${errors[0]!.code}`, "secondary")]
      : []),
  ];
}

function groupLines(survey: Survey, group: readonly ErrorRecord[], columns: number): Line[] {
  const { error, pluginName, code } = group[0]!;
  const isLimit = code.startsWith("limit-");
  const places = placesOf(survey, group);
  const spans = [
    ...(pluginName === null ? [] : [new Span(pluginName, "type"), new Span("  ")]),
    ...cutLine(line(error, isLimit ? "warning" : "error"), Math.floor(columns * MAX_TEXT_SHARE)),
    new Span(` (${places === "" ? code : `${code}, ${places}`})`, "secondary"),
  ];
  return wrapLine(spans, columns, { maxLines: MAX_LINES, indent: 4 });
}

/** Returns `#2 #5`, and how many errors if that is another number. */
function placesOf(survey: Survey, group: readonly ErrorRecord[]): string {
  const ids = new Set(group.flatMap(({ payloadId }) => payloadId ?? []));
  const numbers = [...ids].flatMap((id) => survey.nodeOf(id)?.number ?? []).sort((a, b) => a - b);
  const left = numbers.length - MAX_PLACES;
  const named = numbers.slice(0, MAX_PLACES).map((number) => `#${number}`).join(" ") +
    (left > 0 ? ` +${formatCount(left)}` : "");
  const times = group.length > 1 && group.length !== numbers.length
    ? `${formatCount(group.length)} times`
    : "";
  return [named, times].filter((part) => part !== "").join(", ");
}

/** Writes the plugins that rules or plugins name and that are not installed: this is usual, so one line for all. */
function notInstalledLines(errors: readonly ErrorRecord[], columns: number): Line[] {
  if (errors.length === 0) return [];
  const groups = Map.groupBy(errors, ({ pluginName, error }) => pluginName ?? error);
  const names = [...groups].map(([name, group], index) => {
    const payloads = new Set(group.map(({ payloadId }) => payloadId)).size;
    return `${name} (${index === 0 ? counted(payloads, "payload") : formatCount(payloads)})`;
  });
  const left = names.length - MAX_MISSING_PLUGINS;
  const spans = [
    new Span("not installed: ", "warning"),
    new Span(names.slice(0, MAX_MISSING_PLUGINS).join(", ")),
    ...(left > 0 ? [new Span(` … ${formatCount(left)} more`, "secondary")] : []),
  ];
  return wrapLine(spans, columns, { maxLines: MAX_LINES, indent: 4 });
}
