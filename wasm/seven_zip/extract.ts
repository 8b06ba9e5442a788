/**
 * Unpacks an archive: open it, extract with the first password, then what is still locked with the others.
 *
 * @module
 */

import { Capture } from "./capture.ts";
import { extractCommand, selectablePaths } from "./command.ts";
import { CUT, damageOf } from "./damage.ts";
import type { ArchiveInfo, Extraction } from "./extraction.ts";
import { excludedBy, type FormatChoice } from "./formats.ts";
import { type RunEnd, runSevenZip } from "./guest_run.ts";
import { affordablePasswords, costsOfEntries, tooManyRounds } from "./key_derivation.ts";
import { Harvest, type Limits } from "./harvest.ts";
import { MAX_LISTING_BYTES, wholeNumber } from "./listing.ts";
import { breakOff, openArchive, type OpenedArchive, type OpenFailure } from "./open_archive.ts";
import { candidatePasswords } from "./passwords.ts";

/** How to unpack, and how far. */
export interface ExtractOptions extends FormatChoice {
  /** Tried in this order. */
  readonly passwords?: readonly string[];
  /** Instead of some of {@linkcode DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /** How many entries to keep of the listing; more are counted, and their contents have no entry. */
  readonly listedEntries?: number;
  /** Where the listing is cut, in bytes, instead of 256 MB: entries beyond are not counted. */
  readonly listingBytes?: number;
}

/** Limits that hold where an option names no other. */
export const DEFAULT_LIMITS: Limits = {
  fileBytes: 100_000_000,
  totalBytes: 400_000_000,
  files: 10_000,
  discardedBytes: 1_000_000_000,
  derivationRounds: 20_000_000,
  memoryBytes: 320 * 2 ** 20,
};

const DEFAULT_LISTED_ENTRIES = 20_000;
const MAX_REMARKS = 20;

interface Job {
  readonly module: WebAssembly.Module;
  readonly archive: OpenedArchive;
  readonly harvest: Harvest;
}

/**
 * Unpacks `input` with the compiled engine `module`.
 *
 * @throws {RangeError} when a format is unknown
 */
export function extractWith(
  module: WebAssembly.Module,
  input: Uint8Array,
  options: ExtractOptions,
): Extraction {
  const harvest = new Harvest({ ...DEFAULT_LIMITS, ...options.limits });
  const passwords = candidatePasswords(options.passwords ?? []);
  const archive = openArchive({
    module,
    input,
    passwords,
    excludedFormats: excludedBy(options),
    limits: harvest.limits,
    listedEntries: options.listedEntries ?? DEFAULT_LISTED_ENTRIES,
    listingBytes: options.listingBytes ?? MAX_LISTING_BYTES,
  });
  if (!("listing" in archive)) return failed(archive);
  for (const problem of [...archive.problems, ...damageOf(archive, input)]) harvest.problems.add(problem);
  const job = { module, archive, harvest };
  return finished(job, extractWithPasswords(job, passwords));
}

/** What the runs found out beside contents. */
interface Findings {
  readonly passwords: readonly string[];
  readonly links: Capture["links"];
}

function extractWithPasswords(job: Job, candidates: readonly string[]): Findings {
  const first = job.archive.args.password;
  const links: Capture["links"] = new Map();
  const fitting = job.archive.isHeaderEncrypted ? [first] : [];
  const costs = costsOfEntries(job.archive.listing.entries, job.archive.format);
  const affordable = affordablePasswords(costs, job.harvest.limits.derivationRounds);
  const ordered = [first, ...candidates.filter((candidate) => candidate !== first)];
  const tried = ordered.slice(0, affordable);
  let locked: ReadonlyMap<string, string> | undefined;
  let unreached = 0;
  for (const password of tried) {
    // Only when every locked entry was met can a run be narrowed to them.
    const paths = unreached === 0 ? selectablePaths([...locked?.values() ?? []]) : [];
    const { capture, end } = extractOnce(job, password, locked, paths);
    for (const [index, link] of capture.links) links.set(index, link);
    if (capture.decryptedCount > 0 && !fitting.includes(password)) fitting.push(password);
    locked = capture.hasGivenUp && locked !== undefined ? locked : capture.locked;
    unreached = capture.hasGivenUp ? capture.unreachedCount : 0;
    if (locked.size === 0 || (end.kind === "stopped" && !capture.hasGivenUp)) break;
  }
  if (locked !== undefined) noteLocked(job, locked, unreached, Math.min(candidates.length, affordable));
  if (locked?.size && tried.length < ordered.length) {
    job.harvest.problems.add(tooManyRounds(costs, ordered.length - tried.length, job.harvest.limits));
  }
  return { passwords: fitting, links };
}

