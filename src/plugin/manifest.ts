/**
 * A plugin's manifest as data, and the types of its options.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import type { FindingDeclaration } from "../core/contract/findings.ts";

/** Versions of the plugin API that this stoQ speaks: the manifest's `api`. */
export const API_VERSIONS: readonly number[] = [1, 2];

/**
 * Types that an option can have. In `stoq.cfg` a `list` is separated by commas; a `path` is made absolute,
 * relative to the file that names it or else to the working folder; `bytes` takes units of 10^3 (`50 MB`).
 */
export const OPTION_TYPES = [
  "string",
  "integer",
  "number",
  "boolean",
  "bytes",
  "list",
  "path",
  "path-list",
  "json",
] as const;

/** Type of an option. */
export type OptionType = (typeof OPTION_TYPES)[number];

/** What a manifest says of one option. */
export interface OptionDeclaration {
  /** Type of its value. */
  readonly type: OptionType;
  /** Absent: the plugin sees `undefined` until somebody sets it. */
  readonly default?: unknown;
  /** Unit of a number: `s`, `ms`, … */
  readonly unit?: string;
  /** One line. */
  readonly doc: string;
  /** The only strings allowed. */
  readonly choices?: readonly string[];
  /** Smallest number. */
  readonly minimum?: number;
  /** Largest number. */
  readonly maximum?: number;
  /** Roles that the plugin can't play without it; a run that uses the plugin so does not start. */
  readonly required_for?: readonly Role[];
}

/** Kinds of permissions, as in Deno's flags. */
export const PERMISSIONS = [
  "net",
  "read",
  "write",
  "env",
  "run",
  "sys",
  "ffi",
] as const satisfies readonly (keyof PermissionRequest)[];

/**
 * Permissions that a plugin asks, as in Deno's flags; `${option}` stands for an option's value, `${option?other}` does so
 * only where the other option is set.
 */
export interface PermissionRequest {
  /** Hosts, with or without port. */
  readonly net?: readonly string[];
  /** Paths that are read. */
  readonly read?: readonly string[];
  /** Paths that are written. */
  readonly write?: readonly string[];
  /** Environment variables. */
  readonly env?: readonly string[];
  /** Programs. */
  readonly run?: readonly string[];
  /** System information. */
  readonly sys?: readonly string[];
  /** Native libraries. */
  readonly ffi?: readonly string[];
}

/** What a plugin can ask to see beside the payload: `family`, the content of parents and siblings; `request`, all results so far. */
export const NEEDS = ["family", "request"] as const;

/** The content of `manifest.json`. */
export interface Manifest {
  /** The name by which configuration, rules and other plugins call it. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** One line. */
  readonly description: string;
  /** What it can be. */
  readonly roles: readonly Role[];
  /** Version of the plugin API, one of {@linkcode API_VERSIONS}. 2 adds `findings`, `summary` and `needs`. */
  readonly api: number;
  /** Name in snake_case → declaration; the plugin sees the name in camelCase. */
  readonly options?: Readonly<Record<string, OptionDeclaration>>;
  /** What it asks for beyond computing. */
  readonly permissions?: PermissionRequest;
  /** Workers that must have run on a payload before this one. */
  readonly requires?: readonly string[];
  /**
   * Absent: it reads payloads as data of some format. `false`: it takes them as bytes without meaning, each once, so that
   * nothing in them can keep it busy or make it do anything else. Believed of shipped plugins alone.
   */
  readonly interprets_payloads?: false;
  /**
   * Role → paths of files and folders that it writes in this role, with placeholders as in permissions. Providers deliver
   * nothing from there.
   */
  readonly outputs?: Readonly<Partial<Record<Role, readonly string[]>>>;
  /**
   * Of a provider: whether it removes, moves or acknowledges what it delivered once that is kept; `true`, or the option and its
   * values that make it do so. A run that keeps nothing refuses it.
   */
  readonly acknowledges?: true | Readonly<Record<string, readonly string[]>>;
  /** Of a connector: it prints to standard output, which keeps nothing where that is a terminal. */
  readonly prints?: true;
  /**
   * Of a connector: how many bytes of compact JSON its store takes at once, at least 10,000. A larger response is saved as a document
   * for each payload, and one that is still too large is cut.
   */
  readonly max_response_bytes?: number;
  /** Media types of payloads that the worker parses. */
  readonly media_types?: readonly string[];
  /** Code in kebab-case → what the finding means. A worker may report no other code. */
  readonly findings?: Readonly<Record<string, FindingDeclaration>>;
  /** Keys of the worker's results that reports show first. */
  readonly summary?: readonly string[];
  /** What the plugin is given beside the payload. */
  readonly needs?: readonly (typeof NEEDS)[number][];
  /** Specifications and sources. */
  readonly references?: readonly string[];
  /** What it does not do. */
  readonly limitations?: readonly string[];
}
