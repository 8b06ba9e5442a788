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
  "limit-key-derivation": "limit-key-derivation",
  "limit-memory": "limit-engine-memory",
};

/** Returns the error that reports a problem; the code of a limit is the one that stoQ itself would give. */
export function failureOf(
  { kind, detail, offset, ...hit }: Problem,
  { isBoundByExpansion }: Pick<ExtractionBudget, "isBoundByExpansion">,
): PluginFailure {
  const action = kind === "not-an-archive" ? "open the payload" : `fully unpack ${subjectOf(hit)}`;
  return {
    message: `Cannot ${action}: ${detail}${offset === undefined ? "" : ` (at offset ${offset})`}`,
    code: isBoundByExpansion && kind === "limit-total-bytes" ? "limit-expansion-ratio" : CODES[kind],
  };
}

/** The entries that a problem concerns. */
type Hit = Pick<Problem, "entryCount" | "isEntryCountAtLeast" | "firstPath">;

function subjectOf({ entryCount, isEntryCountAtLeast, firstPath }: Hit): string {
  const atLeast = isEntryCountAtLeast ? "at least " : "";
  if (firstPath === undefined) return entryCount === 0 ? "the archive" : atLeast + counted(entryCount, "");
  const more = entryCount - 1;
  // A problem of the whole archive may name an entry and count none.
  if (more < 1 && !isEntryCountAtLeast) return quoted(firstPath);
  return `${quoted(firstPath)} and ${atLeast}${counted(Math.max(0, more), "more ")}`;
}

function counted(count: number, which: string): string {
  return `${count} ${which}${count === 1 ? "entry" : "entries"}`;
}
