/**
 * The system's events about files, consumed at once: Deno queues them and drops those beyond some number, and the consumer of
 * the payloads may be slow.
 *
 * @module
 */

/** The part of `Deno.FsWatcher` that is used. */
export interface FolderWatcher extends AsyncIterable<Deno.FsEvent> {
  /** Ends the events. */
  close(): void;
}

/** Starts to watch a folder; throws if the system refuses. */
export type WatchFolder = (folder: string, isRecursive: boolean) => FolderWatcher;

/** Watches through Deno. */
export const watchFolder: WatchFolder = (folder, isRecursive) =>
  Deno.watchFs(folder, { recursive: isRecursive });

/** Receives the events. */
export interface ChangeListener {
  /** Something may have happened to these absolute paths. */
  changed(event: Deno.FsEvent): void;
  /** The events ended, although the feed was not closed; some may have been lost before. */
  lost(reason: string): void;
  /** `changed` threw: a defect, which must be reported. */
  failed(error: unknown): void;
}

/** The events of one folder, until the feed is closed or lost. */
export class ChangeFeed {
  readonly #watcher: FolderWatcher;
  readonly #ended: Promise<void>;
  #isClosed = false;

  private constructor(watcher: FolderWatcher, listener: ChangeListener) {
    this.#watcher = watcher;
    this.#ended = this.#forward(listener);
  }

  /**
   * Returns a feed; `undefined`, after a call of `lost`, if the system gives no events.
   *
   * @throws {Deno.errors.NotCapable} if the folder must not be read
   */
  static open(
    watch: WatchFolder,
    folder: string,
    isRecursive: boolean,
    listener: ChangeListener,
  ): ChangeFeed | undefined {
    let watcher: FolderWatcher;
    try {
      watcher = watch(folder, isRecursive);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      listener.lost(reasonOf(error));
      return undefined;
    }
    return new ChangeFeed(watcher, listener);
  }

  /** Ends the feed; resolves when it has ended. */
  close(): Promise<void> {
    this.#closeWatcher();
    return this.#ended;
  }

  #closeWatcher(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watcher.close();
  }

  /** Never rejects: the promise is awaited only when the feed is closed. */
  async #forward(listener: ChangeListener): Promise<void> {
    const events = this.#watcher[Symbol.asyncIterator]();
    for (;;) {
      const next = await nextOf(events);
      if (this.#isClosed) return;
      if (typeof next === "string") {
        this.#closeWatcher();
        return listener.lost(next);
      }
      try {
        listener.changed(next);
      } catch (error) {
        this.#closeWatcher();
        return listener.failed(error);
      }
    }
  }
}

/** Returns the next event, or why there is none. */
async function nextOf(events: AsyncIterator<Deno.FsEvent>): Promise<Deno.FsEvent | string> {
  try {
    const { done, value } = await events.next();
    return done ? "the events ended" : value;
  } catch (error) {
    // Any error: for example, an event about a name that is not UTF-8 is a TypeError of Deno.
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
