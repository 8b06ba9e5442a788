/**
 * Finds the cases of a plugin: in the catalogue for a shipped one, in its folder for any other.
 *
 * @module
 */

import { checkCases, MAX_CASE_FILE_BYTES, type PluginCase, readCases } from "../../plugin/case_reader.ts";
import type { Folder } from "../../host/folder.ts";
import type { RegisteredPlugin } from "../../plugin/registry.ts";
import type { Failure } from "./test_report.ts";

/** Name of the file in a plugin's folder. */
export const CASE_FILE = "cases.json";

/** Most problems of one file that are reported. */
const MAX_PROBLEMS = 10;

/** The cases, and what is wrong with their file. */
export interface FoundCases {
  readonly cases: readonly PluginCase[];
  readonly failures: readonly Failure[];
  /** The file as it is; absent for shipped cases and where there is none. */
  readonly text?: string;
}

/** Reads the cases of a plugin; it may have none. */
export async function findCases(plugin: RegisteredPlugin, folder: Folder | undefined): Promise<FoundCases> {
  if (!folder) {
    const shipped = plugin.cases && (await plugin.cases()).default;
    return shipped === undefined ? { cases: [], failures: [] } : found(checkCases(shipped));
  }
  const reading = await folder.read(CASE_FILE, MAX_CASE_FILE_BYTES);
  if (reading === undefined) return { cases: [], failures: [] };
  if ("failure" in reading) return refused([reading.failure]);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(reading.bytes);
    return found(readCases(text), text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refused(["it is not UTF-8"]);
  }
}

function found({ value: cases, problems }: ReturnType<typeof readCases>, text?: string): FoundCases {
  return cases ? { cases, failures: [], text } : refused(problems);
}

function refused(problems: readonly string[]): FoundCases {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const rest = problems.length - shown.length;
  return {
    cases: [],
    failures: [...shown, ...(rest > 0 ? [`${rest} more problems`] : [])].map((problem) => ({
      code: "bad-case",
      message: `${CASE_FILE} can't be used: ${problem}`,
    })),
  };
}
