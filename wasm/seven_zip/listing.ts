/**
 * Reads what `7zz l -slt` prints: blocks of `Key = Value` lines, first of the archive, then of its entries.
 * 7-Zip replaces line ends in what it prints of entries, so no name can forge a line. The archive's own comment
 * it prints as it is, between braces; lines that are forged there can't end the archive's block, and of keys the
 * first value counts. Still a listing only describes, and never decides what is kept.
 *
 * @module
 */

import type { Entry, EntryKind } from "./extraction.ts";
import type { OutputFile, RunSink } from "./guest_files.ts";
import { StopRun } from "./guest_run.ts";
import { isLongPath, storedName } from "./names.ts";
import { TextLines } from "./text_lines.ts";

/** What a listing says of an archive. */
export interface Listing {
  /** Keys and values of the outermost layer: `Type`, `Offset`, `Physical Size`, … */
  readonly archive: ReadonlyMap<string, string>;
  /** How many layers 7-Zip opened by itself, 0 when it opened nothing. */
  readonly layers: number;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly entries: readonly Entry[];
  /** Entries that were met, kept or not. */
  readonly entryCount: number;
  /** Entries that are files, kept or not. */
  readonly fileCount: number;
  /** Whether there was more to read than {@linkcode ListingSink} reads, so that the counts are the least there can be. */
  readonly isCut: boolean;
  /** Whether making the folders of all paths would take 7-Zip more than about a second. */
  readonly hasCostlyFolders: boolean;
}

/** How much of a listing is read, in bytes. */
export interface ListingLimits {
  /** Up to here entries are kept; those behind are counted. A single line may have as much. */
  readonly keptBytes: number;
  /** Here the listing is cut. */
  readonly readBytes: number;
}

type Section = "before" | "archive" | "entries";

const MAX_COMMENT_CHARS = 1000;

/** How much text is read and kept as entries, in bytes; the names of a small archive may be compressed a thousandfold. */
export const MAX_KEPT_BYTES = 64_000_000;
/** How much text is read in all, in bytes: enough to count a million entries with short names. */
export const MAX_LISTING_BYTES = 256_000_000;
/** 7-Zip makes the folders of a path one by one, each by its full path: so many bytes of paths take it about a second. */
const MAX_FOLDER_PATH_BYTES = 500_000_000;
const DEFAULT_LISTING_LIMITS: ListingLimits = { keptBytes: MAX_KEPT_BYTES, readBytes: MAX_LISTING_BYTES };
const MAX_ERROR_CHARS = 10_000;
/** Lines that count in entries that are not kept: those that say what an entry is. */
const IS_COUNTED = /^(?:Path|Folder|Attributes|Mode|Symbolic Link|Hard Link) = /;
const LINE_FEED = 0x0a;
const LAYER_FOLLOWS = new TextEncoder().encode("--\n");
const ENTRIES_FOLLOW = new TextEncoder().encode("----------\n");

/** The sink of a listing run; it ends the run when there is too much to read. */
export class ListingSink implements RunSink {
  readonly #reader: ListingReader;
  readonly #lines: TextLines;
  readonly #limits: ListingLimits;
  #readBytes = 0;
  #lineBytes = 0;
  #isCounting = false;
  /** What 7-Zip wrote to stderr, at most its first 10,000 characters. */
  errorText = "";

  /** @param maxEntries how many entries to keep; more are counted */
  constructor(maxEntries: number, limits: ListingLimits = DEFAULT_LISTING_LIMITS) {
    this.#reader = new ListingReader(maxEntries);
    this.#limits = limits;
    this.#lines = new TextLines((line) => this.#reader.line(line));
  }

  /** A listing creates no files. */
  createFile(): OutputFile {
    throw new StopRun();
  }

  /** A listing removes no files. */
  removeFile(): void {}

  /** A listing creates no links. */
  createLink(): void {}

