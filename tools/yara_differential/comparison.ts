/**
 * Runs subjects over one set of rules and some files, and finds where they differ.
 *
 * @module
 */

import type { Externals } from "../../plugins/yara/engine.ts";
import type { PoolRule } from "./rule_pool.ts";
import type { Subject, SubjectRules } from "./subject.ts";
import { compareVerdicts, type Difference, type Hit, type Verdict } from "./verdict.ts";

/** A file with a line that says what it is. */
export interface LabelledFile {
  readonly story: string;
  readonly bytes: Uint8Array;
}

/** Files that are scanned with the same values of external variables. */
export interface FileGroup {
  readonly externals: Externals;
  readonly files: readonly LabelledFile[];
}

/** What is compiled once and scanned. */
export interface Batch {
  /** For progress and seeds. */
  readonly label: string;
  readonly rules: readonly PoolRule[];
  /** Values with which the rules are compiled. */
  readonly externals: Externals;
  readonly groups: readonly FileGroup[];
}

/** One difference in one rule on one file. */
export interface Finding {
  readonly batch: Batch;
  readonly externals: Externals;
  readonly file: LabelledFile;
  readonly first: Subject;
  readonly second: Subject;
  readonly rule: PoolRule;
  readonly difference: Difference;
  /** All that each of them said of the rule; `undefined`: no match. */
  readonly said: readonly [readonly Hit[] | undefined, readonly Hit[] | undefined];
}

/** What came out of a batch. */
export interface BatchResult {
  readonly findings: readonly Finding[];
  /** Subject, rule and why, for rules that only some of the subjects compile. */
  readonly refusals: readonly { readonly subject: string; readonly rule: PoolRule; readonly why: string }[];
  /** Scans that an engine failed to do, with its words. */
  readonly failures: readonly string[];
  /** Files that were compared. */
  readonly fileCount: number;
  /** Matches that the first subject reported, private rules not counted. */
  readonly matchCount: number;
  /** Rules that matched somewhere. */
  readonly matched: ReadonlySet<string>;
}

const NOTHING: BatchResult = {
  findings: [],
  refusals: [],
  failures: [],
  fileCount: 0,
  matchCount: 0,
  matched: new Set(),
};

/** Compares every subject with the first one. */
export async function compareBatch(subjects: readonly Subject[], batch: Batch): Promise<BatchResult> {
  const [reference, ...others] = subjects;
  const kin = others.filter((other) => !other.isForeign);
  const results: BatchResult[] = [];
  try {
    results.push(await compareWith([reference!, ...kin], batch, batch.rules));
    for (const foreign of others.filter((other) => other.isForeign)) {
      results.push(await compareWithForeign(reference!, foreign, batch));
    }
  } catch (error) {
    // An engine that throws is a finding too; the next batch may find others.
    if (!(error instanceof Error)) throw error;
    results.push({ ...NOTHING, failures: [`${batch.label}: ${error.stack}`] });
  }
  return {
    ...results[0]!,
    findings: results.flatMap(({ findings }) => findings),
    failures: results.flatMap(({ failures }) => failures),
    refusals: results.flatMap(({ refusals }) => refusals),
  };
}

/** With the rules that both take: a global rule that one of them refuses would decide on all others. */
async function compareWithForeign(reference: Subject, foreign: Subject, batch: Batch): Promise<BatchResult> {
  const own = await reference.compile(batch.rules, batch.externals);
  await own.free();
  const accepted = batch.rules.filter(({ name }) => !own.refused.has(name));
  const theirs = await foreign.compile(accepted, batch.externals);
  await theirs.free();
  const common = accepted.filter(({ name }) => !theirs.refused.has(name));
  const result = await compareWith([reference, foreign], batch, common);
  const refusals = [...theirs.refused].map(([name, why]) => ({
    subject: foreign.name,
    rule: batch.rules.find((rule) => rule.name === name)!,
    why,
  }));
  return { ...result, refusals };
}

