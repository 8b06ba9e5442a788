/**
 * The interface through which a scan calls plugins.
 *
 * @module
 */

import type { Delivery, PayloadView, RequestView, Role, StoqResponse } from "../contract/contract.ts";
import type { FindingDeclaration } from "../contract/findings.ts";
import type { StoqError } from "../contract/errors.ts";
import type { PlainRecord } from "../contract/plain.ts";

/** What is known of a plugin without running its code. */
export interface PluginFacts {
  readonly name: string;
  readonly version: string;
  readonly roles: readonly Role[];
  /** Workers that must have run before it. */
  readonly requires: readonly string[];
  /** Code → the finding that it declares. */
  readonly findings?: Readonly<Record<string, FindingDeclaration>>;
  /** What it reads beside its payload: `request`, the results of others; `family`, the bytes of parents and siblings. */
  readonly needs?: readonly string[];
  /** Of a connector: how many bytes of compact JSON it can save at once; absent where there is no limit. */
  readonly maxResponseBytes?: number;
}

/** A call of a plugin in one of its roles; the arguments are those of the role's method. */
export type PluginCall =
  | {
    readonly role: "worker" | "dispatcher" | "deep-dispatcher";
    readonly payload: PayloadView;
    readonly request: RequestView;
    /** Round of the request for which it is made, from 1; absent outside of rounds. */
    readonly round?: number;
  }
  | { readonly role: "dest-archiver"; readonly payload: PayloadView; readonly request: RequestView }
  | { readonly role: "source-archiver"; readonly task: PlainRecord }
  | { readonly role: "decorator"; readonly response: StoqResponse }
  | { readonly role: "connector"; readonly response: StoqResponse };

/** A call of the method that examines what the plugin was configured with; a plugin without it answers nothing. */
export interface PluginCheckCall {
  readonly role: "check";
}

/** Any call that a host can make. */
export type AnyCall = PluginCall | PluginCheckCall;

/** Runs plugins, loading each at its first call. */
export interface PluginHost {
  /** Facts about a plugin, or `undefined` for an unknown name. */
  find(name: string): PluginFacts | undefined;
  /** The known name that looks most like this one, for error messages. */
  nearest(name: string): string | undefined;
  /** Starts a provider's stream, which throws what the provider throws, or a `StoqError` of the host. */
  ingest(name: string, signal: AbortSignal): AsyncIterable<Delivery>;
  /**
   * Calls a plugin; never rejects. `signal` ends the wait with its reason as failure.
   *
   * `request.errors` and `request.results` are getters, to be read for a plugin that reads them and for no other: reading them makes
   * a snapshot of all payloads.
   */
  call(name: string, call: AnyCall, signal: AbortSignal): Promise<PluginAnswer>;
}

/** How a call went. */
export interface PluginAnswer {
  /** What the plugin answered, unchecked; `undefined` when the call failed. */
  readonly value?: unknown;
  /** Why the call failed: the value that was thrown, or a `StoqError` of the host such as `plugin-load-failed` or `plugin-timeout`. */
  readonly thrown?: { readonly reason: unknown };
  /** Failures that `value` may report, where the host added its own to those of the plugin; absent: what a plugin may. */
  readonly mostFailures?: number;
  /** What the host reports, such as refused permissions. */
  readonly failures?: readonly StoqError[];
  /** Time that the plugin took, without loading it and without waiting for its turn. */
  readonly durationMs: number;
}

/** A signal that is never aborted. */
export const NEVER: AbortSignal = new AbortController().signal;

/** Time, as the engine is given it. */
export interface Clock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Wall clock. */
  date(): Date;
  /** Calls back once after `ms` milliseconds unless the returned function is called before; after `Infinity` never. */
  after(ms: number, callback: () => void): () => void;
}
