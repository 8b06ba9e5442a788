/**
 * Counts of repetitions.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";

/** `{min,max}`; without `max` there is no end. */
export interface Count {
  readonly min: number;
  readonly max?: number;
}

const MAX_COUNT = 2 ** 32 - 1;

/** Reads `*`, `+`, `?` or braces, if one follows. */
export function parseCount(cursor: Cursor): Count | undefined {
  if (cursor.takeIf("*")) return { min: 0 };
  if (cursor.takeIf("+")) return { min: 1 };
  if (cursor.takeIf("?")) return { min: 0, max: 1 };
  return cursor.startsWith("{") ? parseBraces(cursor) : undefined;
}

function parseBraces(cursor: Cursor): Count {
  const start = cursor.at;
  cursor.take();
  const min = parseDecimal(cursor);
  let count: Count = { min: min ?? 0, max: min ?? 0 };
  if (cursor.takeIf(",")) {
    count = { min: min ?? 0 };
    if (cursor.startsWith("}") && min === undefined) cursor.fail("a repetition expects a decimal", start);
    if (!cursor.startsWith("}")) {
      const max = parseDecimal(cursor);
      if (max === undefined) cursor.fail(missing(cursor, "a repetition expects a decimal"), start);
      count = { min: min ?? 0, max };
    }
  } else if (min === undefined) {
    cursor.fail(missing(cursor, "a repetition expects a decimal"), start);
  }
  if (!cursor.takeIf("}")) cursor.fail("unclosed counted repetition", start);
  if (count.max !== undefined && count.min > count.max) cursor.fail("invalid repetition count range", start);
  return count;
}

function missing(cursor: Cursor, message: string): string {
  return cursor.isAtEnd ? "unclosed counted repetition" : message;
}

/** White space around a number counts for nothing. */
function parseDecimal(cursor: Cursor): number | undefined {
  const start = cursor.at;
  while (!cursor.isAtEnd && isSpace(cursor.char)) cursor.take();
  let digits = "";
  while (cursor.char >= "0" && cursor.char <= "9") digits += cursor.take();
  while (!cursor.isAtEnd && isSpace(cursor.char)) cursor.take();
  if (digits === "") return undefined;
  const value = Number(digits);
  if (value > MAX_COUNT) cursor.fail("decimal literal invalid", start);
  return value;
}

function isSpace(char: string): boolean {
  return /^\p{White_Space}$/u.test(char);
}
