/**
 * Finds the files of a folder that are new or changed, and complete.
 *
 * Events say where to look; what counts is what a look at the file finds. Every path takes the same way: noted
 * (by an event or by a scan of the folder), looked at, left to settle, looked at again. Events get lost, so a
 * scan of everything comes when the system says that it dropped some, and from time to time in any case.
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
import { Troubles } from "./troubles.ts";

/** How long after a full scan the next one comes, when there are events. */
export const SAFETY_SCAN_INTERVAL_MS = 60_000;

/** The same where events were expected and can't be had. */
export const FALLBACK_POLL_INTERVAL_MS = 5_000;

/** After so many losses in a row, at most two minutes from one to the next, events are not asked for during a minute. */
export const MAX_LOSSES_IN_A_ROW = 3;

/** What to watch, and how. */
export interface MonitorOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /** The same with all links resolved: some systems write events so. */
  readonly realRoot: string;
  readonly selection: Selection;
  /** What the run writes; the selection leaves it out. */
  readonly outputs: Pick<OutputGuard, "refresh">;
  readonly isRecursive: boolean;
  /** Whether files that are there at the start are of interest. */
  readonly shouldDeliverExisting: boolean;
  /** How long a file must stay the same. */
  readonly settleMs: number;
  /** How long after a full scan the next one comes, without events; `undefined`: with events. */
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
  /** How often it has been delivered in this state, this time included. */
  readonly attempt: number;
}

/** What settles: a file with the mark that it had, or a folder that is listed once more. */
interface Settling {
  readonly mark: string | undefined;
  readonly dueMs: number;
}

interface Scan {
  readonly files: AsyncGenerator<string, boolean>;
  readonly isFull: boolean;
}

