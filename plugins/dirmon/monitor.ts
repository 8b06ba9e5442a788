/**
 * Finds the files of a folder that are new or changed, and complete.
 *
 * Events name paths; the state of the file decides. Every path takes the same steps: noted (by an event or by a listing of the
 * folder), examined, left to settle, examined again. Events get lost, so the whole folder is listed when the system reports that
 * it dropped some, and at regular intervals.
 *
 * @module
 */

import { type Logger, quote, type SkippedItem } from "../../src/plugin/define.ts";
import {
  type Clock,
  entryPath,
  isGone,
  isSystemError,
  type OutputGuard,
  relativeTo,
  RetryQueue,
  skippedEntry,
  skippedFile,
  Sleeper,
  type Storage,
  storageWith,
  SYSTEM_CLOCK,
} from "../../src/plugin/kit/mod.ts";
import { ChangeFeed, type WatchFolder, watchFolder } from "./change_feed.ts";
import { KeyedQueue } from "./keyed_queue.ts";
import { KnownFiles, markOf, refusalOf } from "./known_files.ts";
import { listFiles } from "./listing.ts";
import type { Selection } from "./selection.ts";
import { SkipReports } from "./skip_reports.ts";

/** Time between two full listings if there are events. */
export const SAFETY_LISTING_INTERVAL_MS = 60_000;

/** Time between two full listings if events were expected and the system gives none. */
export const FALLBACK_POLL_INTERVAL_MS = 5_000;

/** After so many losses in a row, each within two minutes, no events are requested for a minute. */
export const MAX_LOSSES_IN_A_ROW = 3;

/** What to watch, and how. */
export interface MonitorOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /** `root` with all links resolved, which the events of some systems have. */
  readonly realRoot: string;
  readonly selection: Selection;
  /** What the run writes; the selection leaves it out. */
  readonly outputs: Pick<OutputGuard, "refresh">;
  readonly isRecursive: boolean;
  /** Whether files that exist at the start are delivered. */
  readonly shouldDeliverExisting: boolean;
  /** How long a file must stay the same. */
  readonly settleMs: number;
  /** Time between two full listings without events; `undefined`: use events. */
  readonly pollIntervalMs: number | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Default: the machine's file system. */
  readonly storage?: Storage;
  /** For tests. */
  readonly clock?: Clock;
  /** For tests. */
  readonly watch?: WatchFolder;
}

/** A file that has stayed the same for long enough. */
export interface CompleteFile {
  /** Relative to the folder. */
  readonly path: string;
  /** Its state, as `markOf` writes it. */
  readonly mark: string;
}

/** A file that is to be delivered. */
export interface DueFile extends CompleteFile {
  /** Number of deliveries in this state, this one included. */
  readonly attempt: number;
}

/** A file with the mark that it had, or a folder that is to be listed again. */
interface Settling {
  readonly mark: string | undefined;
  readonly dueMs: number;
}

interface Listing {
  readonly files: AsyncGenerator<string, boolean>;
  readonly isFull: boolean;
}

