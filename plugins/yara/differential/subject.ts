/**
 * What is compared: engines of the plugin by name, and the installed YARA, behind one interface.
 *
 * @module
 */

import type { Logger } from "../../../src/plugin/define.ts";
import { type EngineName, type Externals, openEngine, type UsableRules } from "../engine.ts";
import { collectedOf, type PoolRule } from "./rule_pool.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** Rules that a subject compiled. */
export interface SubjectRules {
  /** Rule that it refuses → why. */
  readonly refused: ReadonlyMap<string, string>;
  /** What it says of each file; a failure is a phrase. */
  scan(files: readonly Uint8Array[], externals: Externals): Promise<(Verdict | string)[]>;
  /** Gives back what the rules hold. */
  free(): Promise<void> | void;
}

/** Something that compiles rules and scans files. */
export interface Subject {
  readonly name: string;
  /** Whether it tells the keys of `xor` strings. */
  readonly hasXorKeys: boolean;
  /** Whether it is another implementation, which gets only the rules that the first subject accepts. */
  readonly isForeign: boolean;
  /** Largest length of a hit that it lists; default: any. */
  readonly longestHit?: number;
  compile(rules: readonly PoolRule[], externals: Externals): Promise<SubjectRules>;
}

/** Engines that `openEngine` knows. */
export const ENGINES: readonly EngineName[] = ["auto", "yara-x", "libyara"];

const log: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}

/** Opens an engine of the plugin. @throws {TypeError} when there is none of that name */
export async function openSubject(name: string): Promise<Subject> {
  const known = ENGINES.find((engine) => engine === name);
  if (!known) throw new TypeError(`"${name}" is no engine, should be one of ${ENGINES.join(", ")}`);
  const engine = await openEngine(known);
  return {
    name,
    hasXorKeys: known !== "libyara",
    isForeign: known === "libyara",
    async compile(rules, externals) {
      const compiled = await engine.compile(collectedOf(rules), { externals, log });
      await compiled.check();
      return {
        refused: new Map(compiled.problems.map(({ file, message }) => [file, message])),
        scan: (files, values) => scanAll(compiled, files, values),
        free: () => compiled.free(),
      };
    },
  };
}

async function scanAll(compiled: UsableRules, files: readonly Uint8Array[], externals: Externals) {
  const verdicts: (Verdict | string)[] = [];
  for (const file of files) {
    const { matches, errors } = await compiled.scan(file, externals);
    const [error] = errors;
    verdicts.push(
      error === undefined ? verdictOf(matches) : typeof error === "string" ? error : error.message,
    );
  }
  return verdicts;
}
