/**
 * Where passwords come from.
 *
 * @module
 */

import type { Plain, PlainRecord } from "../../src/plugin/define.ts";

/** Key of extra_data, of a payload or a request, under which a sender gives passwords. */
export const PASSWORDS_KEY = "passwords";

/** The passwords in extra_data: a list of strings, or one string; anything else is none. */
export function passwordsIn(extraData: PlainRecord): readonly string[] {
  const given: Plain | undefined = extraData[PASSWORDS_KEY];
  if (typeof given === "string") return [given];
  return Array.isArray(given) ? given.filter((password) => typeof password === "string") : [];
}

/** The passwords to try: the payload's own, the request's, the configured. */
export function gatherPasswords(
  ofPayload: PlainRecord,
  ofRequest: PlainRecord,
  configured: readonly string[],
): readonly string[] {
  return [...passwordsIn(ofPayload), ...passwordsIn(ofRequest), ...configured];
}
