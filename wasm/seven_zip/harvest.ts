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
  /** Rounds of key derivation of all passwords that are tried together. */
  readonly derivationRounds: number;
  /** Memory of 7-Zip itself, in bytes: dictionaries, headers, tables. */
  readonly memoryBytes: number;
}

/** A problem to add to others of its kind; by default it is about the archive as a whole. */
export type NewProblem = Pick<Problem, "kind" | "detail"> & Partial<Problem>;

/** Problems, one record a kind. */
export class ProblemLog {
  readonly #problems = new Map<ProblemKind, { -readonly [Key in keyof Problem]: Problem[Key] }>();

  /** Adds a problem; of several of a kind the first one's words and offset stay. */
  add(problem: NewProblem): void {
    const known = this.#problems.get(problem.kind);
    if (known === undefined) this.#problems.set(problem.kind, completeProblem(problem));
    else {
      known.entryCount += problem.entryCount ?? 0;
      known.isEntryCountAtLeast ||= problem.isEntryCountAtLeast ?? false;
      known.firstPath ??= problem.firstPath;
    }
  }

  /** Whether nothing went wrong so far. */
  get isEmpty(): boolean {
    return this.#problems.size === 0;
  }

  /** The problems, in the order in which they were first met. */
  list(): Problem[] {
    return [...this.#problems.values()];
  }
}

/** The problem with the defaults of what it does not say. */
export function completeProblem(problem: NewProblem): Problem {
  return {
    entryCount: 0,
    isEntryCountAtLeast: false,
    firstPath: undefined,
    offset: undefined,
    ...problem,
  };
}

/** Collects files within limits, over all runs of one extraction. */
export class Harvest {
  readonly limits: Limits;
  readonly problems = new ProblemLog();
  readonly files: ExtractedFile[] = [];
  readonly #finished = new Set<string>();
  #finishedFiles = 0;
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
  finish(key: string, isFile: boolean): void {
    this.#finished.add(key);
    if (isFile) this.#finishedFiles++;
  }

  /** How many files are done with, kept or lost. */
  get finishedFiles(): number {
    return this.#finishedFiles;
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
