/**
 * Reads what a worker says of a payload beside its results: type, findings, indicators, passwords, blind spots, and the wish to be
 * called again.
 *
 * @module
 */

import type { ResumeRequest } from "../contract/contract.ts";
import type { ReportedBlindSpot } from "../contract/blind_spots.ts";
import { type ReportedFinding, SEVERITIES, type Severity } from "../contract/findings.ts";
import { type Indicator, INDICATOR_KINDS, type IndicatorKind } from "../contract/indicators.ts";
import { MAX_PASSWORD_CHARS, MAX_PASSWORDS, type PasswordCandidate } from "../contract/passwords.ts";
import type { ValueReader } from "./value_reader.ts";

/** Findings that one answer may report. */
export const MAX_FINDINGS = 1_000;

/** Indicators that one answer may report. */
export const MAX_INDICATORS = 1_000;

/** Blind spots that one answer may report. */
export const MAX_BLIND_SPOTS = 100;

/** Longest title, detail or context, in characters; what is longer is cut. */
const MAX_PHRASE_CHARS = 500;

/** Longest value of an indicator, in characters: more than any URL that a program accepts. */
const MAX_INDICATOR_CHARS = 10_000;

const MAX_MEDIA_TYPE_CHARS = 255;

/** RFC 6838, section 4.2. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;

/** What {@linkcode readAnnotations} reads. */
export interface Annotations {
  readonly mediaType: string | undefined;
  readonly findings: readonly ReportedFinding[];
  readonly indicators: readonly Indicator[];
  readonly passwords: readonly PasswordCandidate[];
  readonly blindSpots: readonly ReportedBlindSpot[];
  readonly resume: ResumeRequest | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields of an answer. */
export function readAnnotations(reader: ValueReader, fields: Fields): Annotations {
  const { findings, indicators, passwords, blindSpots, mediaType, resume } = fields;
  return {
    mediaType: readMediaType(reader, mediaType),
    findings: reader.listOfRecords("findings", findings, MAX_FINDINGS, readFinding),
    indicators: reader.listOfRecords("indicators", indicators, MAX_INDICATORS, readIndicator),
    passwords: reader.listOfRecords("passwords", passwords, MAX_PASSWORDS, readPassword),
    blindSpots: reader.listOfRecords("blindSpots", blindSpots, MAX_BLIND_SPOTS, readBlindSpot),
    resume: resume === undefined || resume === null ? undefined : readResume(reader, resume),
  };
}

function readMediaType(reader: ValueReader, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = reader.text("mediaType", value);
  if (text === undefined) return undefined;
  const type = text.slice(0, MAX_MEDIA_TYPE_CHARS + 1).toLowerCase();
  if (type.length <= MAX_MEDIA_TYPE_CHARS && MEDIA_TYPE.test(type)) return type;
  reader.note("mediaType must be a type and a subtype, such as text/plain");
}

function readFinding(reader: ValueReader, where: string, fields: Fields): ReportedFinding | undefined {
  const code = reader.code(`${where}.code`, fields.code);
  if (code === undefined) return undefined;
  return {
    code,
    ...optional("detail", reader.phrase(`${where}.detail`, fields.detail, MAX_PHRASE_CHARS)),
    ...optional("offset", reader.offset(`${where}.offset`, fields.offset)),
    ...optional("title", reader.phrase(`${where}.title`, fields.title, MAX_PHRASE_CHARS)),
    ...optional("severity", oneOf<Severity>(reader, `${where}.severity`, fields.severity, SEVERITIES)),
  };
}

function readIndicator(reader: ValueReader, where: string, fields: Fields): Indicator | undefined {
  const { kind: givenKind, value } = fields;
  const kind = oneOf<IndicatorKind>(reader, `${where}.kind`, givenKind ?? "", INDICATOR_KINDS);
  if (kind === undefined) return undefined;
  if (typeof value !== "string" || value === "") return reader.refuse(`${where}.value`, value, "text");
  // Half of an address is no address.
  if (value.length > MAX_INDICATOR_CHARS) {
    reader.note(`${where}.value must have at most ${MAX_INDICATOR_CHARS} characters, got ${value.length}`);
    return undefined;
  }
  return {
    kind,
    value,
    ...optional("raw", reader.phrase(`${where}.raw`, fields.raw, MAX_INDICATOR_CHARS)),
    ...optional("offset", reader.offset(`${where}.offset`, fields.offset)),
    ...optional("context", reader.phrase(`${where}.context`, fields.context, MAX_PHRASE_CHARS)),
  };
}

function readPassword(reader: ValueReader, where: string, fields: Fields): PasswordCandidate | undefined {
  const { value } = fields;
  if (typeof value !== "string") return reader.refuse(`${where}.value`, value, "text");
  // Text that long is no password, but what a worker took for one.
  if (value === "" || value.length > MAX_PASSWORD_CHARS) return undefined;
  return { value, origin: reader.phrase(`${where}.origin`, fields.origin, MAX_PHRASE_CHARS) ?? "unknown" };
}

function readBlindSpot(reader: ValueReader, where: string, fields: Fields): ReportedBlindSpot | undefined {
  const code = reader.code(`${where}.code`, fields.code);
  if (code === undefined) return undefined;
  return { code, ...optional("detail", reader.phrase(`${where}.detail`, fields.detail, MAX_PHRASE_CHARS)) };
}

function readResume(reader: ValueReader, value: unknown): ResumeRequest | undefined {
  const { afterMs, state } = reader.record("resume", value);
  if (typeof afterMs !== "number" || !(afterMs >= 0)) {
    reader.note("resume.afterMs must be a number of milliseconds, at least 0");
    return undefined;
  }
  return { afterMs, state: reader.plain("resume.state", state) ?? null };
}

function oneOf<T extends string>(
  reader: ValueReader,
  where: string,
  value: unknown,
  words: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const word = words.find((word) => word === value);
  if (word === undefined) reader.note(`${where} must be one of ${words.join(", ")}`);
  return word;
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]?: T };
}
