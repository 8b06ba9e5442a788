/**
 * Where the rules of a role come from, and whether they have changed since.
 *
 * @module
 */

import { type CollectedRules, collectRules } from "../../src/yara/mod.ts";
import type { CompiledRuleStore } from "./compiled_rules.ts";
import { YaraError } from "./failure.ts";
import { listRuleFiles, readRuleFile } from "./rule_files.ts";
import { readShippedRules, type RuleOption, shippedStore } from "./shipped_rules.ts";

/** Least time between two checks of the rule files: checking 700 files takes some milliseconds. */
export const RELOAD_CHECK_MS = 2_000;

/** Rule files that may change. */
export interface RuleSource {
  /** Where these rules are kept compiled; absent for rules of the user, which a cache keeps. */
  readonly store?: CompiledRuleStore;
  /** Reads the files and all that they include. @throws {YaraError} `yara-rules-not-found` when a path can't be used */
  read(): Promise<CollectedRules>;
  /** Whether a file was added, removed or written since they were read; checks at most every {@linkcode RELOAD_CHECK_MS}. */
  hasChanged(): Promise<boolean>;
}

/** The rules that ship with the plugin. */
export function shippedRules(option: RuleOption): RuleSource {
  return {
    store: shippedStore(option),
    read: () => readShippedRules(option),
    hasChanged: () => Promise.resolve(false),
  };
}

/** The rules of files and folders. */
export class RuleFiles implements RuleSource {
  #stamp = "";
  /** Files that were asked for beside those of the option, those that were not there included: they may come. */
  #included: readonly string[] = [];
  #nextCheckMs = 0;

  constructor(
    readonly option: string,
    readonly paths: readonly string[],
    readonly now = () => performance.now(),
  ) {}

  async read(): Promise<CollectedRules> {
    const files = await listRuleFiles(this.option, this.paths);
    // Before a file is read: one that is written meanwhile is seen as changed the next time.
    const stamps = new Map(files.map((file) => [file, stampOf(file)]));
    const collected = await collectRules(files, (file) => {
      if (!stamps.has(file)) stamps.set(file, stampOf(file));
      return readRuleFile(file);
    });
    const named = new Set(files);
    this.#included = [...stamps.keys()].filter((file) => !named.has(file));
    this.#stamp = [...files, ...this.#included].map((file) => stamps.get(file)).join("\n");
    this.#nextCheckMs = this.now() + RELOAD_CHECK_MS;
    return collected;
  }

  async hasChanged(): Promise<boolean> {
    if (this.now() < this.#nextCheckMs) return false;
    this.#nextCheckMs = this.now() + RELOAD_CHECK_MS;
    try {
      const files = await listRuleFiles(this.option, this.paths);
      return [...files, ...this.#included].map(stampOf).join("\n") !== this.#stamp;
    } catch (error) {
      if (!(error instanceof YaraError)) throw error;
      // A folder that is gone for a moment, as when a new one takes its place: the current rules stay in use.
      return false;
    }
  }
}

/** Changes with the file: name, size and when it was last written. */
function stampOf(file: string): string {
  try {
    const { size, mtime, ino } = Deno.statSync(file);
    return `${file} ${size} ${mtime?.getTime()} ${ino}`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `${file} ${error.name}`;
  }
}
