/**
 * The payload that `scan` is given: a file, or standard input.
 *
 * @module
 */

import type { ScanInput } from "../core/engine.ts";
import type { BoundedReading } from "../core/files.ts";
import { type Limits, MAX_CONTENT_BYTES } from "../core/limits.ts";
import { nameNotUtf8 } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { nameMetadata } from "../core/raw_name.ts";
import type { System, Terminal } from "../core/system.ts";

/** Reads FILE, or standard input for `-` and where there is none; `undefined` and a problem when there is nothing to scan. */
export async function readRoot(
  system: System,
  terminal: Terminal,
  file: string | undefined,
  limits: Limits,
  problems: string[],
): Promise<ScanInput | undefined> {
  const limitBytes = Math.min(limits.payloadBytes, MAX_CONTENT_BYTES);
  const isStandardInput = file === undefined || file === "-";
  const reading = isStandardInput
    ? await readStandardInput(terminal, file, limitBytes, problems)
    : await readFile(system, file, limitBytes, problems);
  if (!reading) return undefined;
  const extraData = isStandardInput ? { filename: null } : nameMetadata("filename", baseName(system, file));
  const payloadMeta = { extraData };
  const { content } = reading;
  if (content) return { payloads: [{ content, payloadMeta }] };
  return {
    payloads: [],
    unread: { sizeBytes: reading.sizeBytes, readLimitBytes: limitBytes, payloadMeta },
  };
}

async function readStandardInput(
  terminal: Terminal,
  file: string | undefined,
  limitBytes: number,
  problems: string[],
): Promise<BoundedReading | undefined> {
  if (file === undefined && terminal.isInTerminal) {
    problems.push("no content to scan: name a FILE, or pipe the content in");
    return undefined;
  }
  // Waiting for content that can't be scanned would only hide the problems that are known already.
  if (problems.length > 0) return undefined;
  try {
    const reading = await terminal.readIn(limitBytes);
    if (!isEmpty(reading)) return reading;
    problems.push("the content to scan is empty: nothing came in on standard input");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push(`can't scan standard input: ${printable(error.message)}`);
  }
  return undefined;
}

async function readFile(
  system: System,
  file: string,
  limitBytes: number,
  problems: string[],
): Promise<BoundedReading | undefined> {
  refuseUnknownName(system, file);
  const path = system.files.resolve(file);
  const refuse = (reason: string) => void problems.push(`can't scan "${printable(file)}": ${reason}`);
  try {
    const kind = await system.files.kindOf(path);
    if (kind === undefined) return refuse("it does not exist");
    if (kind === "directory") return refuse("it is a directory, must be a file");
    const reading = await system.files.readBytes(path, limitBytes);
    return isEmpty(reading) ? refuse("it is empty") : reading;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(printable(error.message));
  }
}

/**
 * Refuses a name in which U+FFFD may stand for bytes that are not UTF-8: a file of the name with U+FFFD would be another one. Where
 * raw files can be had, the true name is known.
 *
 * @throws {StoqError} `name-not-utf8`
 */
function refuseUnknownName({ rawFiles, hasByteNames }: System, file: string): void {
  if (hasByteNames && !rawFiles && file.includes("\ufffd")) throw nameNotUtf8(file);
}

function isEmpty({ content }: BoundedReading): boolean {
  return content?.length === 0;
}

function baseName(system: System, file: string): string {
  return system.files.baseName(system.files.resolve(file));
}
