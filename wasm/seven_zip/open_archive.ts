/**
 * Finds out what the bytes are, by letting 7-Zip list them: format, entries, the password of the headers.
 *
 * @module
 */

import { listCommand, type OpenArguments } from "./command.ts";
import type { Problem, ProblemKind } from "./extraction.ts";
import { completeProblem, type Limits } from "./harvest.ts";
import { formatOfException, formatOfSignature } from "./formats.ts";
import { type RunEnd, runSevenZip } from "./guest_run.ts";
import {
  affordablePasswords,
  costsOfHeaders,
  type DerivationCosts,
  tooManyRounds,
} from "./key_derivation.ts";
import { type Listing, ListingSink, MAX_KEPT_BYTES, wholeNumber } from "./listing.ts";
import { hasEncryptedHeader } from "./seven_zip_header.ts";
import { repairCutZip } from "./zip_repair.ts";

/** Bytes to open and how far to go. */
export interface OpenRequest {
  readonly module: WebAssembly.Module;
  readonly input: Uint8Array;
  readonly passwords: readonly string[];
  readonly excludedFormats: ReadonlySet<string>;
  readonly limits: Pick<Limits, "memoryBytes" | "derivationRounds">;
  /** How many entries to keep of the listing. */
  readonly listedEntries: number;
  /** Where the listing is cut. */
  readonly listingBytes: number;
}

/** An archive that 7-Zip can open, and how. */
export interface OpenedArchive {
  /** 7-Zip's name, or `Msi`. */
  readonly format: string;
  readonly listing: Listing;
  readonly args: OpenArguments;
  /** What to unpack: the bytes themselves, or a copy that was repaired. */
  readonly input: Uint8Array;
  /** Whether it is a zip that ends early. */
  readonly isCut: boolean;
  /** What was met on the way: formats whose headers are broken. */
  readonly problems: readonly Problem[];
  /** Whether every entry was listed, if not kept. */
  readonly isListingComplete: boolean;
  /** Whether the headers themselves needed the password. */
  readonly isHeaderEncrypted: boolean;
}

/** Why nothing could be opened. */
export interface OpenFailure {
  readonly problems: readonly Problem[];
  /** The format, as far as it is known. */
  readonly format: string | undefined;
}

interface Attempt {
  readonly listing: Listing;
  readonly end: RunEnd;
  readonly isLocked: boolean;
  /** Whether other passwords failed before. */
  readonly wasLocked: boolean;
  /** Number of passwords that were too many to try. */
  readonly untried: number;
  readonly args: OpenArguments;
}

/** Each attempt excludes one more format or looks at the outermost layer, so there are few. */
const MAX_ATTEMPTS = 8;
const LOCKED = "Cannot open encrypted archive. Wrong password?";

/** What has been learned about how to open the archive. */
interface Plan {
  readonly excluded: Set<string>;
  /** Formats whose readers broke off. */
  readonly broken: string[];
  /** The format of the outermost layer, once 7-Zip has gone through to an inner one. */
  outermost: string | undefined;
  /** The bytes with which to try: repaired, if they are a zip that ends early. */
  input: Uint8Array;
}

/** Opens an archive. */
export function openArchive(request: OpenRequest): OpenedArchive | OpenFailure {
  const plan: Plan = {
    excluded: new Set(request.excludedFormats),
    broken: [],
    outermost: undefined,
    input: request.input,
  };
  // Installers are told from documents only once they are open.
  if (!plan.excluded.delete("Msi")) plan.excluded.delete("Compound");
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    const attempt = listWithPasswords(request, plan);
    const result = judge(request, plan, attempt);
    if (result !== undefined) return result;
  }
  return failure("damaged", "no reader of 7-Zip gets through the headers", plan.broken[0]);
}

// The result, or `undefined` when the changed plan is worth another attempt.
function judge(request: OpenRequest, plan: Plan, attempt: Attempt): OpenedArchive | OpenFailure | undefined {
  if (attempt.isLocked) return lockedFailure(request, attempt);
  const type = attempt.listing.archive.get("Type");
  const thrower = attempt.end.kind === "exception" ? formatOfException(attempt.end.typeName) : undefined;
  if (thrower !== undefined && plan.outermost === undefined && !plan.excluded.has(thrower)) {
    const isCutZip = thrower === "zip" && plan.input === request.input;
    plan.input = isCutZip ? repairCutZip(request.input) : request.input;
    if (!isCutZip) plan.broken.push(thrower);
    if (!isCutZip) plan.excluded.add(thrower);
  } else if (type === undefined) return failureOf(request, attempt, plan.broken);
  else if (request.excludedFormats.has(formatName(type, attempt.listing))) plan.excluded.add(type);
  else if (hasInnerLayers(attempt.listing) && plan.outermost === undefined) plan.outermost = type;
  else return opened(request, plan, attempt, type);
  return undefined;
}

// With a type 7-Zip opens one layer; but it must then start at the first byte.
function hasInnerLayers(listing: Listing): boolean {
  return listing.layers > 1 && !wholeNumber(listing.archive.get("Offset"));
}

