/**
 * `--update`: writes the actual results of cases into their expectations.
 *
 * @module
 */

import type { Role } from "../../core/contract/contract.ts";
import { isPlainRecord, type Plain, type PlainRecord } from "../../core/contract/plain.ts";
import { EXPECTED_OF_ROLE, isMatcher } from "../../plugin/case.ts";
import { fieldOf, matches } from "./difference.ts";

/** What is recorded of a payload or file where its author has not chosen. */
const RECORDED = ["path", "filename", "size", "sha256", "task"];

/** What holds payloads and files. */
const OF_PAYLOADS = ["extracted", "deliveries", "files", "payload"];

/** Returns the text of a file of cases with new expectations, which are given by the names of the cases. */
export function renderCases(text: string, expectations: ReadonlyMap<string, PlainRecord>): string {
  const document = JSON.parse(text) as { cases: { name: string; expect?: PlainRecord }[] };
  for (const described of document.cases) {
    described.expect = expectations.get(described.name) ?? described.expect;
  }
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Returns the expectation that a case meets now. Its author's choice of fields and comparisons stays; a case without one expects the
 * whole result, of payloads their names, sizes and digests.
 */
export function refreshExpectation(
  role: Role,
  expect: PlainRecord | undefined,
  actual: PlainRecord,
): PlainRecord {
  const errors = Array.isArray(actual.errors)
    ? actual.errors.map((error) => (error as PlainRecord).code!)
    : [];
  if (expect === undefined) return record(role, actual, errors);
  const kept = Object.entries(expect).map(([field, expected]) => {
    if (field === "errors") return [field, refreshErrors(expected!, actual)] as const;
    const value = fieldOf(actual, field);
    // A list that was empty does not show which fields its author would choose.
    const isNew = OF_PAYLOADS.includes(field) && Array.isArray(expected) && expected.length === 0 &&
      Array.isArray(value);
    return [field, isNew ? summaryOf(value) : refresh(expected!, value)] as const;
  });
  const unexpected = expect.errors === undefined && errors.length > 0 ? { errors } : {};
  return { ...Object.fromEntries(kept), ...unexpected };
}

function record(role: Role, actual: PlainRecord, errors: readonly Plain[]): PlainRecord {
  const recorded: Record<string, Plain> = {};
  for (const field of EXPECTED_OF_ROLE[role]) {
    const value = fieldOf(actual, field);
    if (value === undefined || isEmpty(value)) continue;
    recorded[field] = OF_PAYLOADS.includes(field) ? summaryOf(value) : value;
  }
  if (errors.length > 0) recorded.errors = errors;
  // Nothing is an answer, too.
  if (Object.keys(recorded).length === 0) recorded[EXPECTED_OF_ROLE[role][0]!] = ifNothing(role, actual);
  return recorded;
}

function ifNothing(role: Role, actual: PlainRecord): Plain {
  return fieldOf(actual, EXPECTED_OF_ROLE[role][0]!) ?? { $absent: true };
}

function isEmpty(value: Plain): boolean {
  return Array.isArray(value) ? value.length === 0 : isPlainRecord(value) && Object.keys(value).length === 0;
}

function summaryOf(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(summaryOf);
  if (!isPlainRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([field]) => RECORDED.includes(field)));
}

/** An error stays written as its code alone where it was. */
function refreshErrors(expected: Plain, actual: PlainRecord): Plain {
  if (!Array.isArray(expected) || !Array.isArray(actual.errors)) return expected;
  return actual.errors.map((error, index) => {
    const before = expected[index];
    return isPlainRecord(before) ? refresh(before, error) : (error as PlainRecord).code!;
  });
}

function refresh(expected: Plain, actual: Plain | undefined): Plain {
  if (isMatcher(expected)) return expected;
  if (matches(expected, actual)) return expected;
  if (actual === undefined) return { $absent: true };
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const pattern = expected.at(-1);
    return actual.map((item, index) => refreshItem(expected[index] ?? pattern, item));
  }
  if (!isPlainRecord(expected) || !isPlainRecord(actual)) return actual;
  const fields = Object.entries(expected).map((
    [field, value],
  ) => [field, refresh(value!, fieldOf(actual, field))]);
  return Object.fromEntries(fields);
}

/** An item that is new shows the fields that the others show. */
function refreshItem(pattern: Plain | undefined, item: Plain): Plain {
  return pattern === undefined ? item : refresh(pattern, item);
}
