/**
 * Writes numbers, texts and regular expressions as YARA text.
 *
 * @module
 */

import type { RegexpSyntax } from "./syntax.ts";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
/** Decimal digits of a number that is too large for a double. */
const INFINITE_DIGITS = 310;

/** Writes a text; whatever is not printable ASCII is escaped. */
export function printText(bytes: Iterable<number>): string {
  let text = "";
  for (const byte of bytes) text += printByte(byte);
  return `"${text}"`;
}

function printByte(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** The bytes of a string that has one character for each. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Writes a float so that it reads as one. */
export function printFloat(value: number): string {
  if (value === Infinity) return `1${"0".repeat(INFINITE_DIGITS)}.0`;
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = Number(exponent) + 1;
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  return `${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point) || "0"}`;
}

/** Writes a regular expression with its flags. */
export function printRegexp({ source, isCaseInsensitive, isDotAll }: RegexpSyntax): string {
  const flags = `${isCaseInsensitive ? "i" : ""}${isDotAll ? "s" : ""}`;
  return `/${DECODER.decode(bytesOf(source))}/${flags}`;
}
