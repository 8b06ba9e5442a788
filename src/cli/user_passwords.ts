/**
 * Password candidates of the user: `--password` and `--passwords-file`. They are never printed.
 *
 * @module
 */

import type { ResolvedOptions } from "../config/resolve.ts";
import { MAX_PASSWORD_CHARS, MAX_PASSWORDS_OF_CALL } from "../core/contract/passwords.ts";
import { printable } from "../core/contract/printable.ts";
import type { Files } from "../core/ports/files.ts";
import type { Terminal } from "../core/ports/system.ts";

/** The candidates in the order of the flags, those of files last; a problem is added for each file that can't be read. */
export async function readUserPasswords(
  files: Pick<Files, "readText">,
  { passwords = [], passwordsFiles = [] }: Pick<ResolvedOptions["values"], "passwords" | "passwordsFiles">,
  problems: string[],
): Promise<string[]> {
  const found = [...passwords];
  for (const path of passwordsFiles) {
    try {
      found.push(...linesOf(await files.readText(path)));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problems.push(`--passwords-file "${printable(path)}" can't be read: ${printable(error.message)}`);
    }
  }
  return [...new Set(found.filter((word) => word !== ""))];
}

/** Writes a note if some candidates are not tried. */
export async function noteUntried(terminal: Terminal, passwords: readonly string[]): Promise<void> {
  const tooLong = passwords.filter((word) => word.length > MAX_PASSWORD_CHARS).length;
  const untried = passwords.length - tooLong - MAX_PASSWORDS_OF_CALL;
  if (tooLong > 0) {
    await terminal.writeErr(
      `stoq: Passwords may have ${MAX_PASSWORD_CHARS} characters, ${tooLong} of them are longer and not tried\n`,
    );
  }
  if (untried > 0) {
    await terminal.writeErr(
      `stoq: The first ${MAX_PASSWORDS_OF_CALL} passwords are tried, ${untried} are not\n`,
    );
  }
}

/** A password may begin or end with blanks. */
function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, "").split(/\r?\n/);
}