function extractOnce(
  job: Job,
  password: string,
  locked: ReadonlyMap<string, string> | undefined,
  paths: readonly string[],
): { capture: Capture; end: RunEnd } {
  const { module, archive, harvest } = job;
  const { listing: { entries, fileCount, hasCostlyFolders }, isListingComplete } = archive;
  const hasAllEntries = archive.listing.entryCount === entries.length && isListingComplete;
  const isAllEncrypted = entries.every((entry) => entry.isEncrypted || entry.kind === "directory");
  const capture = new Capture({
    harvest,
    entries,
    hasAllEntries,
    fileCount,
    isFileCountAtLeast: !isListingComplete,
    password,
    locked,
    mayGiveUp: locked !== undefined || (hasAllEntries && isAllEncrypted),
  });
  const end = runSevenZip(module, {
    // Paths that are not known may have any number of folders.
    args: extractCommand({ ...archive.args, password }, {
      paths,
      hasFolders: isListingComplete && !hasCostlyFolders,
    }),
    input: archive.input,
    memoryBytes: harvest.limits.memoryBytes,
    sink: capture,
  });
  const failure = breakOff(end);
  capture.finish(failure);
  if (failure !== undefined) {
    harvest.problems.add(capture.unreached(failure.kind, failure.detail, undefined));
  } else if (end.kind === "exit" && end.code > 1 && !capture.hasMessages && harvest.problems.isEmpty) {
    harvest.problems.add({
      kind: "damaged",
      detail: `7-Zip reports errors and no entry (exit code ${end.code})`,
    });
  }
  return { capture, end };
}

function noteLocked(
  job: Job,
  locked: ReadonlyMap<string, string>,
  unreachedCount: number,
  passwordCount: number,
): void {
  const [first] = locked.values();
  if (first === undefined) return;
  const [kind, detail] = passwordCount === 0
    ? ["encrypted", "there is no password to try"] as const
    : ["wrong-password", `no password fits, ${passwordCount} tried`] as const;
  job.harvest.problems.add({
    kind,
    detail,
    firstPath: first,
    entryCount: locked.size + unreachedCount,
    isEntryCountAtLeast: unreachedCount > 0 && !job.archive.isListingComplete,
  });
}

function finished(job: Job, findings: Findings): Extraction {
  const { archive, harvest } = job;
  const position = (index: number | undefined) => index ?? Number.MAX_SAFE_INTEGER;
  const entries = archive.listing.entries.map((entry, index) => {
    const link = findings.links.get(index);
    return link === undefined
      ? entry
      : { ...entry, kind: link.kind, linkTarget: entry.linkTarget ?? link.target };
  });
  return {
    format: archive.format,
    archive: infoOf(archive),
    entries,
    entryCount: archive.listing.entryCount,
    isEntryCountAtLeast: !archive.isListingComplete,
    files: harvest.files.sort((a, b) => position(a.entryIndex) - position(b.entryIndex)),
    passwords: findings.passwords,
    problems: harvest.problems.list(),
  };
}

function failed({ problems, format }: OpenFailure): Extraction {
  return {
    format,
    archive: undefined,
    entries: [],
    entryCount: 0,
    isEntryCountAtLeast: false,
    files: [],
    passwords: [],
    problems,
  };
}

function infoOf({ listing, isCut, isHeaderEncrypted }: OpenedArchive): ArchiveInfo {
  const { archive, errors, warnings } = listing;
  const number = (key: string) => wholeNumber(archive.get(key));
  const solid = archive.get("Solid");
  return {
    isHeaderEncrypted,
    offset: number("Offset"),
    physicalBytes: isCut ? undefined : number("Physical Size"),
    tailBytes: isCut ? undefined : number("Tail Size"),
    method: archive.get("Method"),
    isSolid: solid === undefined ? undefined : solid === "+",
    comment: archive.get("Comment") || undefined,
    remarks: isCut ? [CUT] : [...errors, ...warnings].slice(0, MAX_REMARKS),
  };
}
