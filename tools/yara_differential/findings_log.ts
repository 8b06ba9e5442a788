/**
 * Keeps count of what a run finds, explains it, and writes what can't be explained.
 *
 * @module
 */

import type { BatchResult, Finding } from "./comparison.ts";
import { type ExplainedDifference, suspectsOf } from "./explanation.ts";
import { ENDLESS } from "./native_subject.ts";
import { describeFinding, reproduce, writeReproduction } from "./reproduction.ts";

/** YARA 4.2 gives up files: 31 for a range that goes downward, 46 for too many threads of a regular expression. */
const GIVEN_UP = new RegExp(`^native .*(?:error: (?:31|46)|${ENDLESS})$`);

/** What a log needs. */
export interface FindingsLogSetup {
  /** Folder for reproductions. */
  readonly out: string;
  readonly maxReproductions: number;
  /** Differences to another implementation that are no news. */
  readonly explained: readonly ExplainedDifference[];
  /** Gets a line, or several. */
  readonly print: (text: string) => void;
}

/** The findings of a run. */
export class FindingsLog {
  readonly #setup: FindingsLogSetup;
  readonly #byExplanation = new Map<string, number>();
  readonly #matched = new Set<string>();
  readonly #refused = new Map<string, string>();
  readonly #coverage = new Map<string, { files: number; matches: number; rules: number }>();
  readonly #printed = new Set<string>();
  #failures = 0;
  #unexplained = 0;
  #reproduced = 0;

  constructor(setup: FindingsLogSetup) {
    this.#setup = setup;
  }

  /** Number of differences and failures that nothing explains. */
  get unexplainedCount(): number {
    return this.#unexplained + this.#failures;
  }

  /** Takes in what came out of a batch; `stage` is the kind of files. */
  async add(stage: string, ruleCount: number, result: BatchResult): Promise<void> {
    const covered = this.#coverage.get(stage) ?? { files: 0, matches: 0, rules: 0 };
    this.#coverage.set(stage, covered);
    covered.files += result.fileCount;
    covered.matches += result.matchCount;
    covered.rules += ruleCount;
    for (const rule of result.matched) this.#matched.add(rule);
    for (const failure of result.failures) this.#fail(failure);
    for (const { subject, rule, why } of result.refusals) this.#refused.set(`${subject}: ${rule.name}`, why);
    for (const finding of result.findings) await this.#take(finding);
  }

  #fail(failure: string): void {
    if (GIVEN_UP.test(failure)) {
      this.#count("scans that YARA 4.2 gives up");
      return;
    }
    this.#failures++;
    this.#setup.print(`FAILED ${failure}`);
  }

  #count(explanation: string): void {
    this.#byExplanation.set(explanation, (this.#byExplanation.get(explanation) ?? 0) + 1);
  }

  async #take(finding: Finding): Promise<void> {
    const explanation = finding.second.isForeign ? this.#explain(finding) : undefined;
    if (explanation) {
      this.#count(explanation.name);
      return;
    }
    this.#unexplained++;
    // What one file of a batch shows, the next ones show again.
    const subject =
      `${finding.batch.label} ${finding.second.name} ${finding.rule.name} ${finding.difference.kind}`;
    if (this.#printed.has(subject)) return;
    this.#printed.add(subject);
    this.#setup.print(`DIFFERENCE ${describeFinding(finding)}`);
    if (this.#reproduced >= this.#setup.maxReproductions) return;
    const number = String(++this.#reproduced).padStart(3, "0");
    const folder = `${this.#setup.out}/${number}_${finding.second.name}_${finding.rule.name.slice(0, 60)}`;
    const reproduction = await reproduce(finding);
    await writeReproduction(folder, reproduction);
    this.#setup.print(
      `  reproduced with ${reproduction.rules.length} rules and ${reproduction.bytes.length} bytes in ${folder}`,
    );
  }

  #explain(finding: Finding): ExplainedDifference | undefined {
    for (const suspect of suspectsOf(finding)) {
      const explanation = this.#setup.explained.find((explained) => explained.explains(suspect));
      if (explanation) return explanation;
    }
    return undefined;
  }

  /** What was covered and found, in lines. */
  summary(): string {
    const lines = [...this.#coverage].map(([stage, { files, matches, rules }]) =>
      `${stage}: ${files} scans with ${rules} rules in sets, ${matches} matches`
    );
    lines.push(`${this.#matched.size} different rules matched`);
    if (this.#refused.size > 0) {
      lines.push(`${this.#refused.size} rules that one engine refuses and the other does not:`);
      for (const [rule, why] of [...this.#refused].slice(0, 20)) lines.push(`  ${rule}: ${why}`);
    }
    for (const [name, count] of this.#byExplanation) lines.push(`explained ${count} times: ${name}`);
    lines.push(`${this.#unexplained} unexplained differences, ${this.#failures} failed scans`);
    return lines.join("\n");
  }
}
