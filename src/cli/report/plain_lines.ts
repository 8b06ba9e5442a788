/**
 * Any plugin's results in a compact form.
 *
 * A record whose values are short stands on one line, others a key a line; lists of short values are joined, long lists are cut with
 * the number of what is left out. A record in a list has its short values on one line.
 *
 * @module
 */

import type { Plain, PlainRecord } from "../../core/contract/plain.ts";
import { bytesExcerpt } from "./excerpt.ts";
import { wrapLine } from "./fitting.ts";
import { asRecord } from "./payload_facts.ts";
import { saysNothing } from "./plugin_results.ts";
import { formatCount } from "./quantities.ts";
import { type Line, line, lineWidth, Span, type Style } from "./styled_text.ts";

/** Most lines of one plugin's results. */
export const MAX_RESULT_LINES = 24;

/** Deeper values are only counted. */
const MAX_RESULT_DEPTH = 4;

/** Most items of a list, when each has a line of its own. */
const MAX_LIST_ITEMS = 8;

/** Most keys of a record. */
const MAX_RECORD_KEYS = 20;

/** Most lines of a text of several lines. */
const MAX_TEXT_LINES = 6;

/** Most lines on which one value is wrapped. */
const MAX_WRAPPED_LINES = 3;

/** What ` … 12,345 more` takes. */
const LEFT_OUT_WIDTH = 16;

/** Most characters of a value that shares its line with others. */
const MAX_INLINE_CHARACTERS = 120;

/** Longer items of a list have lines of their own, to be read and copied. */
const MAX_JOINED_CHARACTERS = 24;

/** Writes a value under its name. */
export function plainLines(name: string, value: Plain, columns: number, nameStyle: Style = "type"): Line[] {
  const writer = new PlainWriter(columns);
  writer.write(new Span(name, nameStyle), value, 0);
  return writer.lines();
}

class PlainWriter {
  readonly #columns: number;
  readonly #lines: Line[] = [];
  #isFull = false;

  constructor(columns: number) {
    this.#columns = columns;
  }

  lines(): Line[] {
    return this.#isFull ? [...this.#lines, line("  … more of it left out", "secondary")] : this.#lines;
  }

  write(key: Span, value: Plain, depth: number): void {
    if (this.#isFull) return;
    if (Array.isArray(value)) return this.#writeList(key, value as readonly Plain[], depth);
    const record = asRecord(value);
    if (record !== undefined) return this.#writeRecord(key, record, depth);
    if (typeof value === "string" && value.includes("\n")) return this.#writeText(key, value, depth);
    this.#add(depth, [...labelOf(key), new Span(scalarText(value))]);
  }

  #writeRecord(key: Span, record: PlainRecord, depth: number): void {
    const entries = Object.entries(record).filter((entry): entry is [string, Plain] =>
      entry[1] !== undefined
    );
    const mayShare = entries.length <= MAX_RECORD_KEYS && entries.every(([, value]) => isShort(value));
    const inline = mayShare ? inlineRecord(entries) : undefined;
    const isRoomy = inline !== undefined &&
      key.width + 2 + lineWidth(inline) <= this.#columns - depth * 2;
    if (isRoomy) return this.#add(depth, [...labelOf(key), ...inline]);
    if (depth >= MAX_RESULT_DEPTH) return this.#add(depth, [...labelOf(key), new Span(summaryOf(record))]);
    this.#add(depth, labelOf(key));
    for (const [name, value] of entries.slice(0, MAX_RECORD_KEYS)) {
      if (this.#isFull) return;
      this.write(new Span(name, "secondary"), value, depth + 1);
    }
    this.#addLeftOut(depth + 1, entries.length - MAX_RECORD_KEYS, "more keys");
  }

  #writeList(key: Span, list: readonly Plain[], depth: number): void {
    if (list.length === 0) return this.#add(depth, [...labelOf(key), new Span("none", "secondary")]);
    if (list.slice(0, MAX_LIST_ITEMS).every(isJoinable)) return this.#writeJoined(key, list, depth);
    if (depth >= MAX_RESULT_DEPTH) return this.#add(depth, [...labelOf(key), new Span(summaryOf(list))]);
    this.#add(depth, labelOf(key));
    for (const item of list.slice(0, MAX_LIST_ITEMS)) this.#writeItem(item, depth + 1);
    this.#addLeftOut(depth + 1, list.length - MAX_LIST_ITEMS, "more");
  }

