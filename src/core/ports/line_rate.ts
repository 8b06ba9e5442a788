/**
 * Limits how many lines a plugin may log: a plugin that logs in a loop must not fill the disk or delay others.
 *
 * @module
 */

/** Lines that pass in each window of time. */
export const FLOOD_LINES = 1_000;

/** Length of the window, in milliseconds. */
export const FLOOD_WINDOW_MS = 10_000;

/** Counts the lines of one source. */
export class FloodBound {
  #startMs = -Infinity;
  #lines = 0;
  #dropped = 0;

  /** Whether a line may pass; one that may not counts as dropped. */
  admit(nowMs: number): boolean {
    if (nowMs - this.#startMs >= FLOOD_WINDOW_MS) {
      this.#startMs = nowMs;
      this.#lines = 0;
    }
    const isAdmitted = ++this.#lines <= FLOOD_LINES;
    if (!isAdmitted) this.#dropped++;
    return isAdmitted;
  }

  /** Counts lines that were dropped before they came here. */
  addDropped(lines: number): void {
    this.#dropped += lines;
  }

  /** How many lines were dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
