/**
 * Lines of styled text: the only way from a string to the terminal.
 *
 * A {@link Span} escapes its text when it is made, so no text of a file or a plugin can steer the terminal or break a line, and
 * widths are those of what is printed.
 *
 * @module
 */

import { textWidth } from "./cell_width.ts";
import { escapeText } from "./escaping.ts";

/** What a text is; how that looks is decided in one table. */
export type Style =
  | "plain"
  | "secondary"
  | "name"
  | "heading"
  | "type"
  | "critical"
  | "high"
  | "medium"
  | "low"
  | "info"
  | "error"
  | "warning";

/** Parameters of the SGR control function (ECMA-48, 8.3.117). */
const SGR: { readonly [S in Style]: string } = {
  plain: "",
  secondary: "2",
  name: "1",
  heading: "1",
  type: "36",
  critical: "1;7;31",
  high: "1;31",
  medium: "33",
  low: "36",
  info: "2",
  error: "31",
  warning: "33",
};

/** More characters than any span shows; what comes after is never looked at. */
const MAX_SPAN_CHARACTERS = 20_000;

/** A piece of text in one style. */
export class Span {
  /** Escaped. */
  readonly text: string;
  readonly style: Style;
  /** In cells. */
  readonly width: number;

  constructor(text: string, style: Style = "plain") {
    this.text = escapeText(
      text.length > MAX_SPAN_CHARACTERS ? `${text.slice(0, MAX_SPAN_CHARACTERS)}…` : text,
    );
    this.style = style;
    this.width = textWidth(this.text);
  }
}

/** One line of the report, or a part of one. */
export type Line = readonly Span[];

/** A line of a single span. */
export function line(text: string, style?: Style): Line {
  return [new Span(text, style)];
}

/** Counts the cells of a line. */
export function lineWidth(spans: Line): number {
  return spans.reduce((sum, { width }) => sum + width, 0);
}

/** Puts a separator between lines and makes one of them. */
export function joinLines(lines: readonly Line[], separator: string): Line {
  return lines.flatMap((spans, index) => index === 0 ? spans : [new Span(separator, "secondary"), ...spans]);
}

/** Fills a line with blanks up to a width. */
export function padLine(spans: Line, width: number, side: "left" | "right" = "left"): Line {
  const missing = width - lineWidth(spans);
  if (missing <= 0) return spans;
  const blanks = new Span(" ".repeat(missing));
  return side === "left" ? [...spans, blanks] : [blanks, ...spans];
}

/** Writes a line as text without line end, with SGR sequences if colours are wanted; blanks at its end are dropped. */
export function paintLine(spans: Line, isColor: boolean): string {
  const last = spans.findLastIndex(({ text }) => text.trimEnd() !== "");
  return spans.slice(0, last + 1).map(({ text, style }, index) => {
    const shown = index === last ? text.trimEnd() : text;
    return isColor && SGR[style] !== "" && shown !== "" ? `\x1b[${SGR[style]}m${shown}\x1b[0m` : shown;
  }).join("");
}