  /** Writes the short values of a record on one line, and below it the records and lists inside. */
  #writeItem(item: Plain, depth: number): void {
    const record = asRecord(item);
    if (record === undefined) return this.#add(depth, line(itemText(item)), 1);
    const entries = Object.entries(record).filter((entry): entry is [string, Plain] => entry[1] !== undefined)
      .slice(0, MAX_RECORD_KEYS);
    const isDeep = depth + 1 >= MAX_RESULT_DEPTH;
    const nested = isDeep ? [] : entries.filter(([, value]) => !isScalar(value));
    const inline = entries.filter((entry) => !nested.includes(entry));
    if (inline.length > 0 || nested.length === 0) this.#add(depth, inlineRecord(inline), 1);
    for (const [name, value] of nested) {
      if (!saysNothing(value)) this.write(new Span(name, "secondary"), value, depth + 1);
    }
  }

  #writeJoined(key: Span, list: readonly Plain[], depth: number): void {
    // One line less than there may be: the number of what is left out must not be cut off.
    const room = (this.#columns - depth * 2) * (MAX_WRAPPED_LINES - 1) - key.width - LEFT_OUT_WIDTH;
    const shown: string[] = [];
    let used = 0;
    for (const item of list) {
      const text = isJoinable(item) ? scalarText(item) : summaryOf(item);
      used += new Span(text).width + 2;
      if (used > room && shown.length > 0) break;
      shown.push(text);
    }
    const left = list.length - shown.length;
    const more = left > 0 ? [new Span(` … ${formatCount(left)} more`, "secondary")] : [];
    this.#add(depth, [...labelOf(key), new Span(shown.join(", ")), ...more]);
  }

  #writeText(key: Span, text: string, depth: number): void {
    const all = text.trimEnd().split(/\r?\n/, MAX_TEXT_LINES);
    this.#add(depth, labelOf(key));
    for (const part of all) this.#add(depth + 1, line(part.replaceAll("\t", "    ")), 1);
    this.#addLeftOut(depth + 1, countLines(text.trimEnd()) - MAX_TEXT_LINES, "more lines");
  }

  #addLeftOut(depth: number, count: number, what: string): void {
    if (count > 0) this.#add(depth, line(`… ${formatCount(count)} ${what}`, "secondary"));
  }

  #add(depth: number, content: Line, maxLines = MAX_WRAPPED_LINES): void {
    const indent = depth * 2;
    const wrapped = wrapLine(content, this.#columns - indent, { maxLines, indent: 2 });
    for (const spans of wrapped) {
      if (this.#lines.length >= MAX_RESULT_LINES) this.#isFull = true;
      else this.#lines.push(indent === 0 ? spans : [new Span(" ".repeat(indent)), ...spans]);
    }
  }
}

function labelOf(key: Span): Line {
  return [key, new Span(": ", "secondary")];
}

function itemText(item: Plain): string {
  const isRow = Array.isArray(item) && item.length > 0 && item.length <= MAX_LIST_ITEMS &&
    item.every(isScalar);
  return isRow ? item.map(inlineText).join(", ") : inlineText(item);
}

function inlineRecord(entries: readonly (readonly [string, Plain])[]): Line {
  if (entries.length === 0) return line("nothing", "secondary");
  return entries.flatMap(([name, value], index) => [
    new Span(`${index === 0 ? "" : ", "}${clip(name)}=`, "secondary"),
    new Span(inlineText(value)),
  ]);
}

function isScalar(value: Plain): boolean {
  return value === null || typeof value !== "object" || value instanceof Uint8Array;
}

function isShort(value: Plain): boolean {
  return isScalar(value) && !(typeof value === "string" && value.length > MAX_INLINE_CHARACTERS);
}

function isJoinable(value: Plain): boolean {
  return isScalar(value) && !(typeof value === "string" && value.length > MAX_JOINED_CHARACTERS) &&
    !(value instanceof Uint8Array);
}

function inlineText(value: Plain): string {
  return isScalar(value) ? clip(scalarText(value)) : summaryOf(value);
}

function scalarText(value: Plain): string {
  if (value instanceof Uint8Array) return bytesExcerpt(value);
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return value === "" ? '""' : String(value);
}

function summaryOf(value: Plain): string {
  if (Array.isArray(value)) return `[${formatCount(value.length)}]`;
  const record = asRecord(value);
  return record === undefined ? inlineText(value) : `{${formatCount(Object.keys(record).length)}}`;
}

function clip(text: string): string {
  return text.length > MAX_INLINE_CHARACTERS ? `${text.slice(0, MAX_INLINE_CHARACTERS)}…` : text;
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
