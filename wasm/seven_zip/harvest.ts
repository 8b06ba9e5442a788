/**
 * What has been unpacked so far, and what may still be.
 *
 * @module
 */

import type { ExtractedFile, Problem, ProblemKind } from "./extraction.ts";

/** Limits of one extraction; each is inclusive. */
export interface Limits {
  /** Largest single file, in bytes. */
  readonly fileBytes: number;
  /** All files together, in bytes. */
  readonly totalBytes: number;
  /** Number of files. */
  readonly files: number;
  /** Bytes that may be unpacked only to be thrown away, because they belong to what is too large or unwanted. */
  readonly discardedBytes: number;
  /** Memory of 7-Zip itself, in bytes: dictionaries, headers, tables. */
  readonly memoryBytes: number;
}

/** Problems, one record a kind. */
export class ProblemLog {
  readonly #problems = new Map<
    ProblemKind,
    { detail: string; entryCount: number; firstPath: string | undefined }
  >();

  /**
   * Adds a problem; the first one's words stay.
   *
   * @param path the entry that it hit; `undefined` with `entryCount` 0 for the archive as a whole
   */
  add(kind: ProblemKind, detail: string, path: string | undefined, entryCount: number): void {
    const known = this.#problems.get(kind);
    if (known === undefined) this.#problems.set(kind, { detail, entryCount, firstPath: path });
    else {
      known.entryCount += entryCount;
      known.firstPath ??= path;
    }
  }

  /** The problems, in the order in which they were first met. */
  list(): Problem[] {
    return [...this.#problems].map(([kind, problem]) => ({ kind, ...problem }));
  }
}

/** Collects files within limits, over all runs of one extraction. */
export class Harvest {
  readonly limits: Limits;
  readonly problems = new ProblemLog();
  readonly files: ExtractedFile[] = [];
  readonly #finished = new Set<string>();
  #keptBytes = 0;
  #discardedBytes = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Which limit a file of `sizeBytes` would break, beside those that are kept. */
  limitFor(sizeBytes: number): ProblemKind | undefined {
    if (sizeBytes > this.limits.fileBytes) return "limit-file-bytes";
    if (this.#keptBytes + sizeBytes > this.limits.totalBytes) return "limit-total-bytes";
    return undefined;
  }

  /** In words, how a file of at least `sizeBytes` breaks `limit`. */
  explain(limit: ProblemKind, sizeBytes: number): string {
    const { fileBytes, totalBytes } = this.limits;
    const allowed = limit === "limit-file-bytes"
      ? `the limit is ${fileBytes}`
      : `${totalBytes - this.#keptBytes} are left of ${totalBytes}`;
    return `it has at least ${sizeBytes} bytes, ${allowed}`;
  }

  /** Whether no further file may be kept, not even an empty one. */
  get isFull(): boolean {
    return this.files.length >= this.limits.files;
  }

  /** Keeps a file; the caller has asked {@linkcode limitFor} and {@linkcode isFull}. */
  keep(file: ExtractedFile): void {
    this.files.push(file);
    this.#keptBytes += file.content.length;
  }

  /** Marks an entry as done with, so that no later run takes it again. */
  finish(key: string): void {
    this.#finished.add(key);
  }

  /** Whether {@linkcode finish} was called for it. */
  isFinished(key: string): boolean {
    return this.#finished.has(key);
  }

  /** Counts bytes that were thrown away; `false` when that was too much. */
  discard(sizeBytes: number): boolean {
    this.#discardedBytes += sizeBytes;
    return this.#discardedBytes <= this.limits.discardedBytes;
  }
}
