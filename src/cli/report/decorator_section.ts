/**
 * What decorators added to the response.
 *
 * @module
 */

import type { Plain } from "../../core/contract/plain.ts";
import { plainLines } from "./plain_lines.ts";
import { counted } from "./quantities.ts";
import { type Line, line } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Most lines of a decorator's text. */
const MAX_DECORATOR_LINES = 400;

/** Writes each decorator's results; a text as it is, however wide. */
export function decoratorSections(survey: Survey, columns: number): Line[][] {
  return Object.entries(survey.response.decorators).map(([plugin, results]) =>
    decoratorSection(plugin, results, columns)
  );
}

function decoratorSection(plugin: string, results: Plain, columns: number): Line[] {
  if (typeof results !== "string") return plainLines(plugin, results, columns, "heading");
  const lines = results.trimEnd().split(/\r?\n/);
  const left = lines.length - MAX_DECORATOR_LINES;
  return [
    line(plugin, "heading"),
    ...lines.slice(0, MAX_DECORATOR_LINES).map((text) => line(expandTabs(text))),
    ...(left > 0 ? [line(`… ${counted(left, "more line")}`, "secondary")] : []),
  ];
}

function expandTabs(text: string): string {
  return text.replaceAll("\t", "    ");
}
