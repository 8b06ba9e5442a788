/**
 * Passwords to try, and how the one that fitted is named in results.
 *
 * @module
 */

import type { PasswordCandidate, Plain, PlainRecord } from "../../src/plugin/define.ts";

/** Key of extra_data, of a payload, under which a sender gives passwords. */
export const PASSWORDS_KEY = "passwords";

/** Returns the passwords in extra_data: a list of strings, or one string; anything else is none. */
export function passwordsIn(extraData: PlainRecord): readonly string[] {
  const given: Plain | undefined = extraData[PASSWORDS_KEY];
  if (typeof given === "string") return [given];
  return Array.isArray(given) ? given.filter((password) => typeof password === "string") : [];
}

/** Returns the candidates to try, each value once: those of the request, of the payload's extra_data, of the option. */
export function gatherCandidates(
  ofRequest: readonly PasswordCandidate[],
  ofPayload: PlainRecord,
  configured: readonly string[],
): readonly PasswordCandidate[] {
  const candidates = [
    ...ofRequest,
    ...passwordsIn(ofPayload).map((value) => ({ value, origin: "extra_data of the payload" })),
    ...configured.map((value) => ({ value, origin: "option passwords" })),
  ];
  const unique = new Map<string, PasswordCandidate>();
  for (const candidate of candidates) {
    if (!unique.has(candidate.value)) unique.set(candidate.value, candidate);
  }
  return [...unique.values()];
}

/** Returns the record of a password that fitted; one of the user's is named by its index, never by its text. */
export function fittingRecord(value: string, candidates: readonly PasswordCandidate[]): PlainRecord {
  const candidate = candidates.find((candidate) => candidate.value === value);
  if (candidate === undefined) return { value, origin: "unknown" };
  const { origin, index } = candidate;
  return index === undefined ? { value, origin } : { origin, index };
}
