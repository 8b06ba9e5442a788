/**
 * Files whose names are not UTF-8, through the C library: Linux, with all permissions.
 *
 * Deno's functions accept and return text. Therefore the C library, which accepts bytes, opens files, and Deno does everything else
 * through `/proc/self/fd/N`. The only C structure whose layout is needed is that of a directory entry.
 *
 * The library is loaded at the first call. It can do everything that this process may do, so the object that calls it is private.
 *
 * @module
 */

import { bytesOfRawText, rawTextOf } from "../core/contract/raw_name.ts";
import type { RawEntry, RawFile, RawFiles, RawInfo } from "../core/contract/raw_files.ts";
import { hasAllPermissions } from "./all_permissions.ts";
import { systemError } from "./system_error.ts";

/** The C library by glibc's name, then by musl's. */
const LIBRARIES = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];

const SYMBOLS = {
  __errno_location: { parameters: [], result: "pointer" },
  openat: { parameters: ["i32", "buffer", "i32", "u32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "isize" },
  mkdir: { parameters: ["buffer", "u32"], result: "i32" },
  link: { parameters: ["buffer", "buffer"], result: "i32" },
  rename: { parameters: ["buffer", "buffer"], result: "i32" },
  unlink: { parameters: ["buffer"], result: "i32" },
  rmdir: { parameters: ["buffer"], result: "i32" },
  // Versions of a library have one or the other of these names for the same system call.
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "isize", optional: true },
  getdents: { parameters: ["i32", "buffer", "usize"], result: "isize", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

type Functions = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

interface Library {
  readonly functions: Functions;
  /** Of this thread, on which all calls are made. */
  readonly errno: Deno.UnsafePointerView;
}

/** Loaded when it is first needed, once in the process. */
let loaded: Library | undefined;

const AT_FDCWD = -100;
const O_WRONLY = 0o1;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
// The two flags that differ between the architectures that Deno supports.
const [O_DIRECTORY, O_NOFOLLOW] = Deno.build.arch === "aarch64" ? [0o40000, 0o100000] : [0o200000, 0o400000];

const [ENXIO, EISDIR, EINVAL, ENAMETOOLONG, ENOSYS, ELOOP] = [6, 21, 22, 36, 38, 40];

/** Longest path that the system accepts, with its final NUL. */
const MAX_PATH_BYTES = 4096;

/** `d_type` of a directory entry. */
const [DT_UNKNOWN, DT_DIR, DT_REG, DT_LNK] = [0, 4, 8, 10];

/** Before the name of a `struct linux_dirent64`: `d_ino` 8, `d_off` 8, `d_reclen` 2, `d_type` 1 bytes. */
const ENTRY_HEADER_BYTES = 19;

/** Buffer of one call: about 2,000 entries. */
const LISTING_BYTES = 65_536;

/** The result of {@link openRawFiles}. If permissions are revoked later, calls fail. */
let opened: { readonly files: RawFiles | undefined } | undefined;

/** Returns access to files with names of any bytes; `undefined` if this process can't have it. Does not prompt, and loads nothing. */
export function openRawFiles(): RawFiles | undefined {
  const isKnown = Deno.build.os === "linux" && ["x86_64", "aarch64"].includes(Deno.build.arch);
  const canOpen = () => isKnown && hasAllPermissions() && isThere("/proc/self/fd");
  return (opened ??= { files: canOpen() ? new LibcFiles() : undefined }).files;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

class LibcFiles implements RawFiles {
  lstat(path: string): RawInfo {
    return this.#at(path, O_PATH | O_NOFOLLOW, stat);
  }

  stat(path: string): RawInfo {
    return this.#at(path, O_PATH, stat);
  }

  realPath(path: string): string {
    return this.#at(path, O_PATH, (found) => {
      const target = new Uint8Array(MAX_PATH_BYTES);
      const link = cString(descriptorPath(found));
      const length = this.#check(Number(this.#libc.readlink(link, target, BigInt(target.length))));
      if (length === target.length) throw systemError(ENAMETOOLONG);
      return rawTextOf(target.subarray(0, length));
    });
  }

  *readDir(path: string): Iterable<RawEntry> {
    const folder = this.#open(path, O_DIRECTORY);
    try {
      yield* this.#entries(folder);
    } finally {
      this.#libc.close(folder);
    }
  }

  open(path: string): RawFile {
    return this.#at(path, O_PATH | O_NOFOLLOW, (found) => {
      const { isFile, isDirectory, isSymlink } = stat(found);
      if (!isFile) throw systemError(isSymlink ? ELOOP : isDirectory ? EISDIR : ENXIO);
      return openAgain(found, { read: true });
    });
  }

  create(path: string, mode: number): RawFile {
    const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    return this.#at(path, flags, (made) => openAgain(made, { write: true }), mode);
  }

  mkdir(path: string, mode: number): void {
    this.#check(this.#libc.mkdir(cString(path), mode));
  }

  link(from: string, to: string): void {
    this.#check(this.#libc.link(cString(from), cString(to)));
  }

  rename(from: string, to: string): void {
    this.#check(this.#libc.rename(cString(from), cString(to)));
  }

  remove(path: string): void {
    const name = cString(path);
    if (this.#libc.unlink(name) === 0) return;
    const errno = this.#lastErrno();
    if (errno !== EISDIR) throw systemError(errno);
    this.#check(this.#libc.rmdir(name));
  }

  utime(path: string, accessed: Date, modified: Date): void {
    this.#at(
      path,
      O_PATH | O_NOFOLLOW,
      (found) => byDescriptor(found, (path) => Deno.utimeSync(path, accessed, modified)),
    );
  }

  syncFolder(path: string): void {
    this.#at(path, O_PATH | O_DIRECTORY, (found) => {
      using folder = openAgain(found, { read: true });
      folder.syncSync();
    });
  }

  get #libc(): Functions {
    return (loaded ??= loadLibrary()).functions;
  }

  /** Calls a function with the descriptor of the file at a path. */
  #at<T>(path: string, flags: number, work: (descriptor: number) => T, mode = 0): T {
    const descriptor = this.#open(path, flags, mode);
    try {
      return work(descriptor);
    } finally {
      this.#libc.close(descriptor);
    }
  }

  #open(path: string, flags: number, mode = 0): number {
    return this.#check(this.#libc.openat(AT_FDCWD, cString(path), flags | O_CLOEXEC, mode));
  }

  *#entries(folder: number): Iterable<RawEntry> {
    const buffer = new Uint8Array(LISTING_BYTES);
    const getEntries = this.#libc.getdents64 ?? this.#libc.getdents;
    if (!getEntries) throw systemError(ENOSYS);
    for (;;) {
      const count = this.#check(Number(getEntries(folder, buffer, BigInt(buffer.length))));
      if (count === 0) return;
      for (const { name, type } of parseEntries(buffer.subarray(0, count))) {
        const entry = type === DT_UNKNOWN ? this.#ask(folder, name) : kindOf(type);
        if (entry) yield { name, ...entry };
      }
    }
  }

  /** Returns the kind of an entry, which some file systems don't list; `undefined` if the entry is gone. */
  #ask(folder: number, name: string): Omit<RawEntry, "name"> | undefined {
    try {
      const { isFile, isDirectory, isSymlink } = this.lstat(`${descriptorPath(folder)}/${name}`);
      return { isFile, isDirectory, isSymlink };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  #check(result: number): number {
    if (result < 0) throw systemError(this.#lastErrno());
    return result;
  }

  /** Returns the error number of the last call; no other call may come between. */
  #lastErrno(): number {
    return loaded!.errno.getInt32();
  }
}

