/**
 * The line that shows how a run goes, and the one that says how it went.
 *
 * @module
 */

import type { Clock } from "../core/plugin_host.ts";
import { printable } from "../core/printable.ts";
import type { RunEvent, RunSummary } from "../core/run.ts";
import type { Terminal } from "../core/system.ts";
import { countedErrors } from "./response_errors.ts";

/** Between two updates; more often would only flicker. */
const UPDATE_MS = 500;

const CLEAR_LINE = "\r\x1b[K";

/** Counts what happens in a run. Where nobody watches, only failures and the summary are written. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #startMs: number;
  #cancel = () => {};
  #delivered = 0;
  #settled = 0;
  #payloads = 0;
  #bytes = 0;
  #errors = 0;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#startMs = clock.now();
    if (terminal.isErrTerminal) this.#showLater();
  }

  /** Takes note of an event; a failure that no response tells is written at once. */
  take(event: RunEvent): void {
    switch (event.kind) {
      case "delivered":
        this.#delivered++;
        return;
      case "scanned":
        this.#payloads += event.response.results.length;
        this.#bytes += event.response.results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        this.#errors += countedErrors(event.response).length;
        return;
      case "settled":
        this.#settled++;
        return;
      case "error": {
        this.#errors++;
        const who = event.error.pluginName === null ? "" : `${event.error.pluginName}: `;
        this.#write(`stoq: ${printable(who + event.error.error)}\n`);
      }
    }
  }

  /** Replaces the progress line by the summary. */
  async finish(summary: RunSummary): Promise<void> {
    this.#cancel();
    const { done, failed, abandoned } = summary;
    const parts = [`${count(done)} done`];
    if (failed > 0) parts.push(`${count(failed)} failed`);
    if (abandoned > 0) parts.push(`${count(abandoned)} left`);
    parts.push(`${count(this.#payloads)} payloads`, megabytes(this.#bytes), `${count(this.#errors)} errors`);
    const seconds = this.#seconds();
    parts.push(`${seconds.toFixed(1)} s`, `${(this.#settled / seconds).toFixed(1)}/s`);
    await this.#write(`stoq: ${parts.join(", ")}\n`);
  }

  #showLater(): void {
    this.#cancel = this.#clock.after(UPDATE_MS, () => {
      this.#write(this.#line());
      this.#showLater();
    });
  }

  #line(): string {
    const parts = [
      `${count(this.#settled)} done`,
      `${count(this.#delivered - this.#settled)} in flight`,
      `${(this.#settled / this.#seconds()).toFixed(1)}/s`,
      `${count(this.#errors)} errors`,
      megabytes(this.#bytes),
    ];
    return parts.join(" · ");
  }

  #write(text: string): Promise<void> {
    return this.#terminal.writeErr(this.#terminal.isErrTerminal ? CLEAR_LINE + text : text);
  }

  #seconds(): number {
    return Math.max(0.001, (this.#clock.now() - this.#startMs) / 1000);
  }
}

function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
