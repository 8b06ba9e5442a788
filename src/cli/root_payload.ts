/**
 * Reads the payload of `scan`: a file, or standard input.
 *
 * @module
 */

import type { ScanInput } from "../core/scan/scan.ts";
import type { BoundedReading } from "../core/ports/files.ts";
import { type Limits, MAX_CONTENT_BYTES } from "../core/contract/limits.ts";
import type { PlainRecord } from "../core/contract/plain.ts";
import { printable } from "../core/contract/printable.ts";
import { nameMetadata } from "../core/contract/raw_name.ts";
import type { System, Terminal } from "../core/ports/system.ts";
import type { PathWord } from "./command_line.ts";
import { EXIT } from "./exit.ts";

/** Longest name in a message, in characters; of a longer one the middle is left out. */
const MAX_NAME_CHARS = 200;

/** Where a root payload comes from. */
export type RootSource =
  | { readonly kind: "standard-input"; readonly isNamed: boolean }
  | {
    readonly kind: "file";
    /** The PATH as messages name it. */
    readonly word: string;
    readonly path: string;
    readonly filename: string;
    /** The folder in which it was found, if a PATH names that. */
    readonly sourceDir?: string;
  };

/** The payload, or the problem and the exit code. */
export type RootReading =
  | { readonly input: ScanInput; readonly problem?: undefined }
  | {
    readonly problem: string;
    readonly exitCode: typeof EXIT.usage | typeof EXIT.lost;
    /** Whether there is content, and it is empty. */
    readonly isEmpty?: boolean;
  };

/** A root payload that can't be read. */
type Refusal = Extract<RootReading, { readonly problem: string }>;

/**
 * Returns the source that a PATH means: standard input where it is absent or `-`. After `--` a file named `-` is preferred, which
 * `stoq scan -- *` names.
 */
export async function rootSource({ files }: System, path: PathWord | undefined): Promise<RootSource> {
  if (path === undefined) return { kind: "standard-input", isNamed: false };
  const { word, isLiteral } = path;
  const isFile = word !== "-" || (isLiteral && await files.hasEntry(word));
  if (!isFile) return { kind: "standard-input", isNamed: true };
  const resolved = files.resolve(word);
  return { kind: "file", word, path: resolved, filename: files.baseName(resolved) };
}

/** Reads a root payload. */
export async function readRoot(
  system: System,
  terminal: Terminal,
  source: RootSource,
  limits: Limits,
): Promise<RootReading> {
  const limitBytes = Math.min(limits.payloadBytes, MAX_CONTENT_BYTES);
  const reading = source.kind === "file"
    ? await readFile(system, source, limitBytes)
    : await readStandardInput(terminal, source.isNamed, limitBytes);
  if ("problem" in reading) return reading;
  const extraData = metadataOf(source);
  const payloadMeta = { extraData };
  const { content } = reading;
  if (content) return { input: { payloads: [{ content, payloadMeta }] } };
  const { sizeBytes } = reading;
  return { input: { payloads: [], unread: { sizeBytes, readLimitBytes: limitBytes, payloadMeta } } };
}

function metadataOf(source: RootSource): PlainRecord {
  if (source.kind !== "file") return { filename: null };
  const { filename, sourceDir } = source;
  const folder = sourceDir === undefined ? {} : nameMetadata("source_dir", sourceDir);
  return { ...nameMetadata("filename", filename), ...folder };
}

async function readStandardInput(
  terminal: Terminal,
  isNamed: boolean,
  limitBytes: number,
): Promise<BoundedReading | Refusal> {
  if (!isNamed && terminal.isInTerminal) {
    return refusal("No content to scan: name a PATH, or pipe the content in");
  }
  try {
    const reading = await terminal.readIn(limitBytes);
    return isEmpty(reading) ? refusal("The content to scan is empty: standard input has no bytes") : reading;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const exitCode = error instanceof TypeError ? EXIT.usage : EXIT.lost;
    return refusal(`Can't scan standard input: ${printable(error.message)}`, exitCode);
  }
}

async function readFile(
  { files, rawFiles, hasByteNames }: System,
  { word, path }: Extract<RootSource, { readonly kind: "file" }>,
  limitBytes: number,
): Promise<BoundedReading | Refusal> {
  const refuse = (reason: string, exitCode?: Refusal["exitCode"]) =>
    refusal(`Can't scan "${shownName(word)}": ${reason}`, exitCode);
  if (word === "") return refusal('A PATH must not be empty, got ""');
  // Without raw bytes, U+FFFD replaces bytes that are not UTF-8. A file with this character in its name is another file.
  const isUnknown = word.includes("\ufffd") && !rawFiles;
  const refuseUnknown = () =>
    refuse(
      "its name is not UTF-8, which can be opened on Linux with all permissions (-A); redirect it instead: stoq scan < FILE",
      EXIT.lost,
    );
  if (isUnknown && hasByteNames) return refuseUnknown();
  try {
    const kind = await files.kindOf(path);
    if (kind === "directory") {
      return refuse("it is a directory whose name is not UTF-8; to scan what is in it: stoq run -P filedir");
    }
    if (kind === undefined) return isUnknown ? refuseUnknown() : refuse("it does not exist");
    const reading = await files.readBytes(path, limitBytes);
    return isEmpty(reading) ? { ...refuse("it is empty"), isEmpty: true } : reading;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(printable(error.message), EXIT.lost);
  }
}

function refusal(problem: string, exitCode: Refusal["exitCode"] = EXIT.usage): Refusal {
  return { problem, exitCode };
}

/** Returns a PATH for messages. */
export function shownName(word: string): string {
  const shown = printable(word);
  if (shown.length <= MAX_NAME_CHARS) return shown;
  const half = MAX_NAME_CHARS / 2;
  return `${shown.slice(0, half)}…${shown.slice(-half)}`;
}

function isEmpty({ content }: BoundedReading): boolean {
  return content?.length === 0;
}
