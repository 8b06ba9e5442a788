/**
 * The system's events about files, consumed as they come: they queue up in Deno, which drops them beyond some
 * number, and the consumer of the payloads may take its time.
 *
 * @module
 */

/** As much of `Deno.FsWatcher` as is needed here. */
export interface FolderWatcher extends AsyncIterable<Deno.FsEvent> {
  /** Ends the events. */
  close(): void;
}

/** Starts to watch a folder; throws where the system does not let it. */
export type WatchFolder = (folder: string, isRecursive: boolean) => FolderWatcher;

/** Deno's own. */
export const watchFolder: WatchFolder = (folder, isRecursive) =>
  Deno.watchFs(folder, { recursive: isRecursive });

/** What becomes of the events. */
export interface ChangeListener {
  /** Something may have happened to these absolute paths. */
  changed(event: Deno.FsEvent): void;
  /** There will be no more events, though nobody closed the feed. */
  lost(reason: string): void;
}

/** Events of one folder, until it is closed. */
export class ChangeFeed {
  readonly #watcher: FolderWatcher;
  readonly #ended: Promise<void>;
  #isClosed = false;

  private constructor(watcher: FolderWatcher, listener: ChangeListener) {
    this.#watcher = watcher;
    this.#ended = this.#forward(listener);
  }

  /** Opens a feed; `undefined`, and the listener told, where events can't be had. */
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
      listener.lost(reasonOf(error));
      return undefined;
    }
    return new ChangeFeed(watcher, listener);
  }

  /** Ends the feed; resolves when nothing of it is left. */
  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#watcher.close();
    }
    return this.#ended;
  }

  async #forward(listener: ChangeListener): Promise<void> {
    try {
      for await (const event of this.#watcher) {
        if (this.#isClosed) return;
        listener.changed(event);
      }
      if (!this.#isClosed) listener.lost("the events ended");
    } catch (error) {
      if (this.#isClosed) return;
      listener.lost(reasonOf(error));
    }
  }
}

/** Deno gives errors of its watcher no class of their own, so bugs and refused permissions are sorted out. */
function reasonOf(error: unknown): string {
  const isBug = !(error instanceof Error) || error instanceof TypeError || error instanceof RangeError ||
    error instanceof ReferenceError;
  if (isBug || error instanceof Deno.errors.NotCapable) throw error;
  return error.message;
}
