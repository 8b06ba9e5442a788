/**
 * Finds rules that took more than their quota of time, and logs them.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import { describeProblem, type Program, type RuleProblem } from "../../src/yara/mod.ts";

/** Quota of one rule for one payload; the time of yara-x is known for sets of rules only. */
export const RULE_QUOTA_MS = 100;
/** Quota of the scans of yara-x for one payload. */
export const ASK_QUOTA_MS = 2_000;
/** Most rules that a line of the log names. */
const MAX_NAMES = 10;

/** Rule → milliseconds. */
export type RuleTimes = ReadonlyMap<number, number>;

/** Counts slow rules, and logs each once. */
export class SlowRules {
  readonly #reported = new Set<number>();

  constructor(readonly program: Program, readonly log: Logger) {}

  /** The number of rules that were slow for a payload. */
  count(times: RuleTimes): number {
    const slow = slowOf(times);
    for (const [rule, spentMs] of slow) {
      if (this.#reported.has(rule)) continue;
      this.#reported.add(rule);
      const { file, line, rule: name } = this.#locationOf(rule);
      const message = `it took ${spentMs.toFixed(0)} ms for one payload, the quota is ${RULE_QUOTA_MS} ms`;
      this.log.warn(`YARA rule "${name}" is slow: ${describeProblem({ file, line, message })}`);
    }
    return slow.length;
  }

  /** The number of candidates if yara-x took too long for them, else 0. Which of them was slow is not known. */
  countAsked(candidates: readonly number[], spentMs: number): number {
    if (spentMs <= ASK_QUOTA_MS) return 0;
    const unreported = candidates.filter((rule) => !this.#reported.has(rule));
    for (const rule of unreported) this.#reported.add(rule);
    if (unreported.length > 0) {
      const names = unreported.slice(0, MAX_NAMES).map((rule) => {
        const { file, line, rule: name } = this.#locationOf(rule);
        return describeProblem({ file, line, message: `"${name}"` });
      });
      const more = unreported.length > MAX_NAMES ? ` and ${unreported.length - MAX_NAMES} more` : "";
      this.log.warn(
        `YARA rules are slow: yara-x took ${
          spentMs.toFixed(0)
        } ms for ${candidates.length} of them and one ` +
          `payload, the quota is ${ASK_QUOTA_MS} ms: ${names.join(", ")}${more}`,
      );
    }
    return candidates.length;
  }

  /** Problems for `stoq test`: rules that were slow for a payload of that size. */
  problems(times: RuleTimes, sizeBytes: number): RuleProblem[] {
    return slowOf(times).map(([rule, spentMs]) => ({
      ...this.#locationOf(rule),
      isInUse: true as const,
      message: `the rule takes ${
        spentMs.toFixed(0)
      } ms for ${sizeBytes} bytes, the quota is ${RULE_QUOTA_MS} ms`,
    }));
  }

  #locationOf(rule: number): { readonly file: string; readonly line: number; readonly rule: string } {
    const { name, file, line } = this.program.rule(rule);
    return { file, line, rule: name };
  }
}

function slowOf(times: RuleTimes): [rule: number, spentMs: number][] {
  return [...times].filter(([, spentMs]) => spentMs > RULE_QUOTA_MS);
}
