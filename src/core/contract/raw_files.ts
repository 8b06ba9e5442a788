/**
 * Files whose names are not UTF-8, which the runtime's own functions can't name.
 *
 * @module
 */

/** What the system says of a file, in the names that Deno uses. */
export interface RawInfo {
  /** Whether it is a regular file. */
  readonly isFile: boolean;
  /** Whether it is a folder. */
  readonly isDirectory: boolean;
  /** Whether it is a symbolic link. */
  readonly isSymlink: boolean;
  /** Whether it is a block device. */
  readonly isBlockDevice: boolean | null;
  /** Whether it is a character device. */
  readonly isCharDevice: boolean | null;
  /** Whether it is a pipe. */
  readonly isFifo: boolean | null;
  /** Whether it is a socket. */
  readonly isSocket: boolean | null;
  /** In bytes. */
  readonly size: number;
  /** When the content changed. */
  readonly mtime: Date | null;
  /** When it was read. */
  readonly atime: Date | null;
  /** When it was made. */
  readonly birthtime: Date | null;
  /** When anything of it changed. */
  readonly ctime: Date | null;
  /** Number of the device that it is on. */
  readonly dev: number;
  /** Number of the inode. */
  readonly ino: number | null;
  /** Kind and permissions. */
  readonly mode: number | null;
  /** How many names it has. */
  readonly nlink: number | null;
  /** Number of the owner. */
  readonly uid: number | null;
  /** Number of the owner's group. */
  readonly gid: number | null;
  /** Number of the device that it is. */
  readonly rdev: number | null;
  /** Best size of a read, in bytes. */
  readonly blksize: number | null;
  /** Room that it takes, in blocks of 512 bytes. */
  readonly blocks: number | null;
}

/** An entry of a folder; what it is itself, a link being a link. */
export interface RawEntry {
  /** Raw text. */
  readonly name: string;
  /** Whether it is a regular file. */
  readonly isFile: boolean;
  /** Whether it is a folder. */
  readonly isDirectory: boolean;
  /** Whether it is a symbolic link. */
  readonly isSymlink: boolean;
}

/** An open file, as Deno's. */
export interface RawFile extends Disposable {
  /** Reads into `target`; `null` at the end. */
  read(target: Uint8Array): Promise<number | null>;
  /** As {@linkcode RawFile.read}, at once. */
  readSync(target: Uint8Array): number | null;
  /** Writes some of the bytes; returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** As {@linkcode RawFile.write}, at once. */
  writeSync(bytes: Uint8Array): number;
  /** Returns the present state. */
  stat(): Promise<RawInfo>;
  /** As {@linkcode RawFile.stat}, at once. */
  statSync(): RawInfo;
  /** Returns once content and size are on the device. */
  sync(): Promise<void>;
  /** Closes the file. */
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
