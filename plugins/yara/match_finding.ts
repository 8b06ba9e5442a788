/**
 * A match of the worker as a finding.
 *
 * @module
 */

import type { Plain, PlainRecord, ReportedFinding, Severity } from "../../src/plugin/define.ts";
import type { RuleMatch } from "./engine.ts";
import { metaRecord } from "./match_record.ts";

/** Longest title, in UTF-16 units. */
const MAX_TITLE_LENGTH = 200;

/** Least share of the scale of `score`, as signature-base rates its rules. */
const SCORE_SHARES = [["critical", 0.9], ["high", 0.75], ["medium", 0.6], ["low", 0.4]] as const;

/** Least share of the scale of a severity that is a number. */
const SEVERITY_SHARES = [["critical", 0.9], ["high", 0.7], ["medium", 0.4], ["low", 0.1]] as const;

/** Words of rule writers, each with its severity. */
const WORDS: { readonly [word: string]: Severity } = {
  critical: "critical",
  high: "high",
  severe: "high",
  malicious: "high",
  medium: "medium",
  moderate: "medium",
  suspicious: "medium",
  warning: "medium",
  low: "low",
  minor: "low",
  info: "info",
  informational: "info",
};

/**
 * Returns the finding of code `yara-match`: the title is the rule's `description` or its name, the detail its name and namespace, the
 * offset that of the first string in the payload.
 */
export function findingOf(match: RuleMatch): ReportedFinding {
  const { rule, namespace, strings } = match;
  const meta = metaRecord(match);
  const title = titleOf(meta.description) ?? titleOf(meta.desc);
  const name = namespace === "default" ? rule : `${namespace}:${rule}`;
  const isNamed = title !== undefined || name !== rule;
  const offset = strings.reduce((first, hit) => Math.min(first, hit.offset), Infinity);
  return {
    code: "yara-match",
    title: title ?? rule,
    severity: severityOf(meta),
    ...(isNamed && { detail: `rule ${name}` }),
    ...(offset !== Infinity && { offset }),
  };
}

function titleOf(description: Plain | undefined): string | undefined {
  if (typeof description !== "string") return undefined;
  const line = description.replaceAll(/\s+/g, " ").trim();
  if (line === "") return undefined;
  return line.length <= MAX_TITLE_LENGTH ? line : `${line.slice(0, MAX_TITLE_LENGTH - 1).toWellFormed()}…`;
}

/**
 * Returns the severity that the rule's metadata gives: `severity`, a word or a number of at most 10 or 100; signature-base's `score` of
 * at most 100; AlienVault's `threat_level` of at most 10. A rule without any is `medium`.
 */
function severityOf({ severity, score, threat_level }: PlainRecord): Severity {
  const word = typeof severity === "string" ? severity.trim().toLowerCase() : "";
  if (Object.hasOwn(WORDS, word)) return WORDS[word]!;
  return severityOfNumber(severity, SEVERITY_SHARES) ?? severityOfNumber(score, SCORE_SHARES, 100) ??
    severityOfNumber(threat_level, SEVERITY_SHARES, 10) ?? "medium";
}

/** Without a scale, a number up to 10 is on a scale of 10. */
function severityOfNumber(
  value: Plain | undefined,
  shares: typeof SCORE_SHARES | typeof SEVERITY_SHARES,
  scale?: number,
): Severity | undefined {
  const number = typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !(number >= 0)) return undefined;
  const share = number / (scale ?? (number <= 10 ? 10 : 100));
  return shares.find(([, least]) => share >= least)?.[0] ?? "info";
}