/** Watches one folder. Only names of files are held, never contents. */
export class FolderMonitor {
  readonly #options: MonitorOptions;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #sleeper: Sleeper;
  readonly #skips: SkipReports;
  readonly #known = new KnownFiles();
  /** To be examined. */
  readonly #noted = new KeyedQueue<undefined>();
  /** All wait equally long, so the first is due first. */
  readonly #settling = new KeyedQueue<Settling>();
  /** To be delivered once more. */
  readonly #retries = new RetryQueue<CompleteFile>();
  /** To be listed. */
  readonly #folders = new KeyedQueue<undefined>();
  #listing: Listing | undefined;
  #listingIntervalMs: number;
  #nextFullListingMs = -Infinity;
  #isFirstListing: boolean;
  #feed: ChangeFeed | undefined;
  #watchedFolder: string | undefined;
  #losses = 0;
  #lastLossMs = -Infinity;
  #failure: { readonly reason: unknown } | undefined;
  readonly #stop = () => {
    void this.#feed?.close();
    this.#sleeper.wake();
  };

  private constructor(options: MonitorOptions) {
    this.#options = options;
    this.#storage = options.storage ?? storageWith(undefined);
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#sleeper = new Sleeper(this.#clock);
    this.#skips = new SkipReports(options.log);
    this.#listingIntervalMs = options.pollIntervalMs ?? SAFETY_LISTING_INTERVAL_MS;
    this.#isFirstListing = !options.shouldDeliverExisting;
  }

  /** Starts to watch; files that appear after it has resolved count as new. */
  static async open(options: MonitorOptions): Promise<FolderMonitor> {
    const monitor = new FolderMonitor(options);
    options.signal.addEventListener("abort", monitor.#stop);
    try {
      await monitor.#watch();
      while (monitor.#isFirstListing && !options.signal.aborted) await monitor.#advanceListing();
    } catch (error) {
      await monitor.close();
      throw error;
    }
    options.log.info(`watch the folder ${quote(options.root)}`);
    return monitor;
  }

  /**
   * Returns the next complete file, one that is due again, or what was skipped; `undefined` once the signal is aborted. Call
   * `delivered`, `examineAgain` or `refuse` for the previous file first.
   */
  async next(): Promise<DueFile | SkippedItem | undefined> {
    while (!this.#options.signal.aborted) {
      if (this.#failure) throw this.#failure.reason;
      const skipped = this.#skips.take();
      if (skipped) return skipped;
      const retry = this.#retries.takeDue(this.#clock.now());
      if (retry) return { ...retry.item, attempt: retry.attempt };
      const file = this.#retries.isFull ? "nothing to do" : await this.#advance();
      if (file === "nothing to do") await this.#sleep();
      else if (file) return { ...file, attempt: 1 };
    }
    return undefined;
  }

  /** Does one step, and returns a complete file if that finds one. */
  async #advance(): Promise<CompleteFile | "nothing to do" | undefined> {
    const settled = this.#takeSettled();
    if (settled) return await this.#checkSettled(...settled);
    const noted = this.#noted.take();
    if (noted) return void await this.#examine(noted[0]);
    return await this.#advanceListing() ? undefined : "nothing to do";
  }

  /** Remembers that a file was delivered in this state. */
  delivered({ path, mark }: CompleteFile): void {
    this.#known.remember(path, mark);
    this.#skips.end(path);
  }

  /** Delivers a file again later, unless it changes. */
  deliverLater({ path, mark, attempt }: DueFile): void {
    this.#retries.add({ path, mark }, attempt, this.#clock.now());
    this.#sleeper.wake();
  }

  /** Examines a file again that has changed before it could be delivered. */
  examineAgain(path: string): void {
    this.#noted.add(path, undefined);
  }

  /** Reports a file, and does not deliver it until it changes. */
  async refuse(path: string, item: SkippedItem): Promise<void> {
    const info = await this.#inspect(path);
    if (!info) return this.#known.forget(path);
    this.#skips.report(path, markOf(info), item);
    this.#known.remember(path, refusalOf(info));
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#options.signal.removeEventListener("abort", this.#stop);
    await this.#listing?.files.return(false);
    await this.#feed?.close();
  }

  /** Opens the feed. Opens it again if it was lost or another folder has replaced the one that is watched. */
  async #watch(): Promise<void> {
    const { root, isRecursive, pollIntervalMs, watch = watchFolder, signal } = this.#options;
    if (pollIntervalMs !== undefined || signal.aborted || this.#isGivenUp()) return;
    const folder = await this.#identify();
    if (folder === undefined || (this.#feed && folder === this.#watchedFolder)) return;
    await this.#feed?.close();
    if (signal.aborted) return;
    this.#watchedFolder = folder;
    this.#listingIntervalMs = SAFETY_LISTING_INTERVAL_MS;
    this.#feed = ChangeFeed.open(watch, root, isRecursive, {
      changed: (event) => this.#noteEvent(event),
      lost: (reason) => this.#lose(reason),
      failed: (reason) => {
        this.#failure = { reason };
        this.#sleeper.wake();
      },
    });
  }

  /** Says whether events were lost so often that none are requested now. */
  #isGivenUp(): boolean {
    return this.#losses >= MAX_LOSSES_IN_A_ROW &&
      this.#clock.now() < this.#lastLossMs + SAFETY_LISTING_INTERVAL_MS;
  }

  async #identify(): Promise<string | undefined> {
    try {
      const { dev, ino } = await this.#storage.stat(this.#options.root);
      return `${dev}:${ino}`;
    } catch (error) {
      if (isSystemError(error)) return undefined;
      throw error;
    }
  }

  /** Lists the folder again, which opens the feed again. */
  #lose(reason: string): void {
    this.#feed = undefined;
    const nowMs = this.#clock.now();
    const isInARow = nowMs - this.#lastLossMs <= 2 * SAFETY_LISTING_INTERVAL_MS;
    this.#lastLossMs = nowMs;
    this.#losses = isInARow ? this.#losses + 1 : 1;
    const what = `watch ${quote(this.#options.root)} by events`;
    if (this.#losses < MAX_LOSSES_IN_A_ROW) {
      this.#options.log.info(`${what}: ${reason}; the folder is listed again`);
    } else {
      this.#listingIntervalMs = FALLBACK_POLL_INTERVAL_MS;
      const seconds = FALLBACK_POLL_INTERVAL_MS / 1000;
      // One warning until events work again.
      if (this.#losses === MAX_LOSSES_IN_A_ROW) {
        this.#options.log.warn(`${what}: look every ${seconds} s instead: ${reason}`);
      }
    }
    this.#listNow();
  }

  #listNow(): void {
    this.#nextFullListingMs = -Infinity;
    this.#sleeper.wake();
  }

  #noteEvent({ kind, paths, flag }: Deno.FsEvent): void {
    if (flag === "rescan") return this.#listNow();
    // Reading a file causes these.
    if (kind === "access") return;
    const { root, realRoot, selection } = this.#options;
    for (const absolute of paths) {
      const path = relativeTo(root, absolute) ?? relativeTo(realRoot, absolute);
      if (path === "") this.#listNow();
      if (!path || !selection.isReachable(path)) continue;
      if (kind === "create" || kind === "rename") this.#known.appeared(path);
      if (!this.#settling.has(path)) this.#noted.add(path, undefined);
    }
    this.#sleeper.wake();
  }

  #takeSettled(): readonly [path: string, settling: Settling] | undefined {
    const first = this.#settling.peek();
    return first && first[1].dueMs <= this.#clock.now() ? this.#settling.take() : undefined;
  }

  /** Examines a path for the first time. */
  async #examine(path: string): Promise<void> {
    const info = await this.#inspect(path);
    if (!info) return this.#known.forget(path);
    if (info.isDirectory) {
      if (!this.#options.selection.entersFolder(path) || await this.#isBehindLink(path)) return;
      this.#folders.add(path, undefined);
      // The system may start to watch a new folder after it was listed.
      this.#settle(path, undefined);
    } else if (this.#options.selection.takesFile(path)) {
      if (this.#known.isKnown(path, info) || await this.#isBehindLink(path)) return;
      if (this.#isFirstListing) {
        // If an event came before the listing, the file is new.
        if (!this.#noted.has(path)) this.#known.rememberAtStart(path, info);
      } else if (info.isFile) this.#settle(path, markOf(info));
      else this.#passOver(path, info);
    }
  }

  /** Reports a link, device, pipe or socket. */
  #passOver(path: string, info: Deno.FileInfo): void {
    this.#skips.report(path, markOf(info), skippedEntry(this.#absolute(path), info));
    this.#known.remember(path, markOf(info));
  }

  /** Reports a path, unless it existed at the start and such files are not delivered. */
  #reportUnlessOld(path: string, item: SkippedItem): void {
    if (this.#isFirstListing) this.#skips.ignore(path, item.code);
    else this.#skips.report(path, item.code, item);
  }

  /** Says whether a path leads through a link: some systems also send events of folders to which links lead. */
  async #isBehindLink(path: string): Promise<boolean> {
    if (!path.includes("/")) return false;
    try {
      const realRoot = await this.#storage.realPath(this.#options.root);
      return relativeTo(realRoot, await this.#storage.realPath(this.#absolute(path))) !== path;
    } catch (error) {
      if (isSystemError(error)) return true;
      throw error;
    }
  }

  /** Examines a path again until it has not changed in between. */
  async #checkSettled(path: string, { mark }: Settling): Promise<CompleteFile | undefined> {
    if (mark === undefined) {
      this.#folders.add(path, undefined);
      return undefined;
    }
    const info = await this.#inspect(path);
    if (!info) {
      this.#known.forget(path);
      this.#options.log.info(`skip a file: ${quote(this.#absolute(path))} vanished before it was complete`);
    } else if (info.isFile) {
      if (markOf(info) === mark) return { path, mark };
      this.#settle(path, markOf(info));
    }
    return undefined;
  }

  #settle(path: string, mark: string | undefined): void {
    this.#settling.add(path, { mark, dueMs: this.#clock.now() + this.#options.settleMs });
  }

  /** Returns the state of a path; `undefined` if it can't be read. */
  async #inspect(path: string): Promise<Deno.FileInfo | undefined> {
    const absolute = this.#absolute(path);
    try {
      return await this.#storage.lstat(absolute);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (isGone(error)) this.#skips.end(path);
      else this.#reportUnlessOld(path, skippedFile(absolute, error));
      return undefined;
    }
  }

  #absolute(path: string): string {
    return entryPath(this.#options.root, path);
  }

  /** Does one step of listing; returns whether there was one. */
  async #advanceListing(): Promise<boolean> {
    this.#listing ??= await this.#beginListing();
    if (!this.#listing) return false;
    const { files, isFull } = this.#listing;
    const next = await files.next();
    if (!next.done) {
      // A file that settles is examined later.
      if (!this.#settling.has(next.value)) await this.#examine(next.value);
      return true;
    }
    this.#listing = undefined;
    if (isFull) {
      this.#known.endListing(next.value);
      this.#isFirstListing = false;
      // It is earlier if another listing was requested in the meantime.
      const nextMs = this.#clock.now() + this.#listingIntervalMs;
      this.#nextFullListingMs = Math.min(this.#nextFullListingMs, nextMs);
    }
    return true;
  }

  async #beginListing(): Promise<Listing | undefined> {
    const { root, selection } = this.#options;
    const isFull = this.#nextFullListingMs <= this.#clock.now();
    const from = isFull ? "" : this.#folders.take()?.[0];
    if (from === undefined) return undefined;
    this.#options.outputs.refresh();
    if (isFull) {
      this.#nextFullListingMs = Infinity;
      await this.#watch();
      this.#known.beginListing();
    }
    return {
      files: listFiles(from, { root, selection, skips: this.#skips, storage: this.#storage }),
      isFull,
    };
  }

  async #sleep(): Promise<void> {
    const dueMs = this.#settling.peek()?.[1].dueMs ?? Infinity;
    const newMs = this.#retries.isFull ? Infinity : Math.min(dueMs, this.#nextFullListingMs);
    await this.#sleeper.sleep(Math.min(newMs, this.#retries.nextDueMs));
  }
}
