/**
 * What dirmon remembers of the files that are there.
 *
 * @module
 */

/** The difference between two states of a file, as far as it can be seen without reading it. */
export function markOf(info: Deno.FileInfo): string {
  return `${info.dev}:${info.ino}:${info.size}:${info.mtime?.getTime()}`;
}

/**
 * The mark of a file that can't be read: other permissions are worth another try. Those beyond owner and mode
 * show in `ctime` alone, which Deno gives in whole seconds.
 */
export function refusalOf(info: Deno.FileInfo): string {
  const { mode, uid, gid, ctime } = info;
  return `${markOf(info)}:refused:${mode}:${uid}:${gid}:${ctime?.getTime()}`;
}

/** Before the mark of a file that was there at the start. */
const AT_START = "at-start:";

/**
 * Path → mark of every file that needs nothing more, until it changes. What a full scan of the folder does not
 * meet is forgotten, so that the memory holds files that exist and no others.
 */
export class KnownFiles {
  #marks = new Map<string, string>();
  /** During a scan: what it has not met yet. */
  #unmet = new Map<string, string>();

  /** Number of files. */
  get size(): number {
    return this.#marks.size + this.#unmet.size;
  }

  /** Whether a file is known as it is now; a scan has met it then. */
  isKnown(path: string, info: Deno.FileInfo): boolean {
    const mark = this.#meet(path);
    if (mark === undefined) return false;
    return [markOf(info), refusalOf(info), AT_START + markOf(info)].includes(mark);
  }

  /** Remembers a file that was delivered or refused. */
  remember(path: string, mark: string): void {
    this.#unmet.delete(path);
    this.#marks.set(path, mark);
  }

  /** Remembers a file that was there at the start. */
  rememberAtStart(path: string, info: Deno.FileInfo): void {
    this.remember(path, AT_START + markOf(info));
  }

  /** A file has appeared: if it was taken for one that was there at the start, that was wrong. */
  appeared(path: string): void {
    if (this.#meet(path)?.startsWith(AT_START)) this.#marks.delete(path);
  }

  /** Forgets a file that is gone. */
  forget(path: string): void {
    this.#unmet.delete(path);
    this.#marks.delete(path);
  }

  /** A scan of the whole folder begins. */
  beginScan(): void {
    this.#unmet = this.#marks;
    this.#marks = new Map();
  }

  /** The scan has ended; where it could not see everything, what it did not meet may still be there. */
  endScan(hasSeenAll: boolean): void {
    if (!hasSeenAll) { for (const [path, mark] of this.#unmet) this.#marks.set(path, mark); }
    this.#unmet = new Map();
  }

  #meet(path: string): string | undefined {
    const mark = this.#unmet.get(path);
    if (mark === undefined) return this.#marks.get(path);
    this.remember(path, mark);
    return mark;
  }
}
