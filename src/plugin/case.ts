/**
 * A plugin's case as data: what the plugin is called with, and what it must answer. `cases.json` in the plugin's folder holds them.
 *
 * @module
 */

import type { PayloadMeta, RequestMeta, Role } from "../core/contract/contract.ts";
import type { Plain, PlainRecord } from "../core/contract/plain.ts";

/** Bytes of a case: in the case itself, or in a file of the plugin's `testdata`. */
export type CaseContent =
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly file: string }
  | { readonly base64File: string };

/** One case. In texts of `options` and `task`, `${tmp}` stands for the case's own temporary folder, `${plugin}` for the plugin's. */
export interface PluginCase {
  /** Says what the case shows; no two cases of a plugin share one. */
  readonly name: string;
  /** The role that is called. */
  readonly role: Role;
  /** The payload; of a decorator or connector the one that its response is about. */
  readonly input: CaseContent | undefined;
  readonly payloadMeta: Partial<PayloadMeta>;
  /** Results of workers that ran before. */
  readonly results: PlainRecord;
  /** Dispatcher → what it tells the worker. */
  readonly dispatchMeta: PlainRecord;
  readonly requestMeta: Partial<RequestMeta>;
  /** What a source archiver is asked for. */
  readonly task: PlainRecord;
  /** Options that differ from the manifest's defaults; names in snake_case. */
  readonly options: PlainRecord;
  /** Files of the temporary folder before the call, by their path in it. */
  readonly files: Readonly<Record<string, CaseContent>>;
  /** Deliveries after which a provider is stopped; absent for one that ends by itself. */
  readonly take: number | undefined;
  /** Part of what comes out, in the words of {@linkcode EXPECTED_OF_ROLE}; absent until it was recorded. */
  readonly expect: PlainRecord | undefined;
}

/** What can be expected of each role, beside `errors`. */
export const EXPECTED_OF_ROLE: Readonly<Record<Role, readonly string[]>> = {
  "worker": ["results", "extracted", "dispatch", "payload_meta"],
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

/** The comparisons that an expectation can ask for instead of equality. */
export type Matcher =
  | { readonly $contains: string | readonly string[] }
  | { readonly $includes: readonly Plain[] }
  | { readonly $absent: true };

/** Whether an expected value is a comparison of its own. */
export function isMatcher(expected: unknown): expected is Matcher {
  return typeof expected === "object" && expected !== null && !Array.isArray(expected) &&
    Object.keys(expected).some((key) => key.startsWith("$"));
}
