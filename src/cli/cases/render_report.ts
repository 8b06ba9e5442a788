/**
 * The report of `stoq test` for people and for programs.
 *
 * @module
 */

import { STOQ_VERSION } from "../../version.ts";
import { counted, formatDuration } from "../report/quantities.ts";
import { cellOf, layOutTable, type TableRow } from "../report/table_layout.ts";
import { type Line, line, paintLine, Span } from "../report/styled_text.ts";
import {
  type CaseReport,
  type Failure,
  hasCasePassed,
  hasPassed,
  hasPluginPassed,
  type PluginReport,
  type TestReport,
} from "./test_report.ts";

/** How to write a report. */
export interface ReportOptions {
  readonly isColor: boolean;
  /** Width in cells. */
  readonly columns: number;
}

const COLUMN = { name: 1, facts: 4 };

/** Facts of a plugin that stand in the table; the others have lines of their own, which are never cut. */
const MAX_TABLE_FACTS = 2;

/** Narrowest layout of the table; a failure's own line is never cut. */
const MIN_COLUMNS = 40;

/** Writes a table of the plugins, a line for each failure, and a summary. */
export function renderReport(report: TestReport, { isColor, columns }: ReportOptions): string {
  const table = layOutTable(report.plugins.map(pluginRow), {
    columns: Math.max(MIN_COLUMNS, columns),
    right: [5],
    shrink: [{ column: COLUMN.facts, width: 8 }, { column: COLUMN.name, width: 12 }],
  });
  const failures = failureLines(report);
  const sections = [
    [line(`stoQ ${STOQ_VERSION}`, "heading")],
    table,
    report.plugins.flatMap(factLines),
    failures,
    [summaryLine(report)],
  ].filter((lines) => lines.length > 0);
  return sections.map((lines) => lines.map((spans) => `${paintLine(spans, isColor)}\n`).join("")).join("\n");
}

function pluginRow(plugin: PluginReport): TableRow {
  const { name, version, facts, cases, isUpdated, durationMs } = plugin;
  const remarks = [...facts.slice(0, MAX_TABLE_FACTS), ...(isUpdated ? ["cases.json updated"] : [])];
  return [
    markOf(hasPluginPassed(plugin)),
    line(name, "name"),
    line(version, "secondary"),
    line(casesPhrase(cases)),
    line(remarks.join(", "), "secondary"),
    line(formatDuration(durationMs), "secondary"),
  ].map(cellOf);
}

function factLines({ name, facts }: PluginReport): Line[] {
  return facts.slice(MAX_TABLE_FACTS).map((
    fact,
  ) => [...line(name, "name"), new Span(`: ${fact}`, "secondary")]);
}

function markOf(isOk: boolean): Line {
  return isOk ? line("ok", "type") : line("FAILED", "high");
}

function casesPhrase(cases: readonly CaseReport[]): string {
  if (cases.length === 0) return "no cases";
  const failed = cases.filter((item) => !hasCasePassed(item)).length;
  return failed === 0
    ? counted(cases.length, "case")
    : `${failed} of ${counted(cases.length, "case")} failed`;
}

function failureLines({ plugins, failures }: TestReport): Line[] {
  return [
    ...failures.map(({ message }) => failureLine(undefined, message)),
    ...plugins.flatMap(({ name, failures, cases }) => [
      ...failures.map(({ message }) => failureLine(name, message)),
      ...cases.flatMap((item) => caseLines(name, item)),
    ]),
  ];
}

function caseLines(plugin: string, { name, failures, differences }: CaseReport): Line[] {
  const phrases = [
    ...failures.map(({ message }) => message),
    ...differences.map(({ path, expected, actual }) => `${path} is ${actual}, expected ${expected}`),
  ];
  return phrases.map((phrase) => failureLine(`${plugin}, case "${name}"`, phrase));
}

/** Returns a message as one line. */
function failureLine(where: string | undefined, message: string): Line {
  const text = message.split("\n").map((part) => part.trim()).filter((part) => part !== "").join("; ");
  return [new Span("FAILED", "high"), new Span(where === undefined ? ` ${text}` : ` ${where}: ${text}`)];
}

function summaryLine(report: TestReport): Line {
  const { plugins, failures, durationMs } = report;
  const cases = plugins.flatMap((plugin) => plugin.cases);
  const failed = plugins.filter((plugin) => !hasPluginPassed(plugin)).length + failures.length;
  const outcome = hasPassed(report) ? line("all in order", "name") : line(`${failed} FAILED`, "high");
  const counts = `${counted(plugins.length, "plugin")}, ${counted(cases.length, "case")}: `;
  return [new Span(counts), ...outcome, new Span(` (${formatDuration(durationMs)})`, "secondary")];
}

/** Returns the report as JSON with a line end; it lists what is in order as well. */
export function serializeReport(report: TestReport, isCompact: boolean): string {
  const record = {
    ok: hasPassed(report),
    stoq_version: STOQ_VERSION,
    plugins: report.plugins.map((plugin) => ({
      name: plugin.name,
      version: plugin.version,
      roles: plugin.roles,
      folder: plugin.folder ?? null,
      ok: hasPluginPassed(plugin),
      facts: plugin.facts,
      failures: plugin.failures.map(failureRecord),
      cases: plugin.cases.map((item) => ({
        name: item.name,
        role: item.role,
        ok: hasCasePassed(item),
        failures: item.failures.map(failureRecord),
        differences: item.differences,
        duration_ms: roundMs(item.durationMs),
      })),
      updated: plugin.isUpdated,
      duration_ms: roundMs(plugin.durationMs),
    })),
    failures: report.failures.map(failureRecord),
    duration_ms: roundMs(report.durationMs),
  };
  return `${JSON.stringify(record, null, isCompact ? undefined : 4)}\n`;
}

function failureRecord({ code, message }: Failure): Failure {
  return { code, message };
}

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
