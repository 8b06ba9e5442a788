/**
 * Sizes and bytes as templates write them.
 *
 * @module
 */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** A size in up to three digits, in units of 10^3: `97.8 kB`. Anything that is no number is empty. */
export function humanSize(bytes: unknown): string {
  if (typeof bytes !== "number") return "";
  let value = bytes;
  let unit = 0;
  // 999,950 bytes would round to 1000 kB.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A size with all its digits: `97,792 bytes`. Anything that is no number is empty. */
export function exactBytes(bytes: unknown): string {
  return counted(bytes, "byte");
}

/** A number with the noun it counts: `1 payload`, `3,000 payloads`. Anything that is no number is empty. */
export function counted(count: unknown, noun: string): string {
  if (typeof count !== "number") return "";
  return `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Hexadecimal digits: of a whole number its value (`1f4`), of text its UTF-8 bytes, of `{"base64": …}` the bytes that it
 * stands for; of bytes the first `limitBytes`, `…` behind what was cut. Anything else is empty.
 */
export function hexadecimal(value: unknown, limitBytes = 64): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value.toString(16) : "";
  const bytes = bytesOf(value);
  if (bytes === undefined) return "";
  return bytes.subarray(0, limitBytes).toHex() + (bytes.length > limitBytes ? "…" : "");
}

/** What a value of the response's JSON stands for in bytes. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return new TextEncoder().encode(value);
  const base64 = base64Of(value);
  // Any plugin may have written a record that looks like bytes.
  if (base64 === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    return undefined;
  }
  return Uint8Array.fromBase64(base64);
}

/** The text in `{"base64": …}`, which is how bytes that are no text are written. */
export function base64Of(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).join() !== "base64") return undefined;
  const { base64 } = value as { base64: unknown };
  return typeof base64 === "string" ? base64 : undefined;
}
