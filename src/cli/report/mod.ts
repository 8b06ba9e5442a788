/**
 * The report that people read: a finished response in lines for a terminal.
 *
 * From top to bottom: the severity with the blind spots, what was scanned, findings, indicators, blind spots, the tree of payloads,
 * the payloads one by one, decorators, errors, times. Large responses are cut, and each cut shows how much is left out; the JSON has everything.
 *
 * Everything that comes from files and plugins becomes a `Span` (`styled_text.ts`), which escapes it.
 *
 * @module
 */

import type { StoqResponse } from "../../core/contract/contract.ts";
import { blindSpotSection } from "./blind_spot_section.ts";
import { decoratorSections } from "./decorator_section.ts";
import { detailsSection } from "./details_section.ts";
import { cutLine } from "./fitting.ts";
import { errorSection } from "./error_section.ts";
import { findingSection } from "./finding_section.ts";
import { headerSection } from "./header_section.ts";
import { indicatorSection } from "./indicator_section.ts";
import type { SummaryKeys } from "./plugin_results.ts";
import { type Line, paintLine } from "./styled_text.ts";
import { surveyResponse } from "./survey.ts";
import { timingSection } from "./timing_section.ts";
import { treeSection } from "./tree_section.ts";
import { severitySection } from "./severity_section.ts";

/** How to write a report. */
export interface ReportOptions {
  /** Whether to use SGR sequences. */
  readonly isColor: boolean;
  /** Width of the terminal in cells; below {@link MIN_COLUMNS} lines are broken by the terminal. */
  readonly columns: number;
  /** Returns the keys of a plugin's results that are shown first; default: none. */
  readonly summaryKeys?: SummaryKeys;
  /** Whether only the head, findings, indicators and blind spots are written. */
  readonly isBrief?: boolean;
}

/** The narrowest layout. */
export const MIN_COLUMNS = 40;

/** The widest: longer lines are hard to follow. */
export const MAX_COLUMNS = 160;

/** Where the width is not known. */
const DEFAULT_COLUMNS = 80;

/** A longer report scrolls its first line away, so that line is repeated at the end. */
const SCREEN_LINES = 50;

/** Writes a response for people; ends with a line end. */
export function renderReport(response: StoqResponse, options: ReportOptions): string {
  const columns = usableColumns(options.columns);
  const survey = surveyResponse(response, options.summaryKeys);
  const fit = (lines: readonly Line[]) => lines.map((spans) => cutLine(spans, columns));
  const brief = [
    fit([...severitySection(survey, columns), ...headerSection(survey, columns)]),
    fit(findingSection(survey, columns)),
    fit(indicatorSection(survey, columns)),
    fit(blindSpotSection(survey, columns)),
  ];
  const sections = [
    ...brief,
    fit(treeSection(survey, columns)),
    fit(detailsSection(survey, columns)),
    // The lines of a decorator's text are those of its template.
    ...decoratorSections(survey, columns),
    fit(errorSection(survey, columns)),
  ].filter((lines) => lines.length > 0);
  if (options.isBrief) return paint(brief, options);
  const isLong = sections.flat().length + sections.length > SCREEN_LINES;
  const end = [...timingSection(survey, columns), ...(isLong ? severitySection(survey, columns) : [])];
  return paint([...sections, fit(end)], options);
}

/** Writes sections with an empty line between them; those without lines are left out. */
function paint(sections: readonly (readonly Line[])[], { isColor }: ReportOptions): string {
  return sections.filter((lines) => lines.length > 0)
    .map((lines) => lines.map((spans) => `${paintLine(spans, isColor)}\n`).join(""))
    .join("\n");
}

/** Returns the width that a report uses. */
export function usableColumns(columns: number): number {
  if (!Number.isFinite(columns) || columns <= 0) return DEFAULT_COLUMNS;
  return Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, Math.floor(columns)));
}
