/**
 * Sizes, counts and times as people read them.
 *
 * @module
 */

import { counted, formatCount, formatSize } from "../../plugin/kit/quantities.ts";

export { counted, formatCount, formatSize };

/** A size for people with all its digits: `97.8 kB (97,792 bytes)`. */
export function formatExactSize(bytes: number): string {
  return bytes < 1000 ? counted(bytes, "byte") : `${formatSize(bytes)} (${counted(bytes, "byte")})`;
}

/** A duration with two digits or so: `0.4 ms`, `12 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** ISO 8601 in UTC without fractions: `2026-11-24 04:18:22Z`; any other text stays as it is. */
export function formatTime(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return parts ? `${parts[1]} ${parts[2]}Z` : iso;
}

/** A position in a file: `0x1a2c`. */
export function formatOffset(offset: number): string {
  return Number.isSafeInteger(offset) && offset >= 0 ? `0x${offset.toString(16)}` : String(offset);
}
