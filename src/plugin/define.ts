/**
 * The plugin API. Plugins may also import `src/plugin/kit` and the entry points of `src/formats`.
 *
 * ```ts
 * import { definePlugin } from "./define.ts";
 *
 * export default definePlugin<{ word: string }>((options) => ({
 *   scan(payload) {
 *     const text = new TextDecoder().decode(payload.content);
 *     return { results: { found: text.includes(options.word) } };
 *   },
 * }));
 * ```
 *
 * @module
 */

import type { PluginFactory } from "../core/contract/contract.ts";

export type {
  ArchiverResponse,
  CheckResponse,
  DecoratorResponse,
  Delivery,
  DeliveryItem,
  DeliveryOutcome,
  DispatcherResponse,
  DuplicateRecord,
  ErrorRecord,
  Explanation,
  ExtractionBudget,
  Logger,
  MaybePromise,
  PayloadInput,
  PayloadMeta,
  PayloadMetaChange,
  PayloadResults,
  PayloadView,
  Plugin,
  PluginContext,
  PluginFactory,
  PluginFailure,
  RequestInput,
  RequestMeta,
  RequestView,
  ResponseWriter,
  ResumeRequest,
  Role,
  SerializeOptions,
  SkippedItem,
  StoqResponse,
  WorkerResponse,
} from "../core/contract/contract.ts";
export type { BlindSpot, ReportedBlindSpot, ResponseSummary } from "../core/contract/blind_spots.ts";
export { compareSeverities, SEVERITIES } from "../core/contract/findings.ts";
export type { Finding, ReportedFinding, Severity, SeverityCounts } from "../core/contract/findings.ts";
export type { Indicator, INDICATOR_KINDS, IndicatorKind } from "../core/contract/indicators.ts";
export type { PasswordCandidate } from "../core/contract/passwords.ts";
export type { Plain, PlainRecord } from "../core/contract/plain.ts";
export type { RawEntry, RawFile, RawFiles, RawInfo } from "../core/contract/raw_files.ts";
export { ROLES } from "../core/contract/contract.ts";
export { summarize } from "../core/contract/summary.ts";
export { PluginError } from "../core/contract/plugin_error.ts";
export { quote } from "../core/contract/printable.ts";
export { createResponseWriter, serializeChunks, serializeResponse } from "../core/contract/serialize.ts";

/**
 * Gives a plugin its types; what it returns is the function that it was given, so a plugin may do without.
 *
 * @typeParam Options the plugin's options as its manifest declares them, names in camelCase
 */
export function definePlugin<Options = Record<never, never>>(
  factory: PluginFactory<Options>,
): PluginFactory<Options> {
  return factory;
}