function loadLibrary(): Library {
  for (const name of LIBRARIES) {
    try {
      const functions = Deno.dlopen(name, SYMBOLS).symbols;
      return { functions, errno: new Deno.UnsafePointerView(functions.__errno_location()!) };
    } catch (error) {
      // Deno has no class of error for a missing library.
      if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
    }
  }
  throw systemError(ENOSYS);
}

/** Reads directory entries, without `.` and `..`. Exported for its test alone. */
export function* parseEntries(bytes: Uint8Array): Iterable<{ name: string; type: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start + ENTRY_HEADER_BYTES < bytes.length;) {
    const length = view.getUint16(start + 16, true);
    const end = start + length;
    if (length <= ENTRY_HEADER_BYTES || end > bytes.length) throw systemError(EINVAL);
    const name = bytes.subarray(start + ENTRY_HEADER_BYTES, end);
    const nameEnd = name.indexOf(0);
    const text = rawTextOf(nameEnd < 0 ? name : name.subarray(0, nameEnd));
    // A crafted file system may list such a name. The system accepts none of them in a path.
    if (text === "" || text.includes("/")) throw systemError(EINVAL);
    if (text !== "." && text !== "..") yield { name: text, type: bytes[start + 18]! };
    start = end;
  }
}

function kindOf(type: number): Omit<RawEntry, "name"> {
  return { isFile: type === DT_REG, isDirectory: type === DT_DIR, isSymlink: type === DT_LNK };
}

function stat(descriptor: number): Deno.FileInfo {
  return byDescriptor(descriptor, (path) => Deno.statSync(path));
}

/** Opens the file of a descriptor, even if it was renamed. Its mode is checked here: the descriptor may be of `O_PATH`. */
function openAgain(descriptor: number, options: Deno.OpenOptions): Deno.FsFile {
  return byDescriptor(descriptor, (path) => Deno.openSync(path, options));
}

/** Returns the path by which Deno reaches the file of a descriptor. */
function descriptorPath(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/** Calls a function with a descriptor's path, and replaces that path in errors. */
function byDescriptor<T>(descriptor: number, work: (path: string) => T): T {
  try {
    return work(descriptorPath(descriptor));
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/: \w+ '\/proc\/self\/fd\/\d+'$/, "");
    throw error;
  }
}

function cString(path: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOfRawText(path);
  if (!path.startsWith("/") || bytes.includes(0)) {
    throw new TypeError(`A path must be absolute and contain no NUL, got ${JSON.stringify(path)}`);
  }
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  return ended;
}
