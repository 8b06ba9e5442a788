/**
 * Problems of unpacking as errors of the plugin.
 *
 * @module
 */

import type { ExtractionBudget, PluginFailure } from "../../src/plugin/define.ts";
import type { Problem, ProblemKind } from "../../wasm/seven_zip/mod.ts";
import { quoted } from "./label.ts";

const CODES: Readonly<Record<ProblemKind, string>> = {
  "not-an-archive": "not-an-archive",
  "encrypted": "archive-encrypted",
  "wrong-password": "archive-wrong-password",
  "truncated": "archive-truncated",
  "damaged": "archive-damaged",
  "unsupported": "archive-unsupported",
  "limit-file-bytes": "limit-payload-bytes",
  "limit-total-bytes": "limit-extracted-bytes",
  "limit-files": "limit-payloads",
  "limit-work-bytes": "limit-discarded-bytes",
  "limit-memory": "limit-engine-memory",
};

/** The error that reports a problem; the code of a limit is the one that stoQ itself would give. */
export function failureOf(
  { kind, detail, entryCount, firstPath }: Problem,
  { isBoundByExpansion }: Pick<ExtractionBudget, "isBoundByExpansion">,
): PluginFailure {
  const action = kind === "not-an-archive"
    ? "open the payload"
    : `fully unpack ${subjectOf(entryCount, firstPath)}`;
  return {
    message: `Cannot ${action}: ${detail}`,
    code: isBoundByExpansion && kind === "limit-total-bytes" ? "limit-expansion-ratio" : CODES[kind],
  };
}

function subjectOf(entryCount: number, firstPath: string | undefined): string {
  if (firstPath === undefined) return entryCount === 0 ? "the archive" : counted(entryCount, "");
  // Problems of the archive as a whole may hit an entry, too, and count none.
  return entryCount <= 1 ? quoted(firstPath) : `${quoted(firstPath)} and ${counted(entryCount - 1, "more ")}`;
}

function counted(count: number, which: string): string {
  return `${count} ${which}${count === 1 ? "entry" : "entries"}`;
}
