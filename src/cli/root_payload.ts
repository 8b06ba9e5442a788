/**
 * The payload that `scan` is given: a file, or standard input.
 *
 * @module
 */

import type { PayloadInput } from "../core/contract.ts";
import { printable } from "../core/printable.ts";
import type { System, Terminal } from "../core/system.ts";

/** Reads FILE, or standard input for `-` and where there is none; `undefined` and a problem when there is nothing to scan. */
export async function readRoot(
  system: System,
  terminal: Terminal,
  file: string | undefined,
  problems: string[],
): Promise<PayloadInput | undefined> {
  const isStandardInput = file === undefined || file === "-";
  const content = isStandardInput
    ? await readStandardInput(terminal, file, problems)
    : await readFile(system, file, problems);
  if (!content) return undefined;
  return {
    content,
    payloadMeta: { extraData: { filename: isStandardInput ? null : baseName(system, file) } },
  };
}

async function readStandardInput(
  terminal: Terminal,
  file: string | undefined,
  problems: string[],
): Promise<Uint8Array | undefined> {
  if (file === undefined && terminal.isInTerminal) {
    problems.push("no content to scan: name a FILE, or pipe the content in");
    return undefined;
  }
  // Waiting for content that can't be scanned would only hide the problems that are known already.
  if (problems.length > 0) return undefined;
  const content = await terminal.readIn();
  if (content.length > 0) return content;
  problems.push("the content to scan is empty: nothing came in on standard input");
  return undefined;
}

async function readFile(system: System, file: string, problems: string[]): Promise<Uint8Array | undefined> {
  const path = system.files.resolve(file);
  const refuse = (reason: string) => void problems.push(`can't scan "${printable(file)}": ${reason}`);
  try {
    const kind = await system.files.kindOf(path);
    if (kind === undefined) return refuse("it does not exist");
    if (kind === "directory") return refuse("it is a directory, must be a file");
    const content = await system.files.readBytes(path);
    return content.length > 0 ? content : refuse("it is empty");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(printable(error.message));
  }
}

function baseName(system: System, file: string): string {
  return system.files.baseName(system.files.resolve(file));
}
