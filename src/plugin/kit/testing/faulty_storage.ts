/**
 * A storage whose n-th call fails.
 *
 * @module
 */

import type { Storage, StorageFile } from "../storage.ts";
import { systemStorage } from "../system_storage.ts";

/** Kinds of calls; the two forms of a call are of one kind. `fstat` is `stat` of an open file. */
export type StorageCall =
  | Exclude<keyof Storage, `${string}Sync`>
  | "read"
  | "write"
  | "fstat"
  | "sync";

/** Errors that a fault may raise. */
export type FaultCode = "ENOSPC" | "EIO" | "EACCES" | "EMFILE" | "ENOENT";

/** Which call fails, and how. */
export interface Fault {
  /** Counts calls of this kind alone; without it, all of them. */
  readonly call?: StorageCall;
  /** From 1. */
  readonly nth: number;
  readonly code: FaultCode;
  /** Whether a `write` writes the first half before it fails. */
  readonly isPartial?: boolean;
}

const REASONS: Readonly<Record<FaultCode, readonly [string, number]>> = {
  ENOSPC: ["No space left on device", 28],
  EIO: ["Input/output error", 5],
  EACCES: ["Permission denied", 13],
  EMFILE: ["Too many open files", 24],
  ENOENT: ["No such file or directory", 2],
};

/** Makes an error as Deno throws it. */
export function systemErrorOf(code: FaultCode): Error {
  const [reason, number] = REASONS[code];
  const message = `${reason} (os error ${number})`;
  const error = code === "ENOENT"
    ? new Deno.errors.NotFound(message)
    : code === "EACCES"
    ? new Deno.errors.PermissionDenied(message)
    : new Error(message);
  return Object.assign(error, { code });
}

/** What a faulty storage does beside its fault; everything has a default. */
export interface FaultyStorageOptions {
  /** Whether flushes are only counted, which saves time. */
  readonly skipsFlushes?: boolean;
}

/** Passes calls to another storage, counts them, and lets at most one fail. */
export class FaultyStorage implements Storage {
  /** Kind → calls so far. */
  readonly counts = new Map<StorageCall, number>();
  /** Files that are open. */
  openFiles = 0;
  /** Whether the fault has been raised. */
  hasFailed = false;
  readonly #inner: Storage;
  readonly #fault: Fault | undefined;
  /** Whether flushes are only counted. */
  readonly skipsFlushes: boolean;
  #total = 0;
  /** Calls and listings under way. */
  #pending = 0;

  constructor(
    inner: Storage = systemStorage,
    fault?: Fault,
    { skipsFlushes = false }: FaultyStorageOptions = {},
  ) {
    this.#inner = inner;
    this.#fault = fault;
    this.skipsFlushes = skipsFlushes;
  }

  /** Whether no call is under way and no file is open. */
  get isIdle(): boolean {
    return this.#pending === 0 && this.openFiles === 0;
  }

  /** Counts a call; says whether it must fail. */
  isDue(call: StorageCall): boolean {
    const count = (this.counts.get(call) ?? 0) + 1;
    this.counts.set(call, count);
    this.#total++;
    const fault = this.#fault;
    if (!fault || this.hasFailed) return false;
    const isDue = fault.call === undefined
      ? this.#total === fault.nth
      : fault.call === call && count === fault.nth;
    this.hasFailed = isDue;
    return isDue;
  }

