/**
 * Text in JSON: which characters are escaped beyond what JSON asks for, and how long a text becomes.
 *
 * Control characters (C0, DEL, C1), bidirectional marks and controls, and U+2028 and U+2029 are escaped, so that no line of JSON looks
 * like two and none of it steers a terminal. A lone surrogate has no UTF-8 form and becomes U+FFFD.
 *
 * @module
 */

/** What `JSON.stringify` leaves as it is, or writes in a way that other readers refuse. */
const NEEDS_ESCAPE = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\\ud[89a-f]/;

/** The same one by one; other escapes are matched too, so that `\\ud800`, a backslash and five characters, stays what it is. */
const ESCAPES = /\\(?:ud[89a-f][0-9a-f]{2}|[^])|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Escapes in the output of `JSON.stringify` what that leaves as it is. */
export function escapeJson(json: string): string {
  return NEEDS_ESCAPE.test(json) ? json.replace(ESCAPES, escapeOne) : json;
}

function escapeOne(match: string): string {
  if (match.length === 6) return "\ufffd";
  return match.startsWith("\\") ? match : `\\u${match.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** What takes more than a byte, or is escaped. */
const NEEDS_COUNTING = /[^ !#-[\]-~]/;

/** Length of a text as JSON in UTF-8, with its quotes, in bytes. */
export function textBytes(text: string): number {
  // Most texts are plain ASCII, and an expression finds that out much faster than a loop.
  if (!NEEDS_COUNTING.test(text)) return text.length + 2;
  let bytes = 2;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += asciiBytes(unit);
    else if (unit < 0x800) bytes += unit < 0xa0 || unit === 0x61c ? 6 : 2;
    else if (isLead(unit) && isTrail(text.charCodeAt(at + 1))) {
      bytes += 4;
      at++;
    } else bytes += isFormatControl(unit) ? 6 : 3;
  }
  return bytes;
}

const [TAB, NEWLINE, BACKSPACE, FORM_FEED, RETURN, QUOTE, BACKSLASH, DELETE] = [...'\t\n\b\f\r"\\\x7f'].map(
  (character) => character.charCodeAt(0),
);

function asciiBytes(unit: number): number {
  if (unit === QUOTE || unit === BACKSLASH) return 2;
  if (unit >= 0x20) return unit === DELETE ? 6 : 1;
  const hasShortEscape = unit === NEWLINE || unit === TAB || unit === RETURN || unit === BACKSPACE ||
    unit === FORM_FEED;
  return hasShortEscape ? 2 : 6;
}

function isFormatControl(unit: number): boolean {
  return unit >= 0x200e && unit <= 0x2069 &&
    (unit <= 0x200f || (unit >= 0x2028 && unit <= 0x202e) || unit >= 0x2066);
}

/** Whether a code unit is the first half of a pair. */
export function isLead(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isTrail(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
