/**
 * stoQ takes a file apart and says what is in it.
 *
 * ```ts
 * import { serializeResponse, Stoq } from "./mod.ts";
 *
 * await using stoq = new Stoq({ alwaysDispatch: ["hash"] });
 * const response = await stoq.scan("The quick brown fox", {
 *   payloadMeta: { extraData: { filename: "fox.txt" } },
 * });
 * console.log(response.results[0]?.workers.hash);
 * console.log(serializeResponse(response, { compactly: true }));
 * ```
 *
 * @module
 */

export { Stoq } from "./src/stoq.ts";
export type { StoqRunOptions, StoqScanOptions } from "./src/stoq.ts";
export type { RunEvent, RunSetup, RunSummary } from "./src/core/run.ts";
export type { StoqOptions } from "./src/config/stoq_options.ts";
export { ConfigurationError, StoqError } from "./src/core/errors.ts";
export type { ScanOptions } from "./src/core/engine.ts";
export { splitResponse } from "./src/core/subresponses.ts";
export type {
  Manifest,
  OPTION_TYPES,
  OptionDeclaration,
  OptionType,
  PermissionRequest,
} from "./src/plugin/manifest.ts";
export * from "./src/plugin/define.ts";
