/**
 * What dirmon remembers of existing files.
 *
 * @module
 */

/** Returns a text that differs between two states of a file, as far as that shows without reading it. */
export function markOf(info: Deno.FileInfo): string {
  return `${info.dev}:${info.ino}:${info.size}:${info.mtime?.getTime()}`;
}

/**
 * Returns the mark of a file that can't be read. It also differs between permissions, because a change of these can make the
 * file readable. Permissions beyond owner and mode show in `ctime` alone, which Deno gives in whole seconds.
 */
export function refusalOf(info: Deno.FileInfo): string {
  const { mode, uid, gid, ctime } = info;
  return `${markOf(info)}:refused:${mode}:${uid}:${gid}:${ctime?.getTime()}`;
}

/** Begins the mark of a file that existed at the start. */
const AT_START = "at-start:";

/**
 * Path → mark of every file that needs no action until it changes. Files that a full listing of the folder does not find are
 * forgotten, so that the memory holds only files that exist.
 */
export class KnownFiles {
  #marks = new Map<string, string>();
  /** During a listing: what it has not found yet. */
  #unmet = new Map<string, string>();

  /** Number of files. */
  get size(): number {
    return this.#marks.size + this.#unmet.size;
  }

  /** Says whether a file is known in its present state; a listing has found it then. */
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

  /** Remembers a file that existed at the start. */
  rememberAtStart(path: string, info: Deno.FileInfo): void {
    this.remember(path, AT_START + markOf(info));
  }

  /** Forgets that a file existed at the start, since it has appeared. */
  appeared(path: string): void {
    if (this.#meet(path)?.startsWith(AT_START)) this.#marks.delete(path);
  }

  /** Forgets a file that is gone. */
  forget(path: string): void {
    this.#unmet.delete(path);
    this.#marks.delete(path);
  }

  /** Begins a listing of the whole folder. */
  beginListing(): void {
    this.#unmet = this.#marks;
    this.#marks = new Map();
  }

  /** Ends the listing. If it could not see everything, files that it did not find may still exist. */
  endListing(hasSeenAll: boolean): void {
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