async function compareWith(
  subjects: readonly Subject[],
  batch: Batch,
  rules: readonly PoolRule[],
): Promise<BatchResult> {
  const compiled: SubjectRules[] = [];
  try {
    for (const subject of subjects) compiled.push(await subject.compile(rules, batch.externals));
    return await compareFiles(subjects, compiled, batch);
  } finally {
    for (const some of compiled) await some.free();
  }
}

async function compareFiles(
  subjects: readonly Subject[],
  compiled: readonly SubjectRules[],
  batch: Batch,
): Promise<BatchResult> {
  const tally = new Tally(subjects, compiled, batch);
  for (const { externals, files } of batch.groups) {
    const contents = files.map(({ bytes }) => bytes);
    const verdicts: (Verdict | string)[][] = [];
    for (const rules of compiled) verdicts.push(await rules.scan(contents, externals));
    for (const [i, file] of files.entries()) {
      tally.add(externals, file, verdicts.map((ofSubject) => ofSubject[i]!));
    }
  }
  return tally.result();
}

class Tally {
  readonly #findings: Finding[] = [];
  readonly #failures: string[] = [];
  readonly #matched = new Set<string>();
  readonly #byName: ReadonlyMap<string, PoolRule>;
  #fileCount = 0;
  #matchCount = 0;

  constructor(
    readonly subjects: readonly Subject[],
    readonly compiled: readonly SubjectRules[],
    readonly batch: Batch,
  ) {
    this.#byName = new Map(batch.rules.map((rule) => [rule.name, rule]));
  }

  add(externals: Externals, file: LabelledFile, verdicts: readonly (Verdict | string)[]): void {
    this.#fileCount++;
    const failure = verdicts.findIndex((verdict) => typeof verdict === "string");
    if (failure >= 0) {
      this.#failures.push(`${this.subjects[failure]!.name} on ${file.story}: ${verdicts[failure]}`);
      return;
    }
    const [own, ...others] = verdicts as Verdict[];
    for (const rule of own!.keys()) this.#matched.add(rule);
    this.#matchCount += own!.size;
    for (const [i, other] of others.entries()) this.#compare(externals, file, own!, i + 1, other);
  }

  #compare(externals: Externals, file: LabelledFile, own: Verdict, index: number, other: Verdict): void {
    const [first, second] = [this.subjects[0]!, this.subjects[index]!];
    const [ownRefused, refused] = [this.compiled[0]!.refused, this.compiled[index]!.refused];
    const common = new Map([...own].filter(([rule]) => !refused.has(rule)));
    const theirs = new Map([...other].filter(([rule]) => !ownRefused.has(rule)));
    const ground = {
      hasXorKeys: first.hasXorKeys && second.hasXorKeys,
      longestHit: Math.min(first.longestHit ?? Infinity, second.longestHit ?? Infinity),
    };
    for (const difference of compareVerdicts(common, theirs, ground)) {
      const rule = this.#byName.get(difference.rule);
      if (!rule) throw new Error(`${second.name} reports "${difference.rule}", a rule that it was not given`);
      const said = [own.get(rule.name), other.get(rule.name)] as const;
      this.#findings.push({ batch: this.batch, externals, file, first, second, rule, difference, said });
    }
  }

  result(): BatchResult {
    return {
      findings: this.#findings,
      refusals: this.#refusals(),
      failures: this.#failures,
      fileCount: this.#fileCount,
      matchCount: this.#matchCount,
      matched: this.#matched,
    };
  }

  #refusals(): BatchResult["refusals"] {
    const own = this.compiled[0]!.refused;
    return this.compiled.slice(1).flatMap(({ refused }, i) => {
      const { name } = this.subjects[i + 1]!;
      const byOne = [...refused].filter(([rule]) => !own.has(rule)).map((entry) => [name, ...entry] as const);
      const byOther = [...own].filter(([rule]) => !refused.has(rule)).map(([rule, why]) =>
        [this.subjects[0]!.name, rule, `${why} (${name} takes it)`] as const
      );
      // An import is a source of its own, and no rule.
      return [...byOne, ...byOther].filter(([, rule]) => this.#byName.has(rule)).map((
        [subject, rule, why],
      ) => ({
        subject,
        rule: this.#byName.get(rule)!,
        why,
      }));
    });
  }
}