/** Watches one folder. Only names of files are held, never contents. */
export class FolderMonitor {
  readonly #options: MonitorOptions;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #sleeper: Sleeper;
  readonly #troubles: Troubles;
  readonly #known = new KnownFiles();
  /** To be looked at. */
  readonly #noted = new KeyedQueue<undefined>();
  /** All wait equally long, so that the first is the first to be due. */
  readonly #settling = new KeyedQueue<Settling>();
  /** To be delivered once more. */
  readonly #retries = new RetryQueue<CompleteFile>();
  /** To be listed. */
  readonly #folders = new KeyedQueue<undefined>();
  #scan: Scan | undefined;
  #scanIntervalMs: number;
  #nextFullScanMs = -Infinity;
  #isTakingStock: boolean;
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
    this.#troubles = new Troubles(options.log);
    this.#scanIntervalMs = options.pollIntervalMs ?? SAFETY_SCAN_INTERVAL_MS;
    this.#isTakingStock = !options.shouldDeliverExisting;
  }

  /** Starts to watch; files that appear after it resolved count as new. */
  static async open(options: MonitorOptions): Promise<FolderMonitor> {
    const monitor = new FolderMonitor(options);
    options.signal.addEventListener("abort", monitor.#stop);
    try {
      await monitor.#watch();
      while (monitor.#isTakingStock && !options.signal.aborted) await monitor.#advanceScan();
    } catch (error) {
      await monitor.close();
      throw error;
    }
    options.log.info(`watch the folder ${quote(options.root)}`);
    return monitor;
  }

  /**
   * Returns the next complete file, one that is due again, or what was skipped; `undefined` once the signal is aborted. Call
   * `delivered`, `lookAgain` or `refuse` for the previous file first.
   */
  async next(): Promise<DueFile | SkippedItem | undefined> {
    while (!this.#options.signal.aborted) {
      if (this.#failure) throw this.#failure.reason;
      const skipped = this.#troubles.take();
      if (skipped) return skipped;
      const retry = this.#retries.takeDue(this.#clock.now());
      if (retry) return { ...retry.item, attempt: retry.attempt };
      const file = this.#retries.isFull ? "nothing to do" : await this.#advance();
      if (file === "nothing to do") await this.#sleep();
      else if (file) return { ...file, attempt: 1 };
    }
    return undefined;
  }

  /** Does one step, which may find a complete file. */
  async #advance(): Promise<CompleteFile | "nothing to do" | undefined> {
    const settled = this.#takeSettled();
    if (settled) return await this.#checkSettled(...settled);
    const noted = this.#noted.take();
    if (noted) return void await this.#look(noted[0]);
    return await this.#advanceScan() ? undefined : "nothing to do";
  }

  /** A file was delivered in this state. */
  delivered({ path, mark }: CompleteFile): void {
    this.#known.remember(path, mark);
    this.#troubles.end(path);
  }

  /** A delivery failed, and the file should be delivered again later, unless it changes. */
  deliverLater({ path, mark, attempt }: DueFile): void {
    this.#retries.add({ path, mark }, attempt, this.#clock.now());
    this.#sleeper.wake();
  }

  /** A file was not delivered, because it has changed, and should be when it is complete. */
  lookAgain(path: string): void {
    this.#noted.add(path, undefined);
  }

  /** A file can't be delivered until it changes. */
  async refuse(path: string, item: SkippedItem): Promise<void> {
    const info = await this.#inspect(path);
    if (!info) return this.#known.forget(path);
    this.#troubles.report(path, markOf(info), item);
    this.#known.remember(path, refusalOf(info));
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#options.signal.removeEventListener("abort", this.#stop);
    await this.#scan?.files.return(false);
    await this.#feed?.close();
  }

  /** Opens the feed; again when it was lost, or another folder has taken the place of the one that is watched. */
  async #watch(): Promise<void> {
    const { root, isRecursive, pollIntervalMs, watch = watchFolder, signal } = this.#options;
    if (pollIntervalMs !== undefined || signal.aborted || this.#isGivenUp()) return;
    const folder = await this.#identify();
    if (folder === undefined || (this.#feed && folder === this.#watchedFolder)) return;
    await this.#feed?.close();
    if (signal.aborted) return;
    this.#watchedFolder = folder;
    this.#scanIntervalMs = SAFETY_SCAN_INTERVAL_MS;
    this.#feed = ChangeFeed.open(watch, root, isRecursive, {
      changed: (event) => this.#noteEvent(event),
      lost: (reason) => this.#lose(reason),
      failed: (reason) => {
        this.#failure = { reason };
        this.#sleeper.wake();
      },
    });
  }

  /** Whether events were lost so often that they are not asked for now. */
  #isGivenUp(): boolean {
    return this.#losses >= MAX_LOSSES_IN_A_ROW &&
      this.#clock.now() < this.#lastLossMs + SAFETY_SCAN_INTERVAL_MS;
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

  /** Lists the folder again, for which the feed is opened again as well. */
  #lose(reason: string): void {
    this.#feed = undefined;
    const nowMs = this.#clock.now();
    const isInARow = nowMs - this.#lastLossMs <= 2 * SAFETY_SCAN_INTERVAL_MS;
    this.#lastLossMs = nowMs;
    this.#losses = isInARow ? this.#losses + 1 : 1;
    const what = `watch ${quote(this.#options.root)} by events`;
    if (this.#losses < MAX_LOSSES_IN_A_ROW) {
      this.#options.log.info(`${what}: ${reason}; the folder is listed again`);
    } else {
      this.#scanIntervalMs = FALLBACK_POLL_INTERVAL_MS;
      const seconds = FALLBACK_POLL_INTERVAL_MS / 1000;
      // One warning until events work again.
      if (this.#losses === MAX_LOSSES_IN_A_ROW) {
        this.#options.log.warn(`${what}: look every ${seconds} s instead: ${reason}`);
      }
    }
    this.#scanNow();
  }

  #scanNow(): void {
    this.#nextFullScanMs = -Infinity;
    this.#sleeper.wake();
  }

  #noteEvent({ kind, paths, flag }: Deno.FsEvent): void {
    if (flag === "rescan") return this.#scanNow();
    // Our own reading makes these.
    if (kind === "access") return;
    const { root, realRoot, selection } = this.#options;
    for (const absolute of paths) {
      const path = relativeTo(root, absolute) ?? relativeTo(realRoot, absolute);
      if (path === "") this.#scanNow();
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

  /** The first look. */
  async #look(path: string): Promise<void> {
    const info = await this.#inspect(path);
    if (!info) return this.#known.forget(path);
    if (info.isDirectory) {
      if (!this.#options.selection.entersFolder(path) || await this.#isBehindLink(path)) return;
      this.#folders.add(path, undefined);
      // The system may watch a new folder only a moment after we listed it.
      this.#settle(path, undefined);
    } else if (this.#options.selection.takesFile(path)) {
      if (this.#known.isKnown(path, info) || await this.#isBehindLink(path)) return;
      if (this.#isTakingStock) {
        // An event that came before the listing says that it is new.
        if (!this.#noted.has(path)) this.#known.rememberAtStart(path, info);
      } else if (info.isFile) this.#settle(path, markOf(info));
      else this.#passOver(path, info);
    }
  }

  /** A link, device, pipe or socket. */
  #passOver(path: string, info: Deno.FileInfo): void {
    this.#troubles.report(path, markOf(info), skippedEntry(this.#absolute(path), info));
    this.#known.remember(path, markOf(info));
  }

  /** Reports a path, unless it existed at the start and such files are not to be delivered. */
  #reportUnlessOld(path: string, item: SkippedItem): void {
    if (this.#isTakingStock) this.#troubles.ignore(path, item.code);
    else this.#troubles.report(path, item.code, item);
  }

  /** Some systems also send the events of folders to which links lead, by the link's name. */
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

  /** The second look, and more of them until it finds what the one before found. */
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

  /** What is at a path, if it can be seen. */
  async #inspect(path: string): Promise<Deno.FileInfo | undefined> {
    const absolute = this.#absolute(path);
    try {
      return await this.#storage.lstat(absolute);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (isGone(error)) this.#troubles.end(path);
      else this.#reportUnlessOld(path, skippedFile(absolute, error));
      return undefined;
    }
  }

  #absolute(path: string): string {
    return entryPath(this.#options.root, path);
  }

  /** Does one step of what there is to list; whether there was one. */
  async #advanceScan(): Promise<boolean> {
    this.#scan ??= await this.#beginScan();
    if (!this.#scan) return false;
    const { files, isFull } = this.#scan;
    const next = await files.next();
    if (!next.done) {
      // A file that settles is looked at anyway.
      if (!this.#settling.has(next.value)) await this.#look(next.value);
      return true;
    }
    this.#scan = undefined;
    if (isFull) {
      this.#known.endScan(next.value);
      this.#isTakingStock = false;
      // It is earlier when another scan was asked for meanwhile.
      const nextMs = this.#clock.now() + this.#scanIntervalMs;
      this.#nextFullScanMs = Math.min(this.#nextFullScanMs, nextMs);
    }
    return true;
  }

  async #beginScan(): Promise<Scan | undefined> {
    const { root, selection } = this.#options;
    const isFull = this.#nextFullScanMs <= this.#clock.now();
    const from = isFull ? "" : this.#folders.take()?.[0];
    if (from === undefined) return undefined;
    this.#options.outputs.refresh();
    if (isFull) {
      this.#nextFullScanMs = Infinity;
      await this.#watch();
      this.#known.beginScan();
    }
    return {
      files: listFiles(from, { root, selection, troubles: this.#troubles, storage: this.#storage }),
      isFull,
    };
  }

  async #sleep(): Promise<void> {
    const dueMs = this.#settling.peek()?.[1].dueMs ?? Infinity;
    const newMs = this.#retries.isFull ? Infinity : Math.min(dueMs, this.#nextFullScanMs);
    await this.#sleeper.sleep(Math.min(newMs, this.#retries.nextDueMs));
  }
}