function listWithPasswords(request: OpenRequest, plan: Plan): Attempt {
  const open = { excludedFormats: plan.excluded, format: plan.outermost };
  const { passwords, limits } = request;
  const [first = ""] = passwords;
  const attempt = list(request, { ...open, password: first }, plan.input);
  if (!attempt.isLocked) return attempt;
  const affordable = affordablePasswords(costsOf(request, attempt), limits.derivationRounds);
  let latest = attempt;
  for (const password of passwords.slice(1, affordable)) {
    latest = { ...list(request, { ...open, password }, plan.input), wasLocked: true };
    if (!latest.isLocked) return latest;
  }
  return { ...latest, untried: Math.max(0, passwords.length - affordable) };
}

function list(request: OpenRequest, args: OpenArguments, input: Uint8Array): Attempt {
  const { module, limits: { memoryBytes }, listedEntries, listingBytes } = request;
  const sink = new ListingSink(listedEntries, { keptBytes: MAX_KEPT_BYTES, readBytes: listingBytes });
  const end = runSevenZip(module, { args: listCommand(args), input, memoryBytes, sink });
  const isLocked = sink.errorText.includes(LOCKED) || (end.kind === "exception" && hasEncryptedHeader(input));
  return { listing: sink.finish(), end, isLocked, wasLocked: false, untried: 0, args };
}

function opened(request: OpenRequest, plan: Plan, attempt: Attempt, type: string): OpenedArchive {
  const { listing, end } = attempt;
  const failed = breakOff(end);
  const isCutShort = end.kind === "stopped" || failed !== undefined;
  return {
    format: formatName(type, listing),
    listing,
    args: attempt.args,
    input: plan.input,
    isCut: plan.input !== request.input,
    problems: [
      ...plan.broken.map((format) =>
        problem("damaged", `the headers of format ${format}, which was tried first, are broken`)
      ),
      ...(failed === undefined ? [] : [problem(failed.kind, failed.detail)]),
    ],
    isHeaderEncrypted: attempt.wasLocked || (type === "7z" && hasEncryptedHeader(request.input)),
    isListingComplete: !isCutShort,
  };
}

function formatName(type: string, listing: Listing): string {
  const isInstaller = type === "Compound" && /^ms[ip]$/.test(listing.archive.get("Extension") ?? "");
  return isInstaller ? "Msi" : type;
}

function lockedFailure(request: OpenRequest, attempt: Attempt): OpenFailure {
  const format = lockedFormat(request, attempt);
  const count = request.passwords.length - attempt.untried;
  if (count === 0) {
    return failure("encrypted", "the headers are encrypted and there is no password to try", format);
  }
  const { problems } = failure(
    "wrong-password",
    `the headers are encrypted and no password fits, ${count} tried`,
    format,
  );
  if (attempt.untried === 0) return { problems, format };
  const costs = costsOf(request, attempt);
  return { problems: [...problems, tooManyRounds(costs, attempt.untried, request.limits)], format };
}

function lockedFormat({ input }: OpenRequest, { listing }: Pick<Attempt, "listing">): string | undefined {
  return listing.archive.get("Type") ?? formatOfSignature(input);
}

function costsOf(request: OpenRequest, attempt: Attempt): DerivationCosts {
  return costsOfHeaders(request.input, lockedFormat(request, attempt));
}

function failureOf(request: OpenRequest, attempt: Attempt, brokenFormats: readonly string[]): OpenFailure {
  const { end } = attempt;
  const signed = formatOfSignature(request.input);
  const format = brokenFormats[0] ??
    (signed === undefined || request.excludedFormats.has(signed) ? undefined : signed);
  const broken = breakOff(end);
  if (broken !== undefined) return failure(broken.kind, broken.detail, format);
  if (format !== undefined) {
    return failure("damaged", `it starts like ${format}, but the headers are cut or broken`, format);
  }
  return failure("not-an-archive", "no format that was tried knows it", undefined);
}

/** Why a run ended early; `undefined` when it came to its end or was stopped by its sink. */
export function breakOff(end: RunEnd): Pick<Problem, "kind" | "detail"> | undefined {
  if (isOutOfMemory(end)) return { kind: "limit-memory", detail: "7-Zip needs more memory" };
  if (end.kind === "exception") return { kind: "damaged", detail: `7-Zip broke off: ${end.typeName}` };
  if (end.kind === "trap") return { kind: "damaged", detail: `7-Zip broke off: ${end.message}` };
  return undefined;
}

function isOutOfMemory(end: RunEnd): boolean {
  return end.kind === "exit"
    ? end.code === 8
    : end.kind === "exception" && /CNewException|bad_alloc/.test(end.typeName);
}

function failure(kind: ProblemKind, detail: string, format: string | undefined): OpenFailure {
  return { problems: [problem(kind, detail)], format };
}

function problem(kind: ProblemKind, detail: string): Problem {
  return completeProblem({ kind, detail });
}
