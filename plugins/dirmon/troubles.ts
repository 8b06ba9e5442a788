/**
 * Says what is wrong with a path once, not at every look.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";

/** Above this many paths that are in trouble at a time, all are forgotten, and may be told again. */
const MAX_PATHS = 10_000;

/** The paths that are in trouble. */
export class Troubles {
  readonly #log: Logger;
  readonly #told = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Warns, unless this path is in trouble already. */
  tell(path: string, message: string): void {
    if (this.#told.has(path)) return;
    if (this.#told.size >= MAX_PATHS) this.#told.clear();
    this.#told.add(path);
    this.#log.warn(message);
  }

  /** The path is in order, or gone. */
  end(path: string): void {
    this.#told.delete(path);
  }
}
