/**
 * stoQ takes a file apart and reports what is in it.
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
export type { RunSetup, RunSummary } from "./src/core/run/run.ts";
export type { RunEvent } from "./src/core/ports/run_event.ts";
export type { StoqOptions } from "./src/config/stoq_options.ts";
export { ConfigurationError, StoqError } from "./src/core/contract/errors.ts";
export type { FindingDeclaration } from "./src/core/contract/findings.ts";
export type { ScanOptions } from "./src/core/scan/environment.ts";
export { splitResponse } from "./src/core/contract/subresponses.ts";
export type { Manifest, OptionDeclaration, PermissionRequest } from "./src/plugin/manifest.ts";
export type { OptionType } from "./src/plugin/option_value.ts";
export * from "./src/plugin/define.ts";
