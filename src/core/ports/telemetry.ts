/**
 * The interface of traces and metrics.
 *
 * @module
 */

import type { Role, StoqResponse } from "../contract/contract.ts";
import type { StoqError } from "../contract/errors.ts";
import type { PluginHost } from "./plugin_host.ts";
import type { RunEvent } from "./run_event.ts";

/** A call of a plugin that a response, or a run, takes account of. */
export interface CountedCall {
  readonly plugin: string;
  readonly role: Role;
  /** Time that the plugin took, without loading it and without waiting for its turn. */
  readonly durationMs: number;
  readonly failure?: StoqError;
}

/** Receives what a scan does. Its methods never fail and have no effect on the scan. */
export interface Telemetry {
  /** The plugin host, with a span around each call, and one around the calls of each round. */
  readonly host: PluginHost;
  /** Runs a request within a span of its own, below the program's current span. */
  request(scan: () => Promise<StoqResponse>): Promise<StoqResponse>;
  /** Counts a call once its outcome is applied. */
  countCall(call: CountedCall): void;
  /** Counts what happens in a run outside of its requests. */
  countEvent(event: RunEvent): void;
}
