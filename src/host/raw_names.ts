/**
 * Files whose names are not UTF-8, through the C library: Linux, with all permissions.
 *
 * Deno's functions take and give text. So descriptors come from the C library, which takes bytes, and everything else is asked of
 * Deno by `/proc/self/fd/N`: what is there, its content. No layout of a C structure is needed but that of a directory entry.
 *
 * The library is loaded at the first call. It can do whatever this process may, so the object that calls it never leaves this file.
 *
 * @module
 */

import { bytesOfRawText, rawTextOf } from "../core/raw_name.ts";
import type { RawEntry, RawFile, RawFiles, RawInfo, RawPlace } from "../core/raw_files.ts";
import { hasAllPermissions } from "./all_permissions.ts";
import { systemError } from "./system_error.ts";

/** The C library by glibc's name, then by musl's. */
const LIBRARIES = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];

const SYMBOLS = {
  __errno_location: { parameters: [], result: "pointer" },
  openat: { parameters: ["i32", "buffer", "i32", "u32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  mkdirat: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  unlinkat: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  linkat: { parameters: ["i32", "buffer", "i32", "buffer", "i32"], result: "i32" },
  // Some versions of a library have one of these names, some the other; the system call is the same.
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "isize", optional: true },
  getdents: { parameters: ["i32", "buffer", "usize"], result: "isize", optional: true },
  renameat2: { parameters: ["i32", "buffer", "i32", "buffer", "u32"], result: "i32", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

type Functions = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

interface Library {
  readonly functions: Functions;
  /** Of this thread, on which all calls are made. */
  readonly errno: Deno.UnsafePointerView;
}

/** Once it was needed; one for the whole process. */
let loaded: Library | undefined;

const AT_FDCWD = -100;
const RENAME_NOREPLACE = 1;
const O_WRONLY = 0o1;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
// The two that differ between the architectures for which there is a Deno.
const [O_DIRECTORY, O_NOFOLLOW] = Deno.build.arch === "aarch64" ? [0o40000, 0o100000] : [0o200000, 0o400000];

const [EEXIST, EISDIR, EINVAL, ENOSYS, ELOOP, ENXIO] = [17, 21, 22, 38, 40, 6];

/** `d_type` of a directory entry. */
const [DT_UNKNOWN, DT_DIR, DT_REG, DT_LNK] = [0, 4, 8, 10];

/** Before the name of a `struct linux_dirent64`: `d_ino` 8, `d_off` 8, `d_reclen` 2, `d_type` 1 bytes. */
const ENTRY_HEADER_BYTES = 19;

/** Room for what one call lists: about 2,000 entries. */
const LISTING_BYTES = 65_536;

/** The answer of {@link openRawFiles}: permissions that are given up later show when a call fails. */
let opened: { readonly files: RawFiles | undefined } | undefined;

/** Returns files by names of any bytes; `undefined` where this process can't have them. Asks for no permission and loads nothing. */
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
  *list(place: RawPlace): Iterable<RawEntry> {
    const folder = this.#enter(place.root, namesOf(place.path));
    try {
      // A descriptor of a path alone can't be listed, and it must not be opened again by its name.
      const listed = this.#openAt(folder, ".", O_DIRECTORY);
      try {
        yield* this.#entries(listed);
      } finally {
        this.#close(listed);
      }
    } finally {
      this.#close(folder);
    }
  }

  inspect(place: RawPlace): RawInfo {
    return this.#inPlace(place, (folder, name) => this.#inspectAt(folder, name));
  }

  open(place: RawPlace): RawFile {
    return this.#inPlace(place, (folder, name) => {
      const found = this.#openAt(folder, name, O_PATH | O_NOFOLLOW);
      try {
        const { isFile, isDirectory, isSymlink } = stat(found);
        if (!isFile) throw systemError(isSymlink ? ELOOP : isDirectory ? EISDIR : ENXIO);
        return openAgain(found, { read: true });
      } finally {
        this.#close(found);
      }
    });
  }

  create(place: RawPlace): RawFile {
    return this.#inPlace(place, (folder, name) => {
      const made = this.#openAt(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      try {
        return openAgain(made, { write: true });
      } finally {
        this.#close(made);
      }
    });
  }

  makeFolders({ root, path }: RawPlace): void {
    const names = namesOf(path);
    for (let depth = 0; depth < names.length; depth++) {
      const folder = this.#enter(root, names.slice(0, depth));
      try {
        const result = this.#libc.mkdirat(folder, cString(names[depth]!), 0o700);
        if (result < 0 && this.#lastErrno() !== EEXIST) throw systemError(this.#lastErrno());
      } finally {
        this.#close(folder);
      }
    }
    this.#close(this.#enter(root, names));
  }

  move(from: RawPlace, to: RawPlace): void {
    this.#inPlace(from, (oldFolder, oldName) => {
      this.#inPlace(to, (newFolder, newName) => this.#moveAt(oldFolder, oldName, newFolder, newName));
    });
  }

  remove(place: RawPlace): void {
    this.#inPlace(place, (folder, name) => {
      this.#check(this.#libc.unlinkat(folder, cString(name), 0));
    });
  }

  get #libc(): Functions {
    return (loaded ??= loadLibrary()).functions;
  }

  /** Never replaces: by flag, or where library or file system don't know it, by a second link. */
  #moveAt(oldFolder: number, oldName: string, newFolder: number, newName: string): void {
    const [from, to] = [cString(oldName), cString(newName)];
    const { renameat2, linkat, unlinkat } = this.#libc;
    if (renameat2) {
      if (renameat2(oldFolder, from, newFolder, to, RENAME_NOREPLACE) === 0) return;
      const errno = this.#lastErrno();
      if (errno !== EINVAL && errno !== ENOSYS) throw systemError(errno);
    }
    this.#check(linkat(oldFolder, from, newFolder, to, 0));
    this.#check(unlinkat(oldFolder, from, 0));
  }

  /** Does something with a name in a folder whose descriptor is open meanwhile. */
  #inPlace<T>({ root, path }: RawPlace, work: (folder: number, name: string) => T): T {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) {
      throw new TypeError("A path must name something below its folder, got an empty one");
    }
    const folder = this.#enter(root, names);
    try {
      return work(folder, name);
    } finally {
      this.#close(folder);
    }
  }

  /** Opens a folder for use in paths. Below the root each name must be a folder itself, so that no link leads out. */
  #enter(root: string, names: readonly string[]): number {
    let folder = this.#openAt(AT_FDCWD, root, O_PATH | O_DIRECTORY);
    for (const name of names) {
      const outer = folder;
      try {
        folder = this.#openAt(outer, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
      } finally {
        this.#close(outer);
      }
    }
    return folder;
  }

  *#entries(folder: number): Iterable<RawEntry> {
    const buffer = new Uint8Array(LISTING_BYTES);
    const getEntries = this.#libc.getdents64 ?? this.#libc.getdents;
    if (!getEntries) throw systemError(ENOSYS);
    for (;;) {
      const count = Number(getEntries(folder, buffer, BigInt(buffer.length)));
      this.#check(count);
      if (count === 0) return;
      for (const { name, type } of parseEntries(buffer.subarray(0, count))) {
        const entry = type === DT_UNKNOWN ? this.#ask(folder, name) : kindOf(type);
        if (entry) yield { name, ...entry };
      }
    }
  }

  /** Some file systems don't say in the listing what an entry is. It may be gone by now. */
  #ask(folder: number, name: string): Omit<RawEntry, "name"> | undefined {
    try {
      const { isFile, isDirectory, isSymlink } = this.#inspectAt(folder, name);
      return { isFile, isDirectory, isSymlink };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  #inspectAt(folder: number, name: string): RawInfo {
    const found = this.#openAt(folder, name, O_PATH | O_NOFOLLOW);
    try {
      return stat(found);
    } finally {
      this.#close(found);
    }
  }

  #openAt(folder: number, name: string, flags: number, mode = 0): number {
    return this.#check(this.#libc.openat(folder, cString(name), flags | O_CLOEXEC, mode));
  }

  #close(descriptor: number): void {
    this.#libc.close(descriptor);
  }

  #check(result: number): number {
    if (result < 0) throw systemError(this.#lastErrno());
    return result;
  }

  /** Of the call before; nothing may come between. */
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
      // Deno has no class of its own for a library that is not there.
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
    // A file system made by an attacker may say anything; the system lets no such name pass, and neither do we.
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

/** Opens the file, the same one whatever became of its name. Its permissions are asked here: the descriptor may be a path alone. */
function openAgain(descriptor: number, options: Deno.OpenOptions): Deno.FsFile {
  return byDescriptor(descriptor, (path) => Deno.openSync(path, options));
}

/** Deno reaches what a descriptor stands for by this path, whatever its name is; the path says nothing to the reader of an error. */
function byDescriptor<T>(descriptor: number, work: (path: string) => T): T {
  const path = `/proc/self/fd/${descriptor}`;
  try {
    return work(path);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/: \w+ '\/proc\/self\/fd\/\d+'$/, "");
    throw error;
  }
}

/** Names of a relative path. @throws {TypeError} for one that does not stay below its folder */
function namesOf(path: string): string[] {
  if (path === "") return [];
  const names = path.split("/");
  if (names.some((name) => name === "" || name === "." || name === "..")) {
    throw new TypeError(`A path must be made of names with "/" between them, got ${JSON.stringify(path)}`);
  }
  return names;
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOfRawText(text);
  if (bytes.includes(0)) throw new TypeError(`A path must hold no NUL, got ${JSON.stringify(text)}`);
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  return ended;
}
