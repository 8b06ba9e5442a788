/**
 * What a plugin's case can expect. `cases.json` in the plugin's folder holds the cases.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import type { Plain } from "../core/contract/plain.ts";

/** Fields of an expectation by role, in addition to `errors`. */
export const EXPECTED_OF_ROLE: Readonly<Record<Role, readonly string[]>> = {
  "worker": [
    "results",
    "extracted",
    "dispatch",
    "payload_meta",
    "media_type",
    "findings",
    "indicators",
    "passwords",
    "blind_spots",
    "resume",
  ],
  "dispatcher": ["dispatch", "meta", "payload_meta"],
  "deep-dispatcher": ["dispatch", "meta", "payload_meta"],
  "provider": ["deliveries", "files"],
  "source-archiver": ["payload"],
  "dest-archiver": ["results", "files"],
  "decorator": ["results"],
  "connector": ["files"],
};

/** Roles that read or write files, so that each of their cases has a temporary folder. */
export const FILE_ROLES: readonly Role[] = ["provider", "source-archiver", "dest-archiver", "connector"];

/** Names of the comparisons. */
export const MATCHERS = ["$contains", "$includes", "$absent"] as const;

/** The comparisons that an expectation can ask for instead of equality. */
export type Matcher =
  | { readonly $contains: string | readonly string[] }
  | { readonly $includes: readonly Plain[] }
  | { readonly $absent: true };

/** Whether an expected value is a comparison. */
export function isMatcher(expected: unknown): expected is Matcher {
  return typeof expected === "object" && expected !== null && !Array.isArray(expected) &&
    Object.keys(expected).some((key) => key.startsWith("$"));
}
