/**
 * Reports the failures of a run: the first ones as they happen, the others at a limited rate, and a table by code at the end.
 *
 * @module
 */

import type { ErrorRecord } from "../core/contract/contract.ts";
import { lossesOf } from "../core/contract/keeping.ts";
import type { Clock } from "../core/ports/plugin_host.ts";
import { printable, quote } from "../core/contract/printable.ts";
import type { RunEvent } from "../core/ports/run_event.ts";
import { formatCount } from "./report/quantities.ts";
import { countedErrors, errorLine, filenameOf, MAX_FAILURES_SHOWN } from "./response_errors.ts";

/** Least time between two lines about one code, once the first failures were shown. */
const LINE_INTERVAL_MS = 1_000;

/** Longest failure that is shown, and longest example in the table. */
const MAX_LINE_CHARS = 500;
const MAX_EXAMPLE_CHARS = 60;

/** Most rows of the table, and most codes that are counted separately: a plugin can report any number of codes. */
const MAX_ROWS = 20;
const MAX_CODES = 200;
const OTHER_CODES = "others";

/** The counts of one code. */
interface CodeCount {
  /** Failures of deliveries. */
  failures: number;
  /** Errors of responses, and failures that are in no response. */
  errors: number;
  skipped: number;
  /** The first text. */
  readonly example: string;
  /** Failures of which no line was written. */
  unshown: number;
  lastLineMs: number;
}

/** Writes and counts failures. */
export class FailureLog {
  readonly #clock: Pick<Clock, "now">;
  readonly #writeLine: (line: string) => void;
  readonly #codes = new Map<string, CodeCount>();
  /** Reasons of which a line was written, without the parts that differ between failures. */
  readonly #reasons = new Set<string>();
  /** Records that were written or counted, and come again with the delivery that they made fail. */
  readonly #known = new WeakSet<ErrorRecord>();
  /** Records that belong to no delivery so far. Of those that stay only the number is kept. */
  readonly #unsettled = new WeakSet<ErrorRecord>();
  #unsettledCount = 0;
  #isLossNext = false;

  /** @param writeLine writes one line, which is escaped */
  constructor(clock: Pick<Clock, "now">, writeLine: (line: string) => void) {
    this.#clock = clock;
    this.#writeLine = writeLine;
  }

  /** Number of errors. */
  get errors(): number {
    return [...this.#codes.values()].reduce((sum, { errors }) => sum + errors, 0);
  }

  /** Whether something failed that belongs to no delivery, such as a provider, or a file that could not be read. */
  get hasOwnLosses(): boolean {
    return this.#unsettledCount > 0;
  }

  /** Counts an event, and writes a line where one is due. */
  take(event: RunEvent): void {
    switch (event.kind) {
      case "scanned": {
        for (const error of countedErrors(event.response)) this.#count(error).errors++;
        const name = filenameOf(event.response);
        for (const loss of lossesOf(event.response)) this.#show(loss, name);
        return;
      }
      case "skipped": {
        const { code, name, reason, isLoss } = event.item;
        this.#countOf(code, reason).skipped++;
        if (isLoss) {
          this.#showText(
            code,
            reason,
            `${quote(name)} was not delivered: ${printable(reason)} (${printable(code)})`,
          );
        }
        this.#isLossNext = isLoss;
        return;
      }
      case "error":
        this.#count(event.error).errors++;
        this.#unsettled.add(event.error);
        this.#unsettledCount++;
        // The line of a skipped item includes its name.
        if (this.#isLossNext) this.#known.add(event.error);
        else this.#show(event.error);
        this.#isLossNext = false;
        return;
      case "settled": {
        if (event.outcome.status !== "failed") return;
        const { errors } = event.outcome;
        for (const error of errors) {
          if (this.#unsettled.delete(error)) this.#unsettledCount--;
          this.#show(error);
        }
        if (errors[0]) this.#count(errors[0]).failures++;
      }
    }
  }

  /** The table by code, as lines without line ends; empty where nothing failed and nothing was skipped. */
  table(): string[] {
    const rows = [...this.#codes].sort(([a, x], [b, y]) => sumOf(y) - sumOf(x) || (a < b ? -1 : 1));
    const shown = rows.slice(0, MAX_ROWS);
    const others = rows.slice(MAX_ROWS).map(([, count]) => count);
    if (rows.length === 0) return [];
    const cells = [
      ["code", "failures", "errors", "skipped", "for example"],
      ...shown.map(([code, { failures, errors, skipped, example }]) => [
        code,
        ...[failures, errors, skipped].map(formatCount),
        cut(example, MAX_EXAMPLE_CHARS),
      ]),
      ...(others.length > 0
        ? [[
          `${formatCount(others.length)} others`,
          ...(["failures", "errors", "skipped"] as const).map((key) =>
            formatCount(others.reduce((sum, count) => sum + count[key], 0))
          ),
          "",
        ]]
        : []),
    ];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
    return cells.map((row) =>
      row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column] ?? 0))
        .join("  ").trimEnd()
    );
  }

  #show(error: ErrorRecord, name?: string): void {
    if (this.#known.has(error)) return;
    this.#known.add(error);
    const place = name === undefined ? "" : `${quote(name)}: `;
    this.#count(error);
    this.#showText(error.code, error.error, `${place}${errorLine(error)} (${printable(error.code)})`);
  }

  #showText(code: string, reason: string, line: string): void {
    const count = this.#countOf(code, reason);
    // Quoted text and numbers differ between failures: paths, ids.
    const key = `${code} ${cut(reason, MAX_LINE_CHARS).replace(/"(?:[^"\\]|\\.)*"|\d+/g, "_")}`;
    const nowMs = this.#clock.now();
    if (this.#reasons.size < MAX_FAILURES_SHOWN && !this.#reasons.has(key)) {
      this.#reasons.add(key);
    } else {
      count.unshown++;
      if (nowMs - count.lastLineMs < LINE_INTERVAL_MS) return;
      if (count.unshown > 1) line = `${formatCount(count.unshown)} more failures, the last: ${line}`;
      count.unshown = 0;
    }
    count.lastLineMs = nowMs;
    this.#writeLine(cut(line, MAX_LINE_CHARS));
  }

  #count(error: ErrorRecord): CodeCount {
    return this.#countOf(error.code, errorLine(error));
  }

  #countOf(code: string, example: string): CodeCount {
    let key = printable(code);
    if (!this.#codes.has(key) && this.#codes.size >= MAX_CODES) key = OTHER_CODES;
    let count = this.#codes.get(key);
    if (!count) {
      const zero = { failures: 0, errors: 0, skipped: 0, unshown: 0, lastLineMs: -Infinity };
      this.#codes.set(key, count = { ...zero, example: printable(example) });
    }
    return count;
  }
}

function sumOf({ failures, errors, skipped }: CodeCount): number {
  return failures + errors + skipped;
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)}…`;
}
