import { deepEqual, equal } from "node:assert/strict";
import {
  counted,
  formatCount,
  formatDuration,
  formatExactSize,
  formatOffset,
  formatSize,
  formatTime,
} from "./quantities.ts";

Deno.test("sizes have three digits and units of 10^3", () => {
  const sizes = [0, 999, 1000, 97_792, 99_950, 187_342, 999_499, 999_500, 1_000_000, 12_345_678, 4e9];
  deepEqual(sizes.map(formatSize), [
    "0 B",
    "999 B",
    "1.0 kB",
    "97.8 kB",
    "100 kB",
    "187 kB",
    "999 kB",
    "1.0 MB",
    "1.0 MB",
    "12.3 MB",
    "4.0 GB",
  ]);
  equal(formatExactSize(97_792), "97.8 kB (97,792 bytes)");
  equal(formatExactSize(1), "1 byte");
});

Deno.test("counts have commas and a noun in the right number", () => {
  equal(formatCount(1_234_567), "1,234,567");
  equal(counted(1, "payload"), "1 payload");
  equal(counted(0, "payload"), "0 payloads");
  equal(counted(2, "entry", "entries"), "2 entries");
});

Deno.test("durations have as many digits as matter", () => {
  const durations = [0, 0.44, 9.94, 9.96, 312, 999.6, 1_250, 59_960, 125_000];
  deepEqual(durations.map(formatDuration), [
    "0 ms",
    "0.4 ms",
    "9.9 ms",
    "10 ms",
    "312 ms",
    "1.0 s",
    "1.3 s",
    "1 min 0 s",
    "2 min 5 s",
  ]);
});

Deno.test("a time loses its fraction, and what is no time stays", () => {
  equal(formatTime("2026-11-24T04:18:22.751Z"), "2026-11-24 04:18:22Z");
  equal(formatTime("yesterday"), "yesterday");
});

Deno.test("offsets are hexadecimal where they can be", () => {
  equal(formatOffset(0x1a2c), "0x1a2c");
  equal(formatOffset(-1), "-1");
  equal(formatOffset(NaN), "NaN");
});
