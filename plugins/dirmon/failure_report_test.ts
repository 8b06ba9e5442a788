import assert from "node:assert/strict";
import type { ErrorRecord } from "../../src/plugin/define.ts";
import { printable } from "../../src/plugin/kit/mod.ts";
import { describeFailure, MAX_ERRORS, MAX_MESSAGE_CHARS } from "./failure_report.ts";

const TIME = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));

function failure(error: string): ErrorRecord {
  return {
    error,
    code: "plugin-failed",
    pluginName: "filedir",
    role: "connector",
    payloadId: null,
    durationMs: 1,
  };
}

Deno.test("a report says when, how often and why a file failed", () => {
  const text = describeFailure({ attempt: 5 }, [failure("connector:failed to save: the disk is full")], TIME);
  assert.deepEqual(JSON.parse(text), {
    time: "2026-01-02T03:04:05.000Z",
    attempts: 5,
    errors: [{
      code: "plugin-failed",
      plugin: "filedir",
      role: "connector",
      error: "connector:failed to save: the disk is full",
    }],
    errors_left_out: 0,
  });
  assert.ok(text.endsWith("}\n"));
});

Deno.test("a report of many long errors is bounded, and counts what it leaves out", () => {
  const errors = Array.from({ length: 1000 }, () => failure("x".repeat(100_000)));
  const text = describeFailure({ attempt: 1 }, errors, TIME);
  assert.equal(JSON.parse(text).errors.length, MAX_ERRORS);
  assert.equal(JSON.parse(text).errors_left_out, 1000 - MAX_ERRORS);
  assert.ok(text.length < 2 * MAX_ERRORS * MAX_MESSAGE_CHARS);
});

Deno.test("a report holds no character that steers a terminal or ends a line", () => {
  const hostile = "\x1b[2J\x9b\u202e\u2028\u2066\ud800";
  const text = describeFailure({ attempt: 1 }, [failure(hostile)], TIME);
  assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  assert.equal(JSON.parse(text).errors[0].error, printable(hostile));
});
