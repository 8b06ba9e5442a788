import assert from "node:assert/strict";
import { dosTime, fileTime, unixTime } from "./mod.ts";

Deno.test("numbers that are no times are undefined", () => {
  assert.equal(dosTime(0, 0), undefined);
  assert.equal(dosTime((40 << 9) | (2 << 5) | 31, 0), undefined);
  assert.equal(dosTime((40 << 9) | (13 << 5) | 1, 0), undefined);
  assert.equal(dosTime((40 << 9) | (1 << 5) | 1, 24 << 11), undefined);
  assert.equal(dosTime((40 << 9) | (1 << 5) | 1, 60 << 5), undefined);
  assert.equal(fileTime(2n ** 64n - 1n), undefined);
  assert.equal(unixTime(Infinity), undefined);
  assert.equal(unixTime(NaN), undefined);
});

Deno.test("the first and the last times are times", () => {
  assert.equal(dosTime((1 << 5) | 1, 0), "1980-01-01T00:00:00");
  assert.equal(dosTime((127 << 9) | (12 << 5) | 31, (23 << 11) | (59 << 5) | 29), "2107-12-31T23:59:58");
  assert.equal(fileTime(1n), "1601-01-01T00:00:00.000Z");
  assert.equal(unixTime(0xffff_ffff), "2106-02-07T06:28:15.000Z");
});
