/**
 * Which rules took more than their quota of time, and who is told.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import { describeProblem, type Program, type RuleProblem } from "../../src/yara/mod.ts";

/** What one rule may take for one payload before it is called slow; the time that yara-x takes is the set's. */
export const RULE_QUOTA_MS = 100;
/** What scans of yara-x may take for the candidates of one payload before they are called slow. */
export const ASK_QUOTA_MS = 2_000;
/** Most rules that one line of the log names. */
const MAX_NAMES = 10;

/** Rule → milliseconds. */
export type RuleTimes = ReadonlyMap<number, number>;

/** Counts slow rules, and names each once in the log. */
export class SlowRules {
  readonly #told = new Set<number>();

  constructor(readonly program: Program, readonly log: Logger) {}

  /** Number of rules of a payload that were slow. */
  count(times: RuleTimes): number {
    const slow = slowOf(times);
    for (const [rule, spentMs] of slow) {
      if (this.#told.has(rule)) continue;
      this.#told.add(rule);
      const { file, line, rule: name } = this.#placeOf(rule);
      const message = `it took ${spentMs.toFixed(0)} ms for one payload, the quota is ${RULE_QUOTA_MS} ms`;
      this.log.warn(`YARA rule "${name}" is slow: ${describeProblem({ file, line, message })}`);
    }
    return slow.length;
  }

  /** Number of candidates of which yara-x took too long; which of them is to blame it does not say. */
  countAsked(candidates: readonly number[], spentMs: number): number {
    if (spentMs <= ASK_QUOTA_MS) return 0;
    const untold = candidates.filter((rule) => !this.#told.has(rule));
    for (const rule of untold) this.#told.add(rule);
    if (untold.length > 0) {
      const names = untold.slice(0, MAX_NAMES).map((rule) => {
        const { file, line, rule: name } = this.#placeOf(rule);
        return describeProblem({ file, line, message: `"${name}"` });
      });
      const more = untold.length > MAX_NAMES ? ` and ${untold.length - MAX_NAMES} more` : "";
      this.log.warn(
        `YARA rules are slow: yara-x took ${
          spentMs.toFixed(0)
        } ms for ${candidates.length} of them and one ` +
          `payload, the quota is ${ASK_QUOTA_MS} ms: ${names.join(", ")}${more}`,
      );
    }
    return candidates.length;
  }

  /** What `stoq test` says of rules that were slow on a payload of that size. */
  problems(times: RuleTimes, sizeBytes: number): RuleProblem[] {
    return slowOf(times).map(([rule, spentMs]) => ({
      ...this.#placeOf(rule),
      isInUse: true as const,
      message: `the rule takes ${
        spentMs.toFixed(0)
      } ms for ${sizeBytes} bytes, the quota is ${RULE_QUOTA_MS} ms`,
    }));
  }

  #placeOf(rule: number): { readonly file: string; readonly line: number; readonly rule: string } {
    const { name, file, line } = this.program.rule(rule);
    return { file, line, rule: name };
  }
}

function slowOf(times: RuleTimes): [rule: number, spentMs: number][] {
  return [...times].filter(([, spentMs]) => spentMs > RULE_QUOTA_MS);
}
