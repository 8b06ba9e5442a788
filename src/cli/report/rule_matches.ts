/**
 * YARA matches, read from what the worker `yara` answered.
 *
 * @module
 */

import type { PayloadResults } from "../../core/contract/contract.ts";
import type { Plain, PlainRecord } from "../../core/contract/plain.ts";
import { bytesExcerpt, textExcerpt } from "./excerpt.ts";
import { asRecord, asText } from "./payload_facts.ts";
import type { Style } from "./styled_text.ts";

/** How much a match matters, worst first; `unrated` where the rule does not say. */
export const SEVERITIES = ["high", "medium", "unrated", "low"] as const;

/** One of {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** How a severity is shown, so that it can be told without colours. */
export const SEVERITY_LOOK: { readonly [S in Severity]: { readonly mark: string; readonly style: Style } } = {
  high: { mark: "!!", style: "high" },
  medium: { mark: "!", style: "medium" },
  unrated: { mark: "*", style: "rule" },
  low: { mark: "-", style: "low" },
};

/** Strings of a match that are read; the others are only counted. */
export const MAX_STRINGS_SHOWN = 3;

/** Where a rule's string was found. */
export interface FoundString {
  readonly offset: number;
  /** `$name`. */
  readonly identifier: string;
  /** The bytes, for people. */
  readonly excerpt: string;
}

/** A rule that matched a payload. */
export interface RuleMatch {
  readonly rule: string;
  /** `undefined` for YARA's own `default`. */
  readonly namespace: string | undefined;
  readonly tags: readonly string[];
  readonly description: string | undefined;
  readonly severity: Severity;
  /** The first {@link MAX_STRINGS_SHOWN}. */
  readonly strings: readonly FoundString[];
  readonly stringCount: number;
}

/** Whether everything that the worker calls a match is one; another plugin of that name may have another shape. */
export function hasReadableMatches(payload: PayloadResults): boolean {
  const matches = asRecord(payload.workers.yara)?.matches;
  return Array.isArray(matches) && matches.length === readMatches(payload).length;
}

/** Reads a payload's matches, worst first; what has not the shape of a match is left out. */
export function readMatches(payload: PayloadResults): RuleMatch[] {
  const matches = asRecord(payload.workers.yara)?.matches;
  if (!Array.isArray(matches)) return [];
  return matches.flatMap((match: Plain) => readMatch(asRecord(match)) ?? [])
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** A rule's name, behind its namespace if it has one. */
export function ruleName({ rule, namespace }: RuleMatch): string {
  return namespace === undefined ? rule : `${namespace}:${rule}`;
}

/** The worst severity of some matches; `undefined` where there are none. */
export function worstSeverity(matches: readonly RuleMatch[]): Severity | undefined {
  return SEVERITIES.find((severity) => matches.some((match) => match.severity === severity));
}

function readMatch(match: PlainRecord | undefined): RuleMatch | undefined {
  const rule = asText(match?.rule);
  if (match === undefined || rule === undefined) return undefined;
  const meta = asRecord(match.meta) ?? {};
  const namespace = asText(match.namespace);
  const strings = Array.isArray(match.strings) ? match.strings as readonly Plain[] : [];
  return {
    rule,
    namespace: namespace === "default" ? undefined : namespace,
    tags: Array.isArray(match.tags) ? match.tags.flatMap((tag: Plain) => asText(tag) ?? []) : [],
    description: asText(meta.description) ?? asText(meta.desc),
    severity: severityOf(meta),
    strings: strings.slice(0, MAX_STRINGS_SHOWN).flatMap((found) => readString(found) ?? []),
    stringCount: strings.length,
  };
}

function readString(found: Plain): FoundString | undefined {
  if (!Array.isArray(found)) return undefined;
  const [offset, identifier, content] = found as readonly Plain[];
  if (typeof offset !== "number" || typeof identifier !== "string") return undefined;
  const excerpt = content instanceof Uint8Array
    ? bytesExcerpt(content)
    : typeof content === "string"
    ? textExcerpt(content)
    : "";
  return { offset, identifier, excerpt };
}

/**
 * Rule writers have several customs: a word or a number up to 10 or 100 as `severity`, AlienVault's `threat_level` up to 10,
 * signature-base's `score` up to 100.
 */
function severityOf(meta: PlainRecord): Severity {
  return severityOfWord(meta.severity) ?? severityOfNumber(meta.severity) ??
    severityOfNumber(meta.score, 100) ?? severityOfNumber(meta.threat_level, 10) ?? "unrated";
}

function severityOfWord(value: Plain | undefined): Severity | undefined {
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (/^(?:critical|high|severe|malicious)$/.test(word)) return "high";
  if (/^(?:medium|moderate|suspicious|warning)$/.test(word)) return "medium";
  return /^(?:low|minor|info|informational)$/.test(word) ? "low" : undefined;
}

/** Without a scale, a number up to 10 is one of 10. */
function severityOfNumber(value: Plain | undefined, scale?: number): Severity | undefined {
  const number = typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !(number >= 0)) return undefined;
  const share = number / (scale ?? (number <= 10 ? 10 : 100));
  return share >= 0.7 ? "high" : share >= 0.4 ? "medium" : "low";
}
