/**
 * Sizes and bytes as templates write them.
 *
 * @module
 */

import { counted as countedNumber, formatSize } from "../../src/plugin/kit/mod.ts";

/** Returns a size in up to three digits, in units of 10^3: `97.8 kB`; nothing for a value that is not a number. */
export function humanSize(bytes: unknown): string {
  return typeof bytes === "number" ? formatSize(bytes) : "";
}

/** Returns a size with all its digits: `97,792 bytes`; nothing for a value that is not a number. */
export function exactBytes(bytes: unknown): string {
  return counted(bytes, "byte");
}

/** Returns a number with the noun it counts: `1 payload`, `3,000 payloads`; nothing for a value that is not a number. */
export function counted(count: unknown, noun: string): string {
  return typeof count === "number" ? countedNumber(count, noun) : "";
}

/**
 * Returns hexadecimal digits: of a whole number its value (`1f4`), of text its UTF-8 bytes, of `{"base64": …}` its bytes; of
 * bytes the first `limitBytes`, and `…` if they were cut. Nothing for other values.
 */
export function hexadecimal(value: unknown, limitBytes = 64): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value.toString(16) : "";
  const bytes = bytesOf(value);
  if (bytes === undefined) return "";
  return bytes.subarray(0, limitBytes).toHex() + (bytes.length > limitBytes ? "…" : "");
}

/** Returns the bytes of a value of the response's JSON. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return new TextEncoder().encode(value);
  const base64 = base64Of(value);
  // Any plugin may have written a record that looks like bytes.
  if (base64 === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    return undefined;
  }
  return Uint8Array.fromBase64(base64);
}

/** Returns the text in `{"base64": …}`, which is how bytes that are not text are written. */
export function base64Of(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).join() !== "base64") return undefined;
  const { base64 } = value as { base64: unknown };
  return typeof base64 === "string" ? base64 : undefined;
}
