/**
 * Exit codes, and the report of problems before a command starts.
 *
 * @module
 */

import { printable } from "../core/contract/printable.ts";
import type { Terminal } from "../core/ports/system.ts";

/** Exit codes. */
export const EXIT = {
  done: 0,
  /** A result or payload was lost, or `--fail-on-error` met an error. */
  lost: 1,
  /** The command line, the configuration or the input is wrong. */
  usage: 2,
  /** There are findings or blind spots of those that --fail-on and --fail-on-blind-spots name. */
  found: 3,
  /** A signal ended it; scans in progress were finished. */
  interrupted: 130,
} as const;

/** Writes the problems of a command line and configuration, and returns the exit code. */
export async function refuseToStart(terminal: Terminal, problems: readonly string[]): Promise<number> {
  // Names of files and plugins may be unescaped. Line ends that belong to a problem stay.
  const { firstProblems } = await import("../core/contract/errors.ts");
  const lines = firstProblems(problems).map((problem) => problem.split("\n").map(printable).join("\n"));
  await terminal.writeErr(lines.map((line) => `stoq: ${line}\n`).join(""));
  return EXIT.usage;
}
