/**
 * What the PATHs of `scan` name: files, the files below folders, standard input.
 *
 * @module
 */

import { printable } from "../core/contract/printable.ts";
import type { System } from "../core/ports/system.ts";
import type { PathWord } from "./command_line.ts";
import { type RootSource, rootSource, shownName } from "./root_payload.ts";

/** Most files of one command. */
const MAX_FILES = 1_000_000;

/** Depth of folders below a PATH. */
const MAX_DEPTH = 256;

/** What the PATHs name. */
export interface ScanTargets {
  readonly sources: readonly RootSource[];
  /** Whether the results are lines, because there are several PATHs or folders. */
  readonly isMany: boolean;
  /** Number of links, devices and pipes below the folders; they are not scanned. */
  readonly irregular: number;
  /** What can't be read below the folders, a line each. */
  readonly failures: readonly string[];
  /** Why nothing is to be scanned, a line each. */
  readonly problems: readonly string[];
}

/**
 * Returns what the PATHs name, in the order of the command line; the files of a folder by name.
 *
 * @param outputPaths files and folders to which the command itself writes: what is at or below them is left out
 */
export async function findTargets(
  system: System,
  paths: readonly PathWord[],
  outputPaths: readonly string[],
): Promise<ScanTargets> {
  const finder = new TargetFinder(system, outputPaths);
  if (paths.length === 0) finder.sources.push(await rootSource(system, undefined));
  for (const path of paths) await finder.add(path, paths.length > 1);
  return finder;
}

class TargetFinder implements ScanTargets {
  readonly sources: RootSource[] = [];
  readonly failures: string[] = [];
  readonly problems: string[] = [];
  isMany = false;
  irregular = 0;
  readonly #system: System;
  readonly #outputPaths: readonly string[];

  constructor(system: System, outputPaths: readonly string[]) {
    this.#system = system;
    this.#outputPaths = outputPaths;
  }

  async add(path: PathWord, hasOthers: boolean): Promise<void> {
    this.isMany ||= hasOthers;
    const source = await rootSource(this.#system, path);
    if (source.kind === "file" && source.word === "") {
      // It would be the working folder.
      this.problems.push('A PATH must not be empty, got ""');
      this.sources.push(source);
      return;
    }
    const kind = source.kind === "file" ? await this.#kindOf(source.path) : undefined;
    // A folder whose name is not UTF-8, in raw text, can't be listed: it is refused when it is read.
    if (source.kind === "file" && kind === "directory" && source.path.isWellFormed()) {
      this.isMany = true;
      await this.#walk(source.path, source.word);
    } else if (source.kind === "file" && kind === undefined && hasOthers) {
      const hint = path.hint === undefined ? "" : `; ${path.hint}`;
      this.problems.push(`Can't scan "${shownName(source.word)}": it does not exist${hint}`);
    } else this.sources.push(source);
  }

  /** What can't be examined fails when it is read. */
  async #kindOf(path: string): Promise<string | undefined> {
    try {
      return await this.#system.files.kindOf(path);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return "other";
    }
  }

  /** Walks with a stack of its own. Symbolic links are not followed, so there are no circles. */
  async #walk(folder: string, word: string): Promise<void> {
    const { files } = this.#system;
    const waiting = [{ folder, word, depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { folder, word, depth } = next;
      const below: typeof waiting = [];
      for (const { name, kind } of await this.#entriesOf(folder, word)) {
        const path = files.resolve(folder, name);
        const shown = `${word.replace(/\/+$/, "")}/${name}`;
        if (this.#outputPaths.includes(path)) continue;
        if (kind === "other") this.irregular++;
        else if (name.includes("\ufffd")) this.failures.push(notUtf8(shown));
        else if (kind === "directory") below.push({ folder: path, word: shown, depth: depth + 1 });
        else this.sources.push({ kind: "file", word: shown, path, filename: name, sourceDir: word });
      }
      if (this.sources.length > MAX_FILES) {
        this.problems.push(`A scan may have ${MAX_FILES} files, there are more below "${shownName(word)}"`);
        return;
      }
      if (depth < MAX_DEPTH) waiting.push(...below.toReversed());
      else this.failures.push(...below.map(({ word }) => cantRead(word, `it is below ${MAX_DEPTH} folders`)));
    }
  }

  async #entriesOf(folder: string, word: string) {
    try {
      return await this.#system.files.list(folder);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.failures.push(cantRead(word, error.message));
      return [];
    }
  }
}

function cantRead(word: string, reason: string): string {
  return `Can't scan "${shownName(word)}": ${printable(reason)}`;
}

function notUtf8(word: string): string {
  const reason = "its name is not UTF-8; to scan it, deliver its folder: stoq run -P filedir";
  return cantRead(word, reason);
}
