/**
 * How the engine tells a program's traces and metrics what it does: one interface, behind which nobody may stand.
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

/** What an engine tells while it works. Nothing here fails, and nothing changes what is done. */
export interface Telemetry {
  /** The plugin host, with a span around each call, and one around the calls of each round. */
  readonly host: PluginHost;
  /** Runs a request within a span of its own, inside whatever the program has under way. */
  request(scan: () => Promise<StoqResponse>): Promise<StoqResponse>;
  /** Counts a call once its outcome is applied. */
  countCall(call: CountedCall): void;
  /** Counts what happens in a run outside of its requests. */
  countEvent(event: RunEvent): void;
}
