/**
 * A compound file in the form in which `tools/oracle/olefile_answers.py` prints one.
 *
 * @module
 */

import { type OleFile, pathOf, readStream } from "../mod.ts";

/** Returns what olefile would print; keys are sorted, orphans left out. */
export async function oleAnswers(file: OleFile): Promise<unknown> {
  const entries = await Promise.all(
    file.entries.filter(({ isOrphan }) => !isOrphan).map(async (entry) => ({
      clsid: bare(entry.clsid),
      modifiedMs: entry.modified === undefined ? 0 : Date.parse(entry.modified) - Date.UTC(1601, 0, 1),
      path: pathOf(entry),
      ...entry.type === "stream" && { sha256: await sha256(readStream(file, entry).content) },
      sizeBytes: entry.sizeBytes,
      type: entry.type,
    })),
  );
  const key = ({ path }: { path: readonly string[] }) => path.join("\0");
  entries.sort((a, b) => key(a) < key(b) ? -1 : 1);
  return { entries, rootClsid: bare(file.root?.clsid) };
}

function bare(clsid: string | undefined): string {
  return clsid?.slice(1, -1) ?? "";
}

async function sha256(content: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content.slice())).toHex();
}
