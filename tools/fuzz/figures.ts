/**
 * What a fuzzing run reports.
 *
 * @module
 */

/** Failures that are printed and written; more are counted. */
export const MAX_REPORTED_FAILURES = 20;

/** An input with which something went wrong. */
export interface Failure {
  /** The number of the input, which with the seed repeats it. */
  readonly input: number;
  /** What should not have happened. */
  readonly reason: string;
  /** The bytes, and how they were made. */
  readonly content: Uint8Array;
  readonly origin: string;
}

/** Counts outcomes and keeps failures. */
export class Figures {
  readonly failures: Failure[] = [];
  readonly outcomes = new Map<string, number>();
  inputs = 0;
  peakBytes = 0;
  #slowest: { readonly input: number; readonly ms: number } | undefined;

  /** Counts an outcome. */
  count(outcome: string, times = 1): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + times);
  }

  /** Notes the time that an input took. */
  noteTime(input: number, ms: number): void {
    if (ms > (this.#slowest?.ms ?? -1)) this.#slowest = { input, ms };
  }

  /** Notes resident memory of the main process. */
  noteMemory(bytes: number): void {
    this.peakBytes = Math.max(this.peakBytes, bytes);
  }

  /** The report, a line each; `seconds` is what the run took. */
  lines(seconds: number): string[] {
    const outcomes = [...this.outcomes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const { input = 0, ms = 0 } = this.#slowest ?? {};
    return [
      `inputs    ${this.inputs}, ${(this.inputs / seconds).toFixed(1)} per second`,
      `outcomes  ${outcomes.map(([outcome, times]) => `${outcome} ${times}`).join(", ")}`,
      `slowest   input ${input}, ${Math.round(ms)} ms`,
      `memory    ${Math.round(this.peakBytes / 1e6)} MB at most in the main process`,
      `failures  ${this.failures.length}`,
      ...this.failures.slice(0, MAX_REPORTED_FAILURES).map(({ input, reason, origin }) =>
        `  input ${input} (${origin}): ${reason}`
      ),
    ];
  }
}
