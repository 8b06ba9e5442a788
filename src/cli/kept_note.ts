/**
 * Lines on a terminal that name the places where connectors and archivers write.
 *
 * @module
 */

import type { ResolvedOptions } from "../config/resolve.ts";
import { keepingPlaces } from "../config/run_plan.ts";
import { printable } from "../core/contract/printable.ts";
import type { Terminal } from "../core/ports/system.ts";

const WHAT = { "connector": "results", "dest-archiver": "payloads" };

/** Writes a line for each place; nothing where standard error is no terminal. */
export async function noteKept(
  terminal: Pick<Terminal, "isErrTerminal" | "writeErr">,
  options: ResolvedOptions,
): Promise<void> {
  if (!terminal.isErrTerminal) return;
  for (const { plugin, role, path } of keepingPlaces(options)) {
    await terminal.writeErr(`stoq: ${plugin} writes ${WHAT[role]} to ${printable(path)}\n`);
  }
}
