/**
 * Times of file formats as ISO 8601 text. What is no time is undefined: zeros, the year 60,000, a 31st of February.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { dosTime, fileTime, unixTime } from "./mod.ts";
 *
 * assert.equal(dosTime(0x5021, 0x6000), "2020-01-01T12:00:00");
 * assert.equal(fileTime(132223104000000000n), "2020-01-01T00:00:00.000Z");
 * assert.equal(unixTime(1577836800), "2020-01-01T00:00:00.000Z");
 * assert.equal(fileTime(0n), undefined);
 * ```
 *
 * @module
 */

/** 1601-01-01 to 1970-01-01. */
const FILETIME_EPOCH_MS = 11_644_473_600_000n;
const TICKS_PER_MS = 10_000n;
/** Later years are no times, but other bytes. */
const MAX_MS = Date.UTC(10_000, 0, 1) - 1;

/**
 * Returns a date and a time of MS-DOS (FAT, ZIP, CAB, ARJ), which have two seconds' precision and no time zone.
 *
 * @param date days in bits 0 to 4, months in 5 to 8, years from 1980 in 9 to 15
 * @param time half seconds in bits 0 to 4, minutes in 5 to 10, hours in 11 to 15
 */
export function dosTime(date: number, time: number): string | undefined {
  const [year, month, day] = [1980 + (date >>> 9), (date >>> 5) & 15, date & 31];
  const [hour, minute, second] = [time >>> 11, (time >>> 5) & 63, (time & 31) * 2];
  const parsed = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isTime = parsed.getUTCMonth() === month - 1 && parsed.getUTCDate() === day &&
    parsed.getUTCHours() === hour &&
    parsed.getUTCMinutes() === minute && second < 60;
  return isTime ? parsed.toISOString().slice(0, 19) : undefined;
}

/** Returns a FILETIME of Windows: units of 100 ns since 1601, UTC. Fractions of milliseconds are dropped. */
export function fileTime(ticks: bigint): string | undefined {
  return ticks === 0n ? undefined : iso(Number(ticks / TICKS_PER_MS - FILETIME_EPOCH_MS));
}

/** Returns seconds since 1970, UTC. */
export function unixTime(seconds: number): string | undefined {
  return seconds === 0 ? undefined : iso(seconds * 1_000);
}

function iso(ms: number): string | undefined {
  return ms >= -Number(FILETIME_EPOCH_MS) && ms <= MAX_MS ? new Date(ms).toISOString() : undefined;
}
