import assert from "node:assert/strict";
import type { DeliveryOutcome, ErrorRecord, StoqResponse } from "../core/contract/contract.ts";
import type { RunEvent } from "../core/ports/run_event.ts";
import { FailureLog } from "./failure_log.ts";

const errorOf = (code: string, error: string, role: ErrorRecord["role"] = "connector"): ErrorRecord => ({
  error,
  pluginName: "box",
  payloadId: null,
  code,
  role,
  durationMs: null,
});

const responseOf = (errors: readonly ErrorRecord[], filename: string | null = "a.bin"): StoqResponse =>
  ({
    results: [{ payloadMeta: { extraData: { filename } } }],
    errors,
    plugins: { box: "1.0.0" },
  }) as unknown as StoqResponse;

/** A log at a time that tests set, and the lines that it wrote. */
class Recorder {
  nowMs = 0;
  readonly lines: string[] = [];
  readonly log = new FailureLog({ now: () => this.nowMs }, (line) => void this.lines.push(line));

  take(...events: RunEvent[]): void {
    for (const event of events) this.log.take(event);
  }

  /** A delivery whose response could not be saved. */
  fail(error: ErrorRecord, filename = "a.bin", shouldRetry = false): void {
    const outcome: DeliveryOutcome = { status: "failed", errors: [error], shouldRetry };
    this.take(
      { kind: "scanned", response: responseOf([error], filename) },
      { kind: "settled", provider: "p", outcome },
    );
  }
}

Deno.test("the same reason is one line, and the table has its count", () => {
  const recorder = new Recorder();
  for (let id = 0; id < 60; id++) {
    recorder.fail(errorOf("disk-full", `write "/out/${id}": no space`), `f${id}`);
  }
  assert.deepEqual(recorder.lines, ['"f0": box: write "/out/0": no space (disk-full)']);
  assert.deepEqual(recorder.log.table(), [
    "code       failures  errors  skipped  for example",
    'disk-full        60      60        0  box: write "/out/0": no space',
  ]);
});

Deno.test("five reasons have a line at once, then a code has one a second with a count", () => {
  const recorder = new Recorder();
  const reason = (letter: string) => errorOf("odd", `reason ${letter}`);
  for (const letter of "abcde") recorder.fail(reason(letter));
  assert.equal(recorder.lines.length, 5);
  for (const letter of "fgabc") recorder.fail(reason(letter));
  assert.equal(recorder.lines.length, 5);
  recorder.nowMs = 999;
  recorder.fail(reason("h"));
  assert.equal(recorder.lines.length, 5);
  recorder.nowMs = 1_000;
  recorder.fail(reason("i"));
  assert.deepEqual(recorder.lines.slice(5), ['7 more failures, the last: "a.bin": box: reason i (odd)']);
  recorder.fail(errorOf("other", "first of its code"));
  assert.equal(recorder.lines.at(-1), '"a.bin": box: first of its code (other)');
  assert.match(recorder.log.table()[1]!, /^odd +12 +12 +0 /);
});

Deno.test("a failure that the run reports before its delivery is settled is counted once", () => {
  const recorder = new Recorder();
  const error = errorOf("output-not-written", "broken pipe");
  recorder.take(
    { kind: "error", error },
    { kind: "scanned", response: responseOf([]) },
  );
  assert.equal(recorder.log.hasOwnLosses, true);
  recorder.take({
    kind: "settled",
    provider: "p",
    outcome: { status: "failed", errors: [error], shouldRetry: true },
  });
  assert.equal(recorder.log.hasOwnLosses, false);
  assert.equal(recorder.lines.length, 1);
  assert.match(recorder.log.table()[1]!, /^output-not-written +1 +1 +0 /);
});

Deno.test("skipped items are counted by code; one that is a loss has a line and is an error", () => {
  const recorder = new Recorder();
  const skipped = (name: string, code: string, isLoss: boolean): RunEvent => ({
    kind: "skipped",
    provider: "filedir",
    item: { name, code, reason: `is ${code}`, isLoss },
  });
  recorder.take(skipped("link", "file-not-regular", false), skipped("device", "file-not-regular", false));
  assert.deepEqual([recorder.lines, recorder.log.hasOwnLosses], [[], false]);
  recorder.take(
    skipped("\x1b[2Jsecret", "file-not-readable", true),
    { kind: "error", error: errorOf("file-not-readable", "provider:failed to deliver", "provider") },
    { kind: "error", error: errorOf("provider-failed", "it ended", "provider") },
  );
  assert.deepEqual(recorder.lines, [
    '"\\u001b[2Jsecret" was not delivered: is file-not-readable (file-not-readable)',
    "box: it ended (provider-failed)",
  ]);
  assert.equal(recorder.log.hasOwnLosses, true);
  assert.deepEqual(recorder.log.table(), [
    "code               failures  errors  skipped  for example",
    "file-not-readable         0       1        1  is file-not-readable",
    "file-not-regular          0       0        2  is file-not-regular",
    "provider-failed           0       1        0  box: it ended",
  ]);
});

Deno.test("errors of workers are in the table and have no line, what is not installed is neither", () => {
  const recorder = new Recorder();
  const errors = [
    errorOf("plugin-timeout", "too slow", "worker"),
    { ...errorOf("plugin-not-found", "no such plugin", "worker"), pluginName: "peinfo" },
  ];
  recorder.take({ kind: "scanned", response: responseOf(errors) });
  assert.deepEqual([recorder.lines, recorder.log.errors], [[], 1]);
  assert.match(recorder.log.table()[1]!, /^plugin-timeout +0 +1 +0 +box: too slow$/);
  assert.deepEqual(new Recorder().log.table(), []);
});

Deno.test("columns add up however many codes a plugin invents, and the table stays short", () => {
  const recorder = new Recorder();
  for (let index = 0; index < 1_000; index++) recorder.fail(errorOf(`code-${index}`, "x"));
  const rows = recorder.log.table().slice(1);
  assert.equal(rows.length, 21);
  const sum = (column: number) =>
    rows.reduce((total, row) => total + Number(row.split(/ {2,}/)[column]!.replaceAll(",", "")), 0);
  assert.deepEqual([sum(1), sum(2), sum(3)], [1_000, 1_000, 0]);
  assert.equal(recorder.log.errors, 1_000);
});

Deno.test("a line has no control characters and a bounded length", () => {
  const recorder = new Recorder();
  recorder.fail(errorOf("odd", `a\nstoq: 1 done\x1b[2J\u202e${"x".repeat(9_000)}`), "n\n\x1b[31m");
  assert.equal(recorder.lines.length, 1);
  for (const line of [...recorder.lines, ...recorder.log.table()]) {
    assert.match(line, /^[\x20-\x7e…]{1,501}$/);
  }
});
