/**
 * Takes what one `7zz x` run writes, entry by entry, within the limits of a {@linkcode Harvest}.
 *
 * The order of events is: the file is created, its name is printed, bytes follow, the file is closed, and an
 * error may be printed. So a file is judged only when the next one begins. Nothing that headers say decides what
 * is kept: every unpacked byte passes through here and is counted, and a link is what 7-Zip wants to link.
 *
 * @module
 */

import { Item } from "./capture_item.ts";
import { ContentBuffer } from "./content_buffer.ts";
import type { Entry, ProblemKind } from "./extraction.ts";
import { OUTPUT_PATH, type OutputFile, type RunSink } from "./guest_files.ts";
import { StopRun } from "./guest_run.ts";
import type { Harvest, NewProblem } from "./harvest.ts";
import { type Message, readMessage } from "./messages.ts";
import { EntryIndex } from "./names.ts";
import { TextLines } from "./text_lines.ts";

/** What a run is for. */
export interface CaptureRequest {
  readonly harvest: Harvest;
  readonly entries: readonly Entry[];
  /** Whether {@linkcode entries} are all that the archive has. */
  readonly hasAllEntries: boolean;
  /** How many files the archive lists, and whether it may have more. */
  readonly fileCount: number;
  readonly isFileCountAtLeast: boolean;
  readonly password: string;
  /** What earlier passwords did not open, by {@linkcode Item.key}; `undefined` in the first run. */
  readonly locked: ReadonlyMap<string, string> | undefined;
  /** Whether a password that fails often enough ends the run: nothing else is to be had. */
  readonly mayGiveUp: boolean;
}

const OPERATION = /^([-T.]) (.*)$/s;
/** After so many failures and no success, a password is taken to be wrong for the rest as well. */
const GIVE_UP_AFTER = 16;
const LINE_FEED = 0x0a;
const DECODER = new TextDecoder();

/** The sink of one run. */
export class Capture implements RunSink {
  readonly #request: CaptureRequest;
  readonly #index: EntryIndex;
  readonly #stdout = new TextLines((line) => this.#onOperation(line));
  readonly #occurrences = new Map<string, number>();
  #item: Item | undefined;
  #isOver = false;
  /** Printed paths of what the password did not open, by {@linkcode Item.key}. */
  readonly locked = new Map<string, string>();
  /** Targets of entries that are links, by number. */
  readonly links = new Map<number, { kind: "symlink" | "hardlink"; target: string }>();
  /** Encrypted entries with contents that came out right. */
  decryptedCount = 0;
  /** Whether 7-Zip said what its exit code is about. */
  hasMessages = false;
  /** Whether the run was ended because the password failed too often. */
  hasGivenUp = false;

  constructor(request: CaptureRequest) {
    this.#request = request;
    this.#index = new EntryIndex(request.entries.map((entry) => entry.path));
  }

