/**
 * Many responses for people: a line each, the findings of some, and a total.
 *
 * @module
 */

import type { StoqResponse } from "../../core/contract/contract.ts";
import { compareSeverities, SEVERITIES, type Severity } from "../../core/contract/findings.ts";
import { countedErrors } from "../response_errors.ts";
import { cutLine, cutMiddle, flowParts } from "./fitting.ts";
import { escapeName } from "./escaping.ts";
import { renderReport, type ReportOptions, usableColumns } from "./mod.ts";
import { counted, formatCount } from "./quantities.ts";
import { SEVERITY_LOOK } from "./severity_look.ts";
import { type Line, line, paintLine, Span } from "./styled_text.ts";
import { surveyResponse } from "./survey.ts";
import { blindSpotPart, countsPart } from "./severity_section.ts";

/** Most responses whose findings are listed. */
const MAX_DETAILED = 20;

/** Width of the longest severity and a gap. */
const SEVERITY_WIDTH = 10;

/** What a name may take of a line. */
const NAME_SHARE = 0.5;

/** The findings of one response, rendered. */
interface Details {
  readonly severity: Severity;
  readonly text: string;
}

/** Numbers of a command that no response has. */
export interface OverviewCounts {
  readonly empty: number;
  readonly irregular: number;
  readonly failed: number;
}

/** Renders responses one by one; what is kept of them does not grow with their number. */
export class Overview {
  readonly #options: ReportOptions;
  readonly #columns: number;
  #details: Details[] = [];
  #files = 0;
  #remarkable = 0;
  readonly #findings: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  #blind = 0;
  #errors = 0;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#columns = usableColumns(options.columns);
  }

  /** Returns the line of a response, with its line end. */
  lineOf(name: string, response: StoqResponse): string {
    const { severity, blindSpots, findings } = response.summary;
    for (const severity of SEVERITIES) this.#findings[severity] += findings[severity];
    this.#files++;
    this.#errors += countedErrors(response).length;
    if (blindSpots.length > 0) this.#blind++;
    if (severity !== "none") {
      this.#remarkable++;
      this.#keepDetails(name, severity, response);
    }
    return this.#paint(cutLine(this.#spansOf(name, response), this.#columns));
  }

  /** Returns the findings of the responses with the worst ones, and the total. */
  end(counts: OverviewCounts): string {
    const left = this.#remarkable - this.#details.length;
    const note = left > 0
      ? [this.#paint(line(`Findings of ${counted(left, "more file")} are left out`, "secondary"))]
      : [];
    const total = flowParts(this.#totalOf(counts).map((part) => line(part)), this.#columns);
    const blocks = [
      ...this.#details.map(({ text }) => text),
      ...note,
      total.map((spans) => this.#paint(spans)).join(""),
    ];
    return `\n${blocks.join("\n")}`;
  }

  #keepDetails(name: string, severity: Severity, response: StoqResponse): void {
    const isWorse = this.#details.length < MAX_DETAILED ||
      compareSeverities(severity, this.#details.at(-1)!.severity) > 0;
    if (!isWorse) return;
    const title = this.#paint(line(cutMiddle(escapeName(name), this.#columns), "heading"));
    const text = title + renderReport(response, { ...this.#options, isBrief: true });
    this.#details = [...this.#details, { severity, text }]
      .sort((a, b) => compareSeverities(b.severity, a.severity)).slice(0, MAX_DETAILED);
  }

  #spansOf(name: string, response: StoqResponse): Line {
    const survey = surveyResponse(response);
    const { severity } = response.summary;
    const style = severity === "none" ? "secondary" : SEVERITY_LOOK[severity].style;
    const counts = countsPart(survey);
    return [
      new Span(severity, style),
      new Span(" ".repeat(SEVERITY_WIDTH - severity.length)),
      new Span(cutMiddle(escapeName(name), Math.floor(this.#columns * NAME_SHARE)), "name"),
      ...(counts.length > 0 ? [new Span(" · ", "secondary"), ...counts] : []),
      new Span(" · ", "secondary"),
      ...blindSpotPart(survey),
    ];
  }

  #totalOf({ empty, irregular, failed }: OverviewCounts): string[] {
    return [
      counted(this.#files, "file"),
      this.#remarkable === 0
        ? "no findings"
        : `findings in ${formatCount(this.#remarkable)}: ${this.#severities()}`,
      this.#blind === 0 ? "no blind spots" : `blind spots in ${formatCount(this.#blind)}`,
      ...(this.#errors > 0 ? [counted(this.#errors, "error")] : []),
      ...(empty > 0 ? [`${formatCount(empty)} empty`] : []),
      ...(irregular > 0 ? [counted(irregular, "link or device", "links or devices")] : []),
      ...(failed > 0 ? [`${formatCount(failed)} not read`] : []),
    ];
  }

  #severities(): string {
    return SEVERITIES.toReversed().filter((severity) => this.#findings[severity] > 0)
      .map((severity) => `${formatCount(this.#findings[severity])} ${severity}`).join(", ");
  }

  #paint(spans: Line): string {
    return `${paintLine(spans, this.#options.isColor)}\n`;
  }
}
