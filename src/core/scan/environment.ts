/**
 * What a scan needs from outside: the plugin host, the clock, limits and the plugins that were selected.
 *
 * @module
 */

import type { MaybePromise } from "../contract/contract.ts";
import type { FormatTable } from "../contract/formats.ts";
import type { Limits } from "../contract/limits.ts";
import type { EngineLog } from "../ports/log.ts";
import type { Clock, PluginHost } from "../ports/plugin_host.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Names of plugins by what they are used for. */
export interface PluginSelection {
  readonly alwaysDispatch: readonly string[];
  readonly dispatchers: readonly string[];
  readonly deepDispatchers: readonly string[];
  readonly destArchivers: readonly string[];
  readonly decorators: readonly string[];
  readonly connectors: readonly string[];
}

/** Everything that a scan uses from outside. */
export interface ScanEnvironment {
  readonly host: PluginHost;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly newId: () => string;
  /** Lower-case hexadecimal. */
  readonly sha256: (content: Uint8Array) => MaybePromise<string>;
  readonly limits: Limits;
  readonly selection: PluginSelection;
  /** For what the summary says of payloads that no worker parsed. */
  readonly formats: FormatTable;
  readonly stoqVersion: string;
  readonly isExplaining: boolean;
  /** Receives spans and counts; absent when telemetry is off. */
  readonly telemetry?: Telemetry;
}

/** What concerns one scan alone. */
export interface ScanOptions {
  /** Workers for the payloads of the initial request. */
  readonly startDispatch?: readonly string[];
  /** Workers for the first deep pass of the payloads of the initial request. */
  readonly startDeepDispatch?: readonly string[];
  /** Candidates for encrypted payloads, tried before all others. */
  readonly passwords?: readonly string[];
  /** Cancels the scan: the promise rejects with the signal's reason, until the connectors have begun to save. */
  readonly signal?: AbortSignal;
}
