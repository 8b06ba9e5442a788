/**
 * Files whose names are not UTF-8, which the runtime's own functions can't name.
 *
 * @module
 */

/** What the system says of a file, in the names that Deno uses. */
export interface RawInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly isBlockDevice: boolean | null;
  readonly isCharDevice: boolean | null;
  readonly isFifo: boolean | null;
  readonly isSocket: boolean | null;
  /** In bytes. */
  readonly size: number;
  readonly mtime: Date | null;
  readonly atime: Date | null;
  readonly birthtime: Date | null;
  readonly ctime: Date | null;
  readonly dev: number;
  readonly ino: number | null;
  readonly mode: number | null;
  readonly nlink: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly rdev: number | null;
  readonly blksize: number | null;
  readonly blocks: number | null;
}

/** An entry of a folder; what it is itself, a link being a link. */
export interface RawEntry {
  /** Raw text. */
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** An open file, as Deno's. */
export interface RawFile extends Disposable {
  read(target: Uint8Array): Promise<number | null>;
  readSync(target: Uint8Array): number | null;
  write(bytes: Uint8Array): Promise<number>;
  writeSync(bytes: Uint8Array): number;
  stat(): Promise<RawInfo>;
  statSync(): RawInfo;
  sync(): Promise<void>;
  close(): void;
}

/**
 * The file system by names of any bytes. Paths are absolute raw text (`raw_name.ts`), of UTF-8 or not. A symbolic link is followed
 * in front of the last name, and at the last one only where a function says so.
 *
 * Calls are made at once and block. They throw the system's error with its name in `code` (`ENOENT`, `EACCES`, …), and a `TypeError`
 * for a path that is none.
 */
export interface RawFiles {
  /** Returns what is at a path, a link being a link. */
  lstat(path: string): RawInfo;
  /** Returns what is at a path, or behind the link there. */
  stat(path: string): RawInfo;
  /** Returns a path with all links resolved. */
  realPath(path: string): string;
  /** Lists a folder, in the order of the file system, without `.` and `..`; a link to a folder is followed. */
  readDir(path: string): Iterable<RawEntry>;
  /** Opens a regular file for reading: `ELOOP` for a link, `EISDIR` for a folder, `ENXIO` for a pipe, socket or device. */
  open(path: string): RawFile;
  /** Makes a file and opens it for writing: `EEXIST` where anything has that name, a link included. */
  create(path: string, mode: number): RawFile;
  /** Makes a folder: `EEXIST` where anything has that name. */
  mkdir(path: string, mode: number): void;
  /** Gives a file a second name: `EEXIST` where anything has that name. */
  link(from: string, to: string): void;
  /** Renames a file, and replaces a file that has the name. */
  rename(from: string, to: string): void;
  /** Removes a file, a link or an empty folder. */
  remove(path: string): void;
  /** Sets the times of what is at a path. */
  utime(path: string, accessed: Date, modified: Date): void;
  /** Returns once the names in a folder are on the device. */
  syncFolder(path: string): void;
}
