/**
 * Finds the files of a folder that are new or changed, and complete.
 *
 * Events say where to look; what counts is what a look at the file finds. Every path takes the same way: noted
 * (by an event or by a scan of the folder), looked at, left to settle, looked at again. Events get lost, so a
 * scan of everything comes when the system says that it dropped some, and from time to time in any case.
 *
 * @module
 */

import { type Logger, quote } from "../../src/plugin/define.ts";
import { entryPath, isGone, isSystemError, relativeTo, systemReason } from "../../src/plugin/kit/mod.ts";
import { ChangeFeed, type WatchFolder, watchFolder } from "./change_feed.ts";
import { Bell, type Clock, SYSTEM_CLOCK } from "./clock.ts";
import { KeyedQueue } from "./keyed_queue.ts";
import { KnownFiles, markOf, refusalOf } from "./known_files.ts";
import { listFiles } from "./listing.ts";
import type { Selection } from "./selection.ts";
import { Troubles } from "./troubles.ts";

/** How long after a full scan the next one comes, when there are events. */
export const SAFETY_SCAN_INTERVAL_MS = 60_000;

/** The same where events were expected and can't be had. */
export const FALLBACK_POLL_INTERVAL_MS = 5_000;

/** What to watch, and how. */
export interface MonitorOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /** The same with all links resolved: some systems write events so. */
  readonly realRoot: string;
  readonly selection: Selection;
  readonly isRecursive: boolean;
  /** Whether files that are there at the start are of interest. */
  readonly shouldDeliverExisting: boolean;
  /** How long a file must stay the same. */
  readonly settleMs: number;
  /** How long after a full scan the next one comes, without events; `undefined`: with events. */
  readonly pollIntervalMs: number | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
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
  readonly #clock: Clock;
  readonly #bell: Bell;
  readonly #troubles: Troubles;
  readonly #known = new KnownFiles();
  /** To be looked at. */
  readonly #noted = new KeyedQueue<undefined>();
  /** All wait equally long, so that the first is the first to be due. */
  readonly #settling = new KeyedQueue<Settling>();
  /** To be listed. */
  readonly #folders = new KeyedQueue<undefined>();
  #scan: Scan | undefined;
  #scanIntervalMs: number;
  #nextFullScanMs = -Infinity;
  #isTakingStock: boolean;
  #feed: ChangeFeed | undefined;
  #watchedFolder: string | undefined;
  readonly #stop = () => {
    void this.#feed?.close();
    this.#bell.ring();
  };

  private constructor(options: MonitorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#bell = new Bell(this.#clock);
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

  /** The next complete file; `undefined` once the signal is aborted. What it gave before must be told first. */
  async next(): Promise<CompleteFile | undefined> {
    while (!this.#options.signal.aborted) {
      const settled = this.#takeSettled();
      if (settled) {
        const file = await this.#checkSettled(...settled);
        if (file) return file;
        continue;
      }
      const noted = this.#noted.take();
      if (noted) await this.#look(noted[0]);
      else if (!await this.#advanceScan()) await this.#sleep();
    }
    return undefined;
  }

  /** A file was delivered in this state. */
  delivered({ path, mark }: CompleteFile): void {
    this.#known.remember(path, mark);
    this.#troubles.end(path);
  }

  /** A file was not delivered, and should come again when it is complete. */
  retry(path: string): void {
    this.#noted.add(path, undefined);
  }

  /** A file can't be delivered until it changes. */
  async refuse(path: string, reason: string): Promise<void> {
    const info = await this.#inspect(path);
    if (!info) return this.#known.forget(path);
    this.#troubles.tell(path, `skip a file: ${reason}`);
    this.#known.remember(path, refusalOf(info));
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#options.signal.removeEventListener("abort", this.#stop);
    await this.#scan?.files.return(false);
    await this.#feed?.close();
  }

  /** Opens the feed, and again when another folder has taken the place of the one that is watched. */
  async #watch(): Promise<void> {
    const { root, isRecursive, pollIntervalMs, watch = watchFolder, signal } = this.#options;
    if (pollIntervalMs !== undefined || signal.aborted) return;
    const folder = await this.#identify();
    if (folder === undefined || folder === this.#watchedFolder) return;
    await this.#feed?.close();
    if (signal.aborted) return;
    this.#watchedFolder = folder;
    this.#scanIntervalMs = SAFETY_SCAN_INTERVAL_MS;
    this.#feed = ChangeFeed.open(watch, root, isRecursive, {
      changed: (event) => this.#noteEvent(event),
      lost: (reason) => this.#poll(reason),
    });
  }

  async #identify(): Promise<string | undefined> {
    try {
      const { dev, ino } = await Deno.stat(this.#options.root);
      return `${dev}:${ino}`;
    } catch (error) {
      if (isSystemError(error)) return undefined;
      throw error;
    }
  }

  #poll(reason: string): void {
    const seconds = FALLBACK_POLL_INTERVAL_MS / 1000;
    this.#options.log.warn(
      `watch ${quote(this.#options.root)} by events, look every ${seconds} s instead: ${reason}`,
    );
    this.#scanIntervalMs = FALLBACK_POLL_INTERVAL_MS;
    this.#scanNow();
  }

  #scanNow(): void {
    this.#nextFullScanMs = -Infinity;
    this.#bell.ring();
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
    this.#bell.ring();
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
    } else if (info.isFile && this.#options.selection.takesFile(path)) {
      if (this.#known.isKnown(path, info) || await this.#isBehindLink(path)) return;
      if (!this.#isTakingStock) this.#settle(path, markOf(info));
      // An event that came before the listing says that it is new.
      else if (!this.#noted.has(path)) this.#known.rememberAtStart(path, info);
    }
  }

  /** Some systems also send the events of folders to which links lead, by the link's name. */
  async #isBehindLink(path: string): Promise<boolean> {
    if (!path.includes("/")) return false;
    try {
      const realRoot = await Deno.realPath(this.#options.root);
      return relativeTo(realRoot, await Deno.realPath(this.#absolute(path))) !== path;
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
      return await Deno.lstat(absolute);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (!isGone(error)) {
        this.#troubles.tell(path, `skip a file: look at ${quote(absolute)}: ${systemReason(error)}`);
      } else if (path.includes("\uFFFD")) {
        this.#troubles.tell(path, `skip a file: the name of ${quote(absolute)} is not UTF-8 and should be`);
      } else {
        this.#troubles.end(path);
      }
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
    if (isFull) {
      this.#nextFullScanMs = Infinity;
      await this.#watch();
      this.#known.beginScan();
    }
    return { files: listFiles(from, { root, selection, troubles: this.#troubles }), isFull };
  }

  async #sleep(): Promise<void> {
    const dueMs = this.#settling.peek()?.[1].dueMs ?? Infinity;
    await this.#bell.sleep(Math.min(dueMs, this.#nextFullScanMs));
  }
}