  /** Reads the listing. */
  print(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    this.#limit(chunk);
    if (stream === "stdout") this.#readPiece(chunk);
    else if (this.errorText.length < MAX_ERROR_CHARS) this.errorText += new TextDecoder().decode(chunk);
  }

  #limit(chunk: Uint8Array): void {
    const { keptBytes, readBytes } = this.#limits;
    this.#lineBytes = chunk.at(-1) === LINE_FEED ? 0 : this.#lineBytes + chunk.length;
    this.#readBytes += chunk.length;
    if (this.#readBytes > keptBytes && !this.#isCounting) {
      this.#lines.flush();
      this.#reader.keepNoMore();
      this.#isCounting = true;
    }
    if (this.#readBytes <= readBytes && this.#lineBytes <= keptBytes) return;
    this.#lines.flush();
    this.#reader.cut();
    throw new StopRun();
  }

  // 7-Zip writes a separator with its line end in one piece; a comment's line comes without.
  #readPiece(chunk: Uint8Array): void {
    if (isPiece(chunk, LAYER_FOLLOWS)) {
      this.#lines.flush();
      this.#reader.beginLayer();
    } else if (isPiece(chunk, ENTRIES_FOLLOW)) {
      this.#lines.flush();
      this.#reader.beginEntries();
    } else this.#lines.push(chunk);
  }

  /** The listing, once the run is over. */
  finish(): Listing {
    this.#lines.finish();
    return this.#reader.finish();
  }
}

/** Takes lines, gives a {@linkcode Listing}. */
export class ListingReader {
  readonly #maxEntries: number;
  readonly #archive = new Map<string, string>();
  readonly #errors: string[] = [];
  readonly #warnings: string[] = [];
  readonly #entries: Entry[] = [];
  #isKeeping = true;
  #isCut = false;
  #entryCount = 0;
  #fileCount = 0;
  #folderPathBytes = 0;
  #hasLongPath = false;
  #layers = 0;
  #section: Section = "before";
  #messages: string[] | undefined;
  readonly #block = new Map<string, string>();
  #comment: { readonly key: string; readonly text: string } | undefined;
  #lastEmptyKey = "";

  /** @param maxEntries how many entries to keep; more are counted */
  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** What follows describes the next layer of the archive. */
  beginLayer(): void {
    this.#section = "archive";
    this.#layers++;
    this.#comment = undefined;
  }

  /** What follows describes entries. */
  beginEntries(): void {
    this.#section = "entries";
    this.#comment = undefined;
  }

