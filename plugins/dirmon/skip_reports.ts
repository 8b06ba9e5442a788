/**
 * Reports each skipped path once for each of its states.
 *
 * @module
 */

import type { Logger, SkippedItem } from "../../src/plugin/define.ts";
import { quote } from "../../src/plugin/kit/mod.ts";

/** Most paths that are remembered; above that all are forgotten and may be reported again. */
const MAX_PATHS = 100_000;

/** The paths that were reported, and the reports that are still to be delivered. */
export class SkipReports {
  readonly #log: Logger;
  /** Path → the state in which it was reported. */
  readonly #reported = new Map<string, string>();
  readonly #pending: SkippedItem[] = [];

  /** Takes the log, which gets what is no loss; losses are logged by the run. */
  constructor(log: Logger) {
    this.#log = log;
  }

  /** Reports a path, unless it was reported in this state. */
  report(path: string, state: string, item: SkippedItem): void {
    if (this.#reported.get(path) === state) return;
    this.ignore(path, state);
    this.#pending.push(item);
    if (!item.isLoss) this.#log.info(`skip ${quote(item.name)}: ${item.reason}`);
  }

  /** Keeps a path in this state from being reported. */
  ignore(path: string, state: string): void {
    if (this.#reported.size >= MAX_PATHS) this.#reported.clear();
    this.#reported.set(path, state);
  }

  /** Takes the oldest report that was not delivered. */
  take(): SkippedItem | undefined {
    return this.#pending.shift();
  }

  /** Forgets a path that is in order, or gone. */
  end(path: string): void {
    this.#reported.delete(path);
  }
}
