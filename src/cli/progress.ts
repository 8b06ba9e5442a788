/**
 * The progress line of a run, and its summary.
 *
 * @module
 */

import type { Clock } from "../core/ports/plugin_host.ts";
import type { RunSummary } from "../core/run/run.ts";
import type { RunEvent } from "../core/ports/run_event.ts";
import type { Terminal } from "../core/ports/system.ts";
import { FailureLog } from "./failure_log.ts";
import { counted, formatCount } from "./report/quantities.ts";

/** Interval of updates, in milliseconds; a shorter one would flicker. */
const UPDATE_MS = 500;

const CLEAR_LINE = "\r\x1b[K";

/** Counts events of a run. Where standard error is no terminal, only failures and the summary are written. */
export class Progress {
  /** Failures so far. */
  readonly failures: FailureLog;
  readonly #terminal: Pick<Terminal, "isErrTerminal" | "writeErr">;
  readonly #clock: Clock;
  readonly #startMs: number;
  #cancel = () => {};
  #delivered = 0;
  #settled = 0;
  #payloads = 0;
  #bytes = 0;

  constructor(terminal: Pick<Terminal, "isErrTerminal" | "writeErr">, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#startMs = clock.now();
    this.failures = new FailureLog(clock, (line) => this.#write(`stoq: ${line}\n`));
    if (terminal.isErrTerminal) this.#showLater();
  }

  /** Counts an event. */
  take(event: RunEvent): void {
    this.failures.take(event);
    if (event.kind === "delivered") this.#delivered++;
    else if (event.kind === "settled") this.#settled++;
    // A skipped item is delivered, and never settled.
    else if (event.kind === "skipped") this.#delivered--;
    else if (event.kind === "scanned") {
      const { results } = event.response;
      this.#payloads += results.length;
      this.#bytes += results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    }
  }

  /** Replaces the progress line by the table of failures and the summary. */
  async finish(summary: RunSummary): Promise<void> {
    this.#cancel();
    const lines = [...this.failures.table(), this.#summaryLine(summary)];
    await this.#write(lines.map((line) => `stoq: ${line}\n`).join(""));
  }

  #summaryLine({ done, failed, retried, abandoned, skipped }: RunSummary): string {
    const seconds = this.#seconds();
    const optional = [
      [failed, "failed"],
      [retried, "retried"],
      [abandoned, "left"],
      [skipped, "skipped"],
    ] as const;
    return [
      `${formatCount(done)} done`,
      ...optional.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`),
      counted(this.#payloads, "payload"),
      megabytes(this.#bytes),
      counted(this.failures.errors, "error"),
      `${seconds.toFixed(1)} s`,
      `${(this.#settled / seconds).toFixed(1)}/s`,
    ].join(", ");
  }

  #showLater(): void {
    this.#cancel = this.#clock.after(UPDATE_MS, () => {
      this.#write(this.#line());
      this.#showLater();
    });
  }

  #line(): string {
    return [
      `${formatCount(this.#settled)} settled`,
      `${formatCount(this.#delivered - this.#settled)} in flight`,
      `${(this.#settled / this.#seconds()).toFixed(1)}/s`,
      counted(this.failures.errors, "error"),
      megabytes(this.#bytes),
    ].join(" · ");
  }

  #write(text: string): Promise<void> {
    return this.#terminal.writeErr(this.#terminal.isErrTerminal ? CLEAR_LINE + text : text);
  }

  #seconds(): number {
    return Math.max(0.001, (this.#clock.now() - this.#startMs) / 1000);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