  /** Takes the next line, without its end. */
  line(line: string): void {
    if (this.#section === "entries") this.#entryLine(line);
    else if (this.#comment !== undefined) this.#commentLine(line);
    else if (this.#section === "archive") this.#archiveLine(line);
  }

  /** Entries that follow are counted and not kept. */
  keepNoMore(): void {
    this.#isKeeping = false;
  }

  /** Nothing more is read; an entry that was begun is left out, since its lines may be cut. */
  cut(): void {
    this.#isCut = true;
  }

  /** The listing, once no line is left. */
  finish(): Listing {
    if (!this.#isCut) this.#endEntry();
    return {
      archive: this.#archive,
      layers: this.#layers,
      errors: this.#errors,
      warnings: this.#warnings,
      entries: this.#entries,
      entryCount: this.#entryCount,
      fileCount: this.#fileCount,
      isCut: this.#isCut,
      hasCostlyFolders: this.#hasLongPath || this.#folderPathBytes > MAX_FOLDER_PATH_BYTES,
    };
  }

  #archiveLine(line: string): void {
    if (line === "ERRORS:") this.#messages = this.#errors;
    else if (line === "WARNINGS:") this.#messages = this.#warnings;
    else if (line === "{" && this.#lastEmptyKey !== "") this.#comment = { key: this.#lastEmptyKey, text: "" };
    else {
      const [key, value] = keyAndValue(line);
      this.#lastEmptyKey = value === "" ? key : "";
      if (key !== "") this.#archiveDetail(key, value);
      else if (line !== "" && line !== "----") this.#messages?.push(line);
    }
  }

  #archiveDetail(key: string, value: string): void {
    this.#messages = undefined;
    if (this.#layers === 1 && !this.#archive.has(key)) this.#archive.set(key, value);
  }

  #commentLine(line: string): void {
    const { key, text } = this.#comment!;
    if (line !== "}") {
      if (text.length < MAX_COMMENT_CHARS) this.#comment = { key, text: text + line + "\n" };
      return;
    }
    this.#comment = undefined;
    this.#lastEmptyKey = "";
    if (!this.#archive.get(key)) this.#archive.set(key, text.slice(0, MAX_COMMENT_CHARS).trimEnd());
  }

  #entryLine(line: string): void {
    if (this.#isCut) return;
    if (line === "") return this.#endEntry();
    if (!this.#isKeeping && !IS_COUNTED.test(line)) return;
    const [key, value] = keyAndValue(line);
    if (key !== "") this.#block.set(key, value);
  }

  #endEntry(): void {
    if (this.#block.size === 0) return;
    this.#entryCount++;
    if (kindOf(this.#block) === "file") this.#fileCount++;
    this.#notePath(this.#block.get("Path") ?? "");
    this.#isKeeping &&= this.#entries.length < this.#maxEntries;
    if (this.#isKeeping) this.#entries.push(entryOf(this.#block));
    this.#block.clear();
  }

  #notePath(path: string): void {
    const folders = path.split("/").length - 1;
    this.#folderPathBytes += folders * path.length / 2;
    this.#hasLongPath ||= isLongPath(path);
  }
}

// The key of "Key = Value" is empty where there is none.
function keyAndValue(line: string): [key: string, value: string] {
  const at = line.indexOf(" = ");
  return at < 0 ? ["", ""] : [line.slice(0, at), line.slice(at + 3)];
}

function isPiece(chunk: Uint8Array, piece: Uint8Array): boolean {
  return chunk.length === piece.length && piece.every((byte, index) => chunk[index] === byte);
}

function entryOf(block: ReadonlyMap<string, string>): Entry {
  const text = (key: string) => block.get(key) || undefined;
  const kind = kindOf(block);
  return {
    path: storedName(block.get("Path") ?? ""),
    kind,
    sizeBytes: wholeNumber(block.get("Size")),
    packedBytes: wholeNumber(block.get("Packed Size")),
    isEncrypted: block.get("Encrypted") === "+",
    method: text("Method"),
    modified: text("Modified")?.replace(/\.0+$/, ""),
    crc32: text("CRC"),
    hostSystem: text("Host OS"),
    comment: text("Comment")?.slice(0, MAX_COMMENT_CHARS),
    linkTarget: kind === "symlink" || kind === "hardlink"
      ? text("Symbolic Link") ?? text("Hard Link")
      : undefined,
  };
}

const KIND_OF_MODE: Readonly<Record<string, EntryKind>> = {
  d: "directory",
  l: "symlink",
  p: "special",
  c: "special",
  b: "special",
  s: "special",
};

function kindOf(block: ReadonlyMap<string, string>): EntryKind {
  if (block.get("Symbolic Link")) return "symlink";
  if (block.get("Hard Link")) return "hardlink";
  // "Attributes = DA drwxr-xr-x" has the letters of Windows and, from Unix, a mode; tar and cpio have "Mode".
  const attributes = block.get("Attributes") ?? "";
  const mode = block.get("Mode") ?? attributes.slice(attributes.indexOf(" ") + 1).trim();
  const ofMode = /^[-dlpcbs][-r]/.test(mode) ? KIND_OF_MODE[mode.charAt(0)] : undefined;
  if (ofMode !== undefined) return ofMode;
  const isDirectory = block.get("Folder") === "+" || /^[A-Z]*D/.test(attributes);
  return isDirectory ? "directory" : "file";
}

/** The number that `text` is, if it has nothing but digits. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