  /** The fault's error. */
  raise(): never {
    throw systemErrorOf(this.#fault!.code);
  }

  /** Whether a due `write` writes half of its bytes. */
  get isPartial(): boolean {
    return this.#fault?.isPartial ?? false;
  }

  lstat(path: string): Promise<Deno.FileInfo> {
    return this.#later("lstat", () => this.#inner.lstat(path));
  }
  lstatSync(path: string): Deno.FileInfo {
    return this.#now("lstat", () => this.#inner.lstatSync(path));
  }
  stat(path: string): Promise<Deno.FileInfo> {
    return this.#later("stat", () => this.#inner.stat(path));
  }
  realPath(path: string): Promise<string> {
    return this.#later("realPath", () => this.#inner.realPath(path));
  }
  realPathSync(path: string): string {
    return this.#now("realPath", () => this.#inner.realPathSync(path));
  }
  async *readDir(path: string): AsyncGenerator<Deno.DirEntry> {
    if (this.isDue("readDir")) this.raise();
    this.#pending++;
    try {
      yield* this.#inner.readDir(path);
    } finally {
      this.#pending--;
    }
  }
  open(path: string, isAtOnce?: boolean): Promise<StorageFile> {
    return this.#later("open", async () => this.#opened(await this.#inner.open(path, isAtOnce)));
  }
  create(path: string, mode: number): Promise<StorageFile> {
    return this.#later("create", async () => this.#opened(await this.#inner.create(path, mode)));
  }
  createSync(path: string, mode: number): StorageFile {
    return this.#opened(this.#now("create", () => this.#inner.createSync(path, mode)));
  }
  mkdir(path: string, mode: number): Promise<void> {
    return this.#later("mkdir", () => this.#inner.mkdir(path, mode));
  }
  mkdirSync(path: string, mode: number): void {
    return this.#now("mkdir", () => this.#inner.mkdirSync(path, mode));
  }
  mkdirs(path: string, mode: number): Promise<void> {
    return this.#later("mkdirs", () => this.#inner.mkdirs(path, mode));
  }
  link(from: string, to: string): Promise<void> {
    return this.#later("link", () => this.#inner.link(from, to));
  }
  linkSync(from: string, to: string): void {
    return this.#now("link", () => this.#inner.linkSync(from, to));
  }
  rename(from: string, to: string): Promise<void> {
    return this.#later("rename", () => this.#inner.rename(from, to));
  }
  remove(path: string): Promise<void> {
    return this.#later("remove", () => this.#inner.remove(path));
  }
  removeSync(path: string): void {
    return this.#now("remove", () => this.#inner.removeSync(path));
  }
  utime(path: string, accessed: Date, modified: Date): Promise<void> {
    return this.#later("utime", () => this.#inner.utime(path, accessed, modified));
  }
  syncFolder(path: string): Promise<void> {
    return this.#later(
      "syncFolder",
      () => this.skipsFlushes ? Promise.resolve() : this.#inner.syncFolder(path),
    );
  }

  #opened(file: StorageFile): StorageFile {
    this.openFiles++;
    return new FaultyFile(file, this);
  }

  #now<T>(call: StorageCall, act: () => T): T {
    return this.isDue(call) ? this.raise() : act();
  }

  async #later<T>(call: StorageCall, act: () => Promise<T>): Promise<T> {
    if (this.isDue(call)) this.raise();
    this.#pending++;
    try {
      return await act();
    } finally {
      this.#pending--;
    }
  }
}

class FaultyFile implements StorageFile {
  readonly #file: StorageFile;
  readonly #storage: FaultyStorage;
  #isClosed = false;

  constructor(file: StorageFile, storage: FaultyStorage) {
    this.#file = file;
    this.#storage = storage;
  }

  async read(target: Uint8Array): Promise<number | null> {
    return this.#storage.isDue("read") ? this.#storage.raise() : await this.#file.read(target);
  }
  readSync(target: Uint8Array): number | null {
    return this.#storage.isDue("read") ? this.#storage.raise() : this.#file.readSync(target);
  }
  async write(bytes: Uint8Array): Promise<number> {
    if (!this.#storage.isDue("write")) return await this.#file.write(bytes);
    if (this.#storage.isPartial) await this.#file.write(halfOf(bytes));
    this.#storage.raise();
  }
  writeSync(bytes: Uint8Array): number {
    if (!this.#storage.isDue("write")) return this.#file.writeSync(bytes);
    if (this.#storage.isPartial) this.#file.writeSync(halfOf(bytes));
    this.#storage.raise();
  }
  async stat(): Promise<Deno.FileInfo> {
    return this.#storage.isDue("fstat") ? this.#storage.raise() : await this.#file.stat();
  }
  statSync(): Deno.FileInfo {
    return this.#storage.isDue("fstat") ? this.#storage.raise() : this.#file.statSync();
  }
  async sync(): Promise<void> {
    if (this.#storage.isDue("sync")) this.#storage.raise();
    if (!this.#storage.skipsFlushes) await this.#file.sync();
  }
  close(): void {
    this.#file.close();
    this.#isClosed = true;
    this.#storage.openFiles--;
  }
  [Symbol.dispose](): void {
    if (!this.#isClosed) this.close();
  }
}

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1);
}
