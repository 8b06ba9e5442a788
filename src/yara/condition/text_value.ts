/**
 * Texts that may be partly known: one character for each byte, `null` where undefined.
 *
 * @module
 */

import { compareKnown } from "./integer.ts";
import { EITHER, only, type Possible, UNDEFINED } from "./possible.ts";
import type { Comparison, TextOperator } from "./tree.ts";

/** A text of which nothing is known. */
export class UnknownText {
  constructor(readonly canBeUndefined: boolean) {}
}

/** Knowledge about a text. */
export type TextValue = string | null | UnknownText;

/** A text of which nothing is known, not even whether it is defined. */
export const UNKNOWN_TEXT = new UnknownText(true);
/** A text that is certainly defined, and otherwise unknown. */
export const SOME_TEXT = new UnknownText(false);

/** Truth of a text: the empty one is false. */
export function truthOfText(value: TextValue): Possible {
  return compareTexts("!=", value, "");
}

/** The result of a comparison, byte by byte. */
export function compareTexts(how: Comparison, left: TextValue, right: TextValue): Possible {
  if (typeof left === "string" && typeof right === "string") return only(compareKnown(how, left, right));
  return eitherOrUndefined(left, right);
}

function eitherOrUndefined(left: TextValue, right: TextValue): Possible {
  if (left === null || right === null) return UNDEFINED;
  const canBeUndefined = [left, right].some((side) => typeof side !== "string" && side.canBeUndefined);
  return EITHER | (canBeUndefined ? UNDEFINED : 0);
}

/** The result of an operator on texts. */
export function applyTextOperator(op: TextOperator, left: TextValue, right: TextValue): Possible {
  if (typeof left !== "string" || typeof right !== "string") return eitherOrUndefined(left, right);
  if (op.startsWith("i")) {
    // The engine folds the case of all of Unicode, by tables that we do not have.
    if (!isAscii(left) || !isAscii(right)) return EITHER;
    left = left.toLowerCase();
    right = right.toLowerCase();
  }
  switch (op) {
    case "contains":
    case "icontains":
      return only(left.includes(right));
    case "startswith":
    case "istartswith":
      return only(left.startsWith(right));
    case "endswith":
    case "iendswith":
      return only(left.endsWith(right));
    case "iequals":
      return only(left === right);
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

const UTF8 = new TextEncoder();

/** The bytes of a text in UTF-8, one character each. */
export function byteText(text: string): string {
  if (isAscii(text)) return text;
  let bytes = "";
  for (const byte of UTF8.encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
