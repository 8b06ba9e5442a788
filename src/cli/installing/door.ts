/**
 * The plugin API as a stored plugin gets it: this program's own sources of `define.ts` and the kit, from any
 * address of stoQ that the plugin named.
 *
 * A plugin's thread may read its own folder and nothing of ours, so the files are in the plugin's folder.
 *
 * @module
 */

import blindSpots from "../../core/contract/blind_spots.ts" with { type: "text" };
import contract from "../../core/contract/contract.ts" with { type: "text" };
import findings from "../../core/contract/findings.ts" with { type: "text" };
import indicators from "../../core/contract/indicators.ts" with { type: "text" };
import jsonText from "../../core/contract/json_text.ts" with { type: "text" };
import jsonWriter from "../../core/contract/json_writer.ts" with { type: "text" };
import passwords from "../../core/contract/passwords.ts" with { type: "text" };
import plain from "../../core/contract/plain.ts" with { type: "text" };
import pluginError from "../../core/contract/plugin_error.ts" with { type: "text" };
import printable from "../../core/contract/printable.ts" with { type: "text" };
import rawName from "../../core/contract/raw_name.ts" with { type: "text" };
import serialize from "../../core/contract/serialize.ts" with { type: "text" };
import define from "../../plugin/define.ts" with { type: "text" };
import kitClock from "../../plugin/kit/clock.ts" with { type: "text" };
import kit from "../../plugin/kit/mod.ts" with { type: "text" };
import kitOpenedFile from "../../plugin/kit/opened_file.ts" with { type: "text" };
import kitOutputFolder from "../../plugin/kit/output_folder.ts" with { type: "text" };
import kitOutputGuard from "../../plugin/kit/output_guard.ts" with { type: "text" };
import kitPace from "../../plugin/kit/pace.ts" with { type: "text" };
import kitPath from "../../plugin/kit/path.ts" with { type: "text" };
import kitPrintable from "../../plugin/kit/printable.ts" with { type: "text" };
import kitPrinter from "../../plugin/kit/printer.ts" with { type: "text" };
import kitRawStorage from "../../plugin/kit/raw_storage.ts" with { type: "text" };
import kitRegularFile from "../../plugin/kit/regular_file.ts" with { type: "text" };
import kitRetryQueue from "../../plugin/kit/retry_queue.ts" with { type: "text" };
import kitSafeName from "../../plugin/kit/safe_name.ts" with { type: "text" };
import kitSharedCalls from "../../plugin/kit/shared_calls.ts" with { type: "text" };
import kitSkippedFile from "../../plugin/kit/skipped_file.ts" with { type: "text" };
import kitStorage from "../../plugin/kit/storage.ts" with { type: "text" };
import kitSystemError from "../../plugin/kit/system_error.ts" with { type: "text" };
import kitSystemStorage from "../../plugin/kit/system_storage.ts" with { type: "text" };
import { OUR_FOLDER } from "./layout.ts";

const FOLDER = `${OUR_FOLDER}/door`;

/** Path of `define.ts` in a plugin's folder. */
export const DOOR_PATH = `${FOLDER}/plugin/define.ts`;

/** The plugin API and what it imports: path in a plugin's folder → source. */
export const DOOR_FILES: Readonly<Record<string, string>> = {
  [DOOR_PATH]: define as unknown as string,
  [`${FOLDER}/core/contract/blind_spots.ts`]: blindSpots as unknown as string,
  [`${FOLDER}/core/contract/contract.ts`]: contract as unknown as string,
  [`${FOLDER}/core/contract/findings.ts`]: findings as unknown as string,
  [`${FOLDER}/core/contract/indicators.ts`]: indicators as unknown as string,
  [`${FOLDER}/core/contract/json_text.ts`]: jsonText as unknown as string,
  [`${FOLDER}/core/contract/json_writer.ts`]: jsonWriter as unknown as string,
  [`${FOLDER}/core/contract/passwords.ts`]: passwords as unknown as string,
  [`${FOLDER}/core/contract/plain.ts`]: plain as unknown as string,
  [`${FOLDER}/core/contract/plugin_error.ts`]: pluginError as unknown as string,
  [`${FOLDER}/core/contract/printable.ts`]: printable as unknown as string,
  [`${FOLDER}/core/contract/raw_name.ts`]: rawName as unknown as string,
  [`${FOLDER}/core/contract/serialize.ts`]: serialize as unknown as string,
  [`${FOLDER}/plugin/kit/clock.ts`]: kitClock as unknown as string,
  [`${FOLDER}/plugin/kit/mod.ts`]: kit as unknown as string,
  [`${FOLDER}/plugin/kit/opened_file.ts`]: kitOpenedFile as unknown as string,
  [`${FOLDER}/plugin/kit/output_folder.ts`]: kitOutputFolder as unknown as string,
  [`${FOLDER}/plugin/kit/output_guard.ts`]: kitOutputGuard as unknown as string,
  [`${FOLDER}/plugin/kit/pace.ts`]: kitPace as unknown as string,
  [`${FOLDER}/plugin/kit/path.ts`]: kitPath as unknown as string,
  [`${FOLDER}/plugin/kit/printable.ts`]: kitPrintable as unknown as string,
  [`${FOLDER}/plugin/kit/printer.ts`]: kitPrinter as unknown as string,
  [`${FOLDER}/plugin/kit/raw_storage.ts`]: kitRawStorage as unknown as string,
  [`${FOLDER}/plugin/kit/regular_file.ts`]: kitRegularFile as unknown as string,
  [`${FOLDER}/plugin/kit/retry_queue.ts`]: kitRetryQueue as unknown as string,
  [`${FOLDER}/plugin/kit/safe_name.ts`]: kitSafeName as unknown as string,
  [`${FOLDER}/plugin/kit/shared_calls.ts`]: kitSharedCalls as unknown as string,
  [`${FOLDER}/plugin/kit/skipped_file.ts`]: kitSkippedFile as unknown as string,
  [`${FOLDER}/plugin/kit/storage.ts`]: kitStorage as unknown as string,
  [`${FOLDER}/plugin/kit/system_error.ts`]: kitSystemError as unknown as string,
  [`${FOLDER}/plugin/kit/system_storage.ts`]: kitSystemStorage as unknown as string,
};

/** Returns the path in {@linkcode DOOR_FILES} that an address of any version of stoQ stands for; `undefined` for other addresses. */
export function doorPathOf(url: URL): string | undefined {
  const path = /\/src\/(plugin\/(?:define|kit\/[a-z_]+)\.ts)$/.exec(url.pathname)?.[1];
  if (path === undefined) return undefined;
  return Object.hasOwn(DOOR_FILES, `${FOLDER}/${path}`) ? `${FOLDER}/${path}` : undefined;
}
