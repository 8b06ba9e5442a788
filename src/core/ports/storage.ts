/**
 * Writing files and fetching addresses, as those who install plugins are given them.
 *
 * @module
 */

/** Writing access to files. Paths are absolute. */
export interface Storage {
  /** Runs work while no other process does so with the same guard file; the folders on the way to it are made. */
  withGuard<T>(guardPath: string, work: () => Promise<T>): Promise<T>;
  /** Writes a file that must not exist, and makes the folders on the way to it. */
  writeNew(path: string, content: Uint8Array): Promise<void>;
  /** Puts a file in place of what is there, in one step: a reader sees the old or the new one whole. */
  replace(path: string, content: Uint8Array): Promise<void>;
  /** Moves a folder to a path where nothing is. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file or folder with everything in it. Does nothing when the path does not exist. */
  remove(path: string): Promise<void>;
}

/** The answer to one request. Redirections are answers too. */
export interface DownloadReply {
  readonly status: number;
  /** Where a redirection leads, as the server says. */
  readonly location: string | undefined;
  /** Media type in lower case, without parameters; empty where the server says none. */
  readonly mediaType: string;
  /** `undefined` when it is larger than it may be. */
  readonly content: Uint8Array | undefined;
}

/** Fetches addresses. */
export interface Downloads {
  /**
   * Asks once, follows nothing, sends no cookie and no credentials, and reads at most so many bytes.
   *
   * @throws {Error} whose message says why there is no answer
   */
  get(url: string, limitBytes: number): Promise<DownloadReply>;
}

/** Fetches what plugins import from npm. */
export interface PackageCache {
  /**
   * Fetches a module's packages into the cache from which runners load.
   *
   * @returns every package with its integrity (`sha512-…`), those too that others need; the integrity is empty where none is known
   * @throws {Error} whose message says why they can't be had
   */
  fill(modulePath: string): Promise<Readonly<Record<string, string>>>;
}
