/**
 * What judging one payload may cost, whatever rules and payload are: work is counted, not timed, so that the same payload
 * always gets the same answer.
 *
 * @module
 */

/**
 * Steps for all rules and one payload: an instruction of a regular expression, a place of a hex string, or a node of a
 * condition in a loop. They take one to twenty nanoseconds each.
 */
export const MAX_PAYLOAD_STEPS = 200_000_000;

/** Steps for one rule and what it is the first to ask about. */
export const MAX_RULE_STEPS = 20_000_000;

/** Matches of all patterns that are kept for one payload; they take about 100 bytes each. */
export const MAX_PAYLOAD_MATCHES = 1_000_000;

/** What is left of the limits of one payload. What can't be afforded any more must be called unknown. */
export class Work {
  #stepsLeft: number;
  #ruleStepsLeft = MAX_RULE_STEPS;
  #matchesLeft: number;

  constructor(steps = MAX_PAYLOAD_STEPS, matches = MAX_PAYLOAD_MATCHES) {
    this.#stepsLeft = steps;
    this.#matchesLeft = matches;
  }

  /** Starts the next rule. */
  beginRule(): void {
    this.#ruleStepsLeft = MAX_RULE_STEPS;
  }

  /** Steps that may still be made for the rule; 0 where there are none. */
  get stepsLeft(): number {
    return Math.max(0, Math.min(this.#stepsLeft, this.#ruleStepsLeft));
  }

  /** Takes steps that were made, be they more than were left. */
  spend(steps: number): void {
    this.#stepsLeft -= steps;
    this.#ruleStepsLeft -= steps;
  }

  /** Matches that may still be kept. */
  get matchesLeft(): number {
    return this.#matchesLeft;
  }

  /** Takes matches that are kept. */
  keepMatches(count: number): void {
    this.#matchesLeft -= count;
  }
}
