/**
 * How `install` and `uninstall` end when they can't do what was asked.
 *
 * @module
 */

import { StoqError } from "../../core/contract/errors.ts";
import { printable } from "../../core/contract/printable.ts";
import type { Terminal } from "../../core/ports/system.ts";
import { EXIT } from "../exit.ts";

/** Failures of the world rather than of what was asked. */
const LOST = ["plugin-download-failed", "plugin-not-stored"];

/** Tells why, and gives the exit code. @throws whatever is no failure of ours */
export async function tellFailure(terminal: Terminal, reason: unknown): Promise<number> {
  if (!(reason instanceof StoqError)) throw reason;
  await terminal.writeErr(`stoq: ${printable(reason.message)}\n`);
  return LOST.includes(reason.code) ? EXIT.lost : EXIT.usage;
}
