/**
 * Reads what plugins answer. The good parts of an answer are kept, the bad parts become problems.
 *
 * @module
 */

import type { Indicator } from "../contract/indicators.ts";
import type { PayloadMetaChange, ResumeRequest } from "../contract/contract.ts";
import type { ReportedBlindSpot } from "../contract/blind_spots.ts";
import type { ReportedFinding } from "../contract/findings.ts";
import type { StoqError } from "../contract/errors.ts";
import type { PasswordCandidate } from "../contract/passwords.ts";
import type { Plain, PlainRecord } from "../contract/plain.ts";
import { readAnnotations } from "./annotation_reader.ts";
import { type ExtractedPayload, MAX_FAILURES, type ReportedFailure, ValueReader } from "./value_reader.ts";

/** An answer of any role, checked; what the role does not have stays empty. */
export interface Answer {
  readonly results: Plain | undefined;
  readonly extracted: readonly ExtractedPayload[];
  readonly failures: readonly ReportedFailure[];
  /** A worker's `dispatchTo` or a dispatcher's `pluginNames`. */
  readonly dispatchTo: readonly string[];
  readonly meta: PlainRecord | undefined;
  readonly isFinal: boolean;
  readonly payloadMeta: PayloadMetaChange;
  readonly mediaType: string | undefined;
  readonly findings: readonly ReportedFinding[];
  readonly indicators: readonly Indicator[];
  readonly passwords: readonly PasswordCandidate[];
  readonly blindSpots: readonly ReportedBlindSpot[];
  readonly resume: ResumeRequest | undefined;
  /** What was wrong with the answer, each a phrase; the first ones of `problemCount`. */
  readonly problems: readonly string[];
  readonly problemCount: number;
  /** One for each kind of what was left out because there was too much of it. */
  readonly limitErrors: readonly StoqError[];
}

/**
 * Reads an answer; `undefined` and `null` mean that the plugin had nothing to say.
 *
 * @param mostFailures failures that it may report
 */
export function readAnswer(value: unknown, limitBytes: number, mostFailures: number = MAX_FAILURES): Answer {
  const reader = new ValueReader(limitBytes, mostFailures);
  const fields = value === undefined || value === null ? {} : reader.record("the answer", value);
  return {
    results: reader.results(fields.results),
    extracted: reader.list("extracted", fields.extracted, (where, item) => reader.payload(where, item)),
    failures: reader.failures(fields.errors),
    dispatchTo: reader.names("plugin names", fields.dispatchTo ?? fields.pluginNames),
    meta: reader.plainRecord("meta", fields.meta),
    isFinal: reader.boolean("isFinal", fields.isFinal) ?? false,
    payloadMeta: reader.metaChange(fields.payloadMeta),
    ...readAnnotations(reader, fields),
    problems: reader.problems,
    problemCount: reader.problemCount,
    limitErrors: reader.limitErrors(),
  };
}

/** What a plugin says of its configuration, checked. */
export type CheckAnswer = Pick<Answer, "failures" | "problems"> & { readonly facts: readonly string[] };

/** Reads the answer to a check. */
export function readCheck(value: unknown, limitBytes: number): CheckAnswer {
  const reader = new ValueReader(limitBytes);
  const fields = value === undefined || value === null ? {} : reader.record("the answer", value);
  return {
    facts: reader.list("facts", fields.facts, (where, item) => reader.text(where, item)),
    failures: [...reader.failures(fields.errors), ...reader.limitErrors()],
    problems: reader.problems,
  };
}
