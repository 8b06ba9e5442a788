/**
 * Making text fit: cut with `…` or wrapped, by cells.
 *
 * @module
 */

import { type Cell, cellsOf, textWidth } from "./cell_width.ts";
import { type Line, lineWidth, Span, type Style } from "./styled_text.ts";

/** Cuts a line's end off, if it is wider than allowed. */
export function cutLine(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans;
  return wrapLine(spans, width, { maxLines: 1, isHard: true })[0] ?? [];
}

/**
 * Cuts a text's middle out: the end of a file name shows which type it claims.
 *
 * @param text escaped text
 */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 1) return width === 1 ? "…" : "";
  const tailWidth = Math.min(MAX_TAIL_WIDTH, Math.floor((width - 1) / 2));
  return takeStart(text, width - 1 - tailWidth) + "…" + takeEnd(text, tailWidth);
}

/** Cuts a text's start off. */
export function cutStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : "…" + takeEnd(text, width - 1);
}

const MAX_TAIL_WIDTH = 16;

function takeStart(text: string, width: number): string {
  let taken = "";
  let used = 0;
  for (const cell of cellsOf(text)) {
    used += cell.width;
    if (used > width) break;
    taken += cell.character;
  }
  return taken;
}

function takeEnd(text: string, width: number): string {
  // A character has at most two code units, and at most four marks.
  const cells = [...cellsOf(text.slice(-width * 10).toWellFormed())];
  let start = cells.length;
  let used = 0;
  while (start > 0 && used + cells[start - 1]!.width <= width) used += cells[--start]!.width;
  return cells.slice(start).map(({ character }) => character).join("");
}

/** How to wrap a line. */
export interface WrapOptions {
  /** What does not fit into so many lines is cut; default: no limit. */
  readonly maxLines?: number;
  /** Blanks before every line but the first. */
  readonly indent?: number;
  /** Breaks anywhere, not between words. */
  readonly isHard?: boolean;
}

/** Most lines of one part that is too long for one. */
const MAX_PART_LINES = 2;

/** Puts parts on lines, as many on each as there is room for, with `·` between them; a part that is too long is wrapped. */
export function flowParts(parts: readonly Line[], columns: number): Line[] {
  const lines: Line[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : [...last, new Span(" · ", "secondary"), ...part];
    if (lineWidth(joined) <= columns) lines.splice(-1, 1, joined);
    else lines.push(...wrapLine(part, columns, { indent: 2, maxLines: MAX_PART_LINES }));
  }
  return lines;
}

interface StyledCell extends Cell {
  readonly style: Style;
}

/** Breaks a line into several of at most a width, between words where there are some. */
export function wrapLine(spans: Line, width: number, options: WrapOptions = {}): Line[] {
  const { maxLines = Infinity, indent = 0, isHard = false } = options;
  if (lineWidth(spans) <= width) return [spans];
  const cells = spans.flatMap(({ text, style }) => [...cellsOf(text)].map((cell) => ({ ...cell, style })));
  const lines: Line[] = [];
  let start = 0;
  while (start < cells.length) {
    const isFirst = lines.length === 0;
    const room = Math.max(2, width - (isFirst ? 0 : indent));
    const isLast = lines.length + 1 >= maxLines;
    const end = isLast ? endOfCut(cells, start, room) : endOfLine(cells, start, room, isHard);
    const content = toSpans(cells.slice(start, end));
    const mark = isLast && end < cells.length ? [new Span("…", "secondary")] : [];
    lines.push([...(isFirst || indent === 0 ? [] : [new Span(" ".repeat(indent))]), ...content, ...mark]);
    if (isLast) break;
    start = end;
    while (!isHard && cells[start]?.character === " ") start++;
  }
  return lines;
}

/** Returns where a line ends that continues in the next. */
function endOfLine(cells: readonly StyledCell[], start: number, width: number, isHard: boolean): number {
  const end = endOfRoom(cells, start, width);
  if (end === cells.length || isHard || cells[end]?.character === " ") return end;
  const blank = cells.slice(start, end).findLastIndex(({ character }) => character === " ");
  // The blanks that a line begins with are its indentation, not a place between words.
  const indentation = cells.slice(start, end).findIndex(({ character }) => character !== " ");
  return blank > indentation && indentation >= 0 ? start + blank + 1 : end;
}

/** Returns where the last line ends: the mark of the cut needs a cell. */
function endOfCut(cells: readonly StyledCell[], start: number, width: number): number {
  const end = endOfRoom(cells, start, width);
  return end === cells.length ? end : endOfRoom(cells, start, width - 1);
}

function endOfRoom(cells: readonly StyledCell[], start: number, width: number): number {
  let end = start;
  let used = 0;
  while (end < cells.length && used + cells[end]!.width <= width) used += cells[end++]!.width;
  return end;
}

function toSpans(cells: readonly StyledCell[]): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (let end = 1; end <= cells.length; end++) {
    if (end < cells.length && cells[end]!.style === cells[start]!.style) continue;
    const text = cells.slice(start, end).map(({ character }) => character).join("");
    spans.push(new Span(text, cells[start]!.style));
    start = end;
  }
  return spans;
}
