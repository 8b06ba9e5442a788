/**
 * Files whose names are not UTF-8, which the runtime's own functions can't name.
 *
 * @module
 */

/** Where a file is: a folder, and a path from there. Both are raw text (`raw_name.ts`). */
export interface RawPlace {
  /** Absolute path of a folder. Symbolic links on the way to it are followed. */
  readonly root: string;
  /** From the folder, with `/` between names; empty for the folder itself. No symbolic link is followed here. */
  readonly path: string;
}

/** What the system says of a file, in the names that Deno uses. */
export interface RawInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly dev: number;
  readonly ino: number | null;
  /** In bytes. */
  readonly size: number;
  readonly mtime: Date | null;
  readonly atime: Date | null;
  readonly ctime: Date | null;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
}

/** An entry of a folder; what it is itself, a link being a link. */
export interface RawEntry {
  /** Raw text. */
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** An open regular file, as Deno's. */
export interface RawFile extends Disposable {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBufferLike>>;
  read(target: Uint8Array): Promise<number | null>;
  readSync(target: Uint8Array): number | null;
  stat(): Promise<RawInfo>;
  statSync(): RawInfo;
  utime(atime: number | Date, mtime: number | Date): Promise<void>;
  close(): void;
}

/**
 * The file system by names of any bytes. Calls are made at once and block; all throw the system's error with its name in `code`
 * (`ENOENT`, `EACCES`, `ENOTDIR` for a symbolic link where a folder must be, …), and a `TypeError` for a path that is none.
 */
export interface RawFiles {
  /** The entries of a folder in the order of the file system, without `.` and `..`; its descriptor is closed at the end. */
  list(place: RawPlace): Iterable<RawEntry>;
  /** What is at a place itself, a link being a link. */
  inspect(place: RawPlace): RawInfo;
  /** Opens a regular file for reading: `ELOOP` for a link, `EISDIR` for a folder, `ENXIO` for a pipe, socket or device. */
  open(place: RawPlace): RawFile;
  /** Makes a file, mode 0600, and opens it for writing: `EEXIST` where anything has that name. */
  create(place: RawPlace): RawFile;
  /** Makes the folders of a path that are missing, mode 0700. */
  makeFolders(place: RawPlace): void;
  /** Moves a file inside a file system: `EEXIST` where anything has the new name, `EXDEV` to another file system. */
  move(from: RawPlace, to: RawPlace): void;
  /** Removes what is no folder. */
  remove(place: RawPlace): void;
}
