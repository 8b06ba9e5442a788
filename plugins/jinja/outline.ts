/**
 * Any plugin's results as a few readable lines.
 *
 * @module
 */

import { printableExcerpt } from "../../src/plugin/kit/mod.ts";
import { base64Of } from "./quantities.ts";

/** Most lines, unless a template says otherwise. */
export const DEFAULT_OUTLINE_LINES = 25;

/** Most characters of one value. */
const MAX_VALUE_CHARACTERS = 160;

/** Most characters of one key. */
const MAX_KEY_CHARACTERS = 60;

/** Longest list on one line, in items. */
const MAX_INLINE_ITEMS = 8;

/** Deeper values are only counted. */
const MAX_DEPTH = 6;

/**
 * Returns a value of the response's JSON with a key or item on each line, nested ones indented by two. Every line is printable
 * and short. `…` alone on the last line means that more is left out.
 */
export function outline(value: unknown, maxLines = DEFAULT_OUTLINE_LINES): string {
  const lines: string[] = [];
  for (const line of linesOf(value, 0)) {
    if (lines.length >= maxLines) return [...lines, "…"].join("\n");
    lines.push(line);
  }
  return lines.join("\n");
}

/** Returns a string as it is, nothing for `null`, other values as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function* linesOf(value: unknown, depth: number): Generator<string> {
  const indent = "  ".repeat(depth);
  const inline = inlineOf(value, depth);
  if (inline !== undefined) {
    yield indent + inline;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* itemLines(item, depth);
  } else {
    for (const [key, item] of Object.entries(value as object)) yield* entryLines(key, item, depth);
  }
}

function* entryLines(key: string, value: unknown, depth: number): Generator<string> {
  const label = `${"  ".repeat(depth)}${printableExcerpt(key, MAX_KEY_CHARACTERS)}:`;
  const inline = inlineOf(value, depth + 1);
  if (inline !== undefined) return yield `${label} ${inline}`;
  yield label;
  yield* linesOf(value, depth + 1);
}

/** Yields the lines of an item, the first one with a dash. */
function* itemLines(item: unknown, depth: number): Generator<string> {
  let isFirst = true;
  for (const line of linesOf(item, depth + 1)) {
    yield isFirst ? `${"  ".repeat(depth)}- ${line.slice(2 * (depth + 1))}` : line;
    isFirst = false;
  }
}

function inlineOf(value: unknown, depth: number): string | undefined {
  const scalar = scalarText(value);
  if (scalar !== undefined) return scalar;
  if (Array.isArray(value)) {
    if (value.length === 0) return "none";
    const joined = joinedItems(value);
    return joined ?? (depth >= MAX_DEPTH ? `[${value.length}]` : undefined);
  }
  const size = Object.keys(value as object).length;
  if (size === 0) return "none";
  return depth >= MAX_DEPTH ? `{${size}}` : undefined;
}

function joinedItems(items: readonly unknown[]): string | undefined {
  if (items.length > MAX_INLINE_ITEMS) return undefined;
  const texts = items.map(scalarText);
  if (!texts.every((text) => text !== undefined)) return undefined;
  const joined = texts.join(", ");
  return joined.length <= MAX_VALUE_CHARACTERS ? joined : undefined;
}

function scalarText(value: unknown): string | undefined {
  if (value === null || value === undefined) return "null";
  if (value === "") return '""';
  const base64 = base64Of(value);
  if (base64 !== undefined) return printableExcerpt(`base64 ${base64}`, MAX_VALUE_CHARACTERS);
  return typeof value === "object" ? undefined : printableExcerpt(String(value), MAX_VALUE_CHARACTERS);
}
