/**
 * Rows whose cells stand below each other, squeezed into a width.
 *
 * @module
 */

import { cutLine } from "./fitting.ts";
import { type Line, lineWidth, padLine, Span } from "./styled_text.ts";

/** A cell that can be written narrower. */
export interface TableCell {
  /** The width it would like. */
  readonly width: number;
  /** Writes it in at most a width that is smaller than the one it would like. */
  fit(width: number): Line;
}

/** One row: a cell for each column, or a line that begins in a column and extends across the others. */
export type TableRow = readonly TableCell[] | { readonly across: Line; readonly from: number };

/** A column is made as small as `width`, if the table is too wide; columns shrink in the order of the steps. */
export interface ShrinkStep {
  readonly column: number;
  /** With `0` the column goes away. */
  readonly width: number;
}

/** How to lay out a table. */
export interface TableLayout {
  readonly columns: number;
  readonly shrink: readonly ShrinkStep[];
  /** Columns whose cells end below each other. */
  readonly right?: readonly number[];
}

const GAP = 2;

/** A cell that loses its end. */
export function cellOf(spans: Line): TableCell {
  return { width: lineWidth(spans), fit: (width) => cutLine(spans, width) };
}

/** Writes a table's lines. */
export function layOutTable(rows: readonly TableRow[], layout: TableLayout): Line[] {
  const widths = columnWidths(rows, layout);
  return rows.map((row) => {
    if (!("across" in row)) return layOutRow(row, widths, layout);
    const start = startOf(row.from, widths);
    return [new Span(" ".repeat(start)), ...cutLine(row.across, layout.columns - start)];
  });
}

function columnWidths(rows: readonly TableRow[], layout: TableLayout): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    if ("across" in row) continue;
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.width);
  }
  for (const step of layout.shrink) {
    const excess = totalWidth(widths) - layout.columns;
    const width = widths[step.column] ?? 0;
    if (excess <= 0 || width <= step.width) continue;
    widths[step.column] = step.width === 0 ? 0 : Math.max(step.width, width - excess);
  }
  return widths;
}

function startOf(column: number, widths: readonly number[]): number {
  return widths.slice(0, column).reduce((sum, width) => sum + (width > 0 ? width + GAP : 0), 0);
}

/** Empty columns have no gap. */
function totalWidth(widths: readonly number[]): number {
  const used = widths.filter((width) => width > 0);
  return used.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, used.length - 1);
}

function layOutRow(cells: readonly TableCell[], widths: readonly number[], layout: TableLayout): Line {
  const shown = cells.map((cell, column) => ({ cell, column, width: widths[column]! }))
    .filter(({ width }) => width > 0);
  const spans = shown.flatMap(({ cell, column, width }, index) => {
    const content = cell.fit(Math.min(width, cell.width));
    const side = layout.right?.includes(column) ? "right" : "left";
    return [...(index > 0 ? [new Span(" ".repeat(GAP))] : []), ...padLine(content, width, side)];
  });
  return cutLine(trimEnd(spans), layout.columns);
}

function trimEnd(spans: Line): Line {
  const last = spans.findLastIndex(({ text }) => text.trim() !== "");
  return spans.slice(0, last + 1);
}
