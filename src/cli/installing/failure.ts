/**
 * Reports why `install` or `uninstall` failed.
 *
 * @module
 */

import { StoqError } from "../../core/contract/errors.ts";
import { printable } from "../../core/contract/printable.ts";
import type { Terminal } from "../../core/ports/system.ts";
import { EXIT } from "../exit.ts";

/** Failures of the network or the disk, not of the request. */
const LOST = ["plugin-download-failed", "plugin-not-stored"];

/** Prints the reason and returns the exit code. @throws the reason when it is no `StoqError` */
export async function reportFailure(terminal: Terminal, reason: unknown): Promise<number> {
  if (!(reason instanceof StoqError)) throw reason;
  await terminal.writeErr(`stoq: ${printable(reason.message)}\n`);
  return LOST.includes(reason.code) ? EXIT.lost : EXIT.usage;
}