  /** Begins a file. */
  createFile(path: Uint8Array): OutputFile {
    this.#begin(new Item(path));
    const item = this.#item!;
    return { write: (chunk) => this.#write(item, chunk), close: () => {} };
  }

  /** Notes that the file just written makes way for a link. */
  removeFile(path: Uint8Array): void {
    if (this.#item?.isAt(path)) this.#item.isRemoved = true;
  }

  /** Notes a link, made of the file just written or, as in a tar, of a header alone. */
  createLink(path: Uint8Array, target: Uint8Array): void {
    const item = this.#item;
    if (item?.isRemoved && item.isAt(path)) item.linkTarget = DECODER.decode(target);
    else this.#index.take(DECODER.decode(path));
  }

  /** Reads the log. */
  print(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    if (stream === "stdout") {
      this.#stdout.push(chunk);
      // At once, because what follows belongs to what this line names.
      return chunk.at(-1) === LINE_FEED ? this.#stdout.flush() : undefined;
    }
    const message = readMessage(DECODER.decode(chunk));
    if (message !== undefined) this.#onMessage(message);
  }

  /**
   * Judges the last file, when the run is over.
   *
   * @param failure why 7-Zip broke off, if it did: that file is incomplete
   */
  finish(failure?: { kind: ProblemKind; detail: string }): void {
    this.#stdout.finish();
    if (failure !== undefined && this.#item !== undefined) this.#item.error ??= failure;
    this.#settle();
  }

  /** How many listed files neither this run nor an earlier one is done with; the one that is being unpacked counts. */
  get unreachedCount(): number {
    const { fileCount, harvest } = this.#request;
    return Math.max(0, fileCount - harvest.finishedFiles - this.locked.size);
  }

  /** A problem of the files that this run did not come to. */
  unreached(kind: ProblemKind, detail: string, firstPath: string | undefined): NewProblem {
    const entryCount = Math.max(firstPath === undefined ? 0 : 1, this.unreachedCount);
    return { kind, detail, firstPath, entryCount, isEntryCountAtLeast: this.#request.isFileCountAtLeast };
  }

  #begin(item: Item): void {
    this.#settle();
    if (this.#isOver) throw new StopRun();
    this.#item = item;
  }

  #onOperation(line: string): void {
    const [, operation, printed] = OPERATION.exec(line) ?? [];
    if (operation === undefined || printed === undefined) return;
    const isOfFile = operation === "-" && this.#item?.isUnnamed === true;
    // Else an entry without a file: a folder, or one whose content can't be had. Later messages are about it.
    if (!isOfFile) this.#begin(new Item(undefined));
    const occurrence = (this.#occurrences.get(printed) ?? 0) + 1;
    this.#occurrences.set(printed, occurrence);
    this.#item!.name(printed, occurrence, isOfFile ? this.#index.take(printed) : this.#index.peek(printed));
  }

  #onMessage(message: Message): void {
    this.hasMessages = true;
    const item = this.#item;
    if (message.about === "entry" || message.about === "archive") {
      if (item !== undefined) item.error ??= message;
      else if (message.about === "archive") {
        this.#request.harvest.problems.add({ kind: message.kind, detail: message.detail });
      }
    } else if (message.about === "hardlink") this.#onHardLink(message.rest);
    else this.#onRefusedLink(message.rest);
  }

  #onRefusedLink(rest: string): void {
    const item = this.#item;
    if (item?.isRemoved && item.printed !== undefined && rest.startsWith(item.printed + " : ")) {
      item.linkTarget = rest.slice(item.printed.length + 3);
    } else this.#index.take(rest.slice(0, rest.indexOf(" : ")));
  }

  #onHardLink(rest: string): void {
    const [path, target] = rest.split(` : ${OUTPUT_PATH}/`);
    const index = this.#index.take(path?.slice(OUTPUT_PATH.length + 1) ?? "");
    if (index !== undefined && target !== undefined) this.links.set(index, { kind: "hardlink", target });
  }

  #write(item: Item, chunk: Uint8Array): void {
    const { harvest, entries, hasAllEntries } = this.#request;
    item.sizeBytes += chunk.length;
    if (item.limit === undefined && this.#isWanted(item)) {
      item.limit = harvest.limitFor(item.sizeBytes);
      if (item.limit === undefined) {
        const expected = Math.min(this.#entryOf(item)?.sizeBytes ?? 0, harvest.limits.fileBytes);
        item.content.append(chunk, expected);
        return;
      }
      item.content = new ContentBuffer();
      if (hasAllEntries && item.entryIndex === entries.length - 1) throw new StopRun();
    }
    if (harvest.discard(chunk.length)) return;
    const detail = `more than ${harvest.limits.discardedBytes} bytes had to be unpacked to be thrown away`;
    harvest.problems.add(this.unreached("limit-work-bytes", detail, item.path));
    throw new StopRun();
  }

  #settle(): void {
    const item = this.#item;
    this.#item = undefined;
    if (item === undefined || !this.#isWanted(item)) return;
    if (item.error?.kind === "wrong-password") this.#lock(item);
    else if (this.#isLink(item)) {
      if (item.entryIndex === undefined || item.linkTarget === undefined) return;
      this.links.set(item.entryIndex, { kind: "symlink", target: item.linkTarget });
    } else this.#keep(item);
  }

  // Only what is empty is left out on the listing's word: devices and pipes.
  #isLink(item: Item): boolean {
    const kind = this.#entryOf(item)?.kind;
    return item.isRemoved ||
      (item.sizeBytes === 0 && (kind === "symlink" || kind === "hardlink" || kind === "special"));
  }

  #lock(item: Item): void {
    if (item.printed === undefined) return;
    this.locked.set(item.key, item.printed);
    const isHopeless = this.decryptedCount === 0 && this.locked.size >= GIVE_UP_AFTER;
    if (isHopeless && this.#request.mayGiveUp) this.#isOver = this.hasGivenUp = true;
  }

  #keep(item: Item): void {
    const { harvest, password } = this.#request;
    const { path: firstPath, error, limit } = item;
    const add = (kind: ProblemKind, detail: string) =>
      harvest.problems.add({ kind, detail, firstPath, entryCount: 1 });
    if (error !== undefined) add(error.kind, error.detail);
    if (limit !== undefined) add(limit, harvest.explain(limit, item.sizeBytes));
    const isLost = limit !== undefined || item.pathBytes === undefined ||
      (error !== undefined && item.sizeBytes === 0);
    if (isLost) return harvest.finish(item.key, this.#isFile(item));
    if (harvest.isFull) {
      const detail = `no more than ${harvest.limits.files} may be extracted`;
      harvest.problems.add(this.unreached("limit-files", detail, firstPath));
      this.#isOver = true;
      return;
    }
    const wasLocked = this.#entryOf(item)?.isEncrypted === true ||
      this.#request.locked?.has(item.key) === true;
    const isDecrypted = wasLocked && error === undefined && item.sizeBytes > 0;
    if (isDecrypted) this.decryptedCount++;
    harvest.finish(item.key, this.#isFile(item));
    harvest.keep(item.toFile(isDecrypted ? password : undefined));
  }

  // Of an entry that is not in the listing an error says that it is more than a folder.
  #isFile(item: Item): boolean {
    const entry = this.#entryOf(item);
    if (entry !== undefined) return entry.kind === "file";
    return item.pathBytes !== undefined || item.error !== undefined;
  }

  #isWanted(item: Item): boolean {
    return this.#request.locked === undefined || !this.#request.harvest.isFinished(item.key);
  }

  #entryOf(item: Item): Entry | undefined {
    return item.entryIndex === undefined ? undefined : this.#request.entries[item.entryIndex];
  }
}
