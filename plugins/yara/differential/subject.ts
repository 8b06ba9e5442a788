/**
 * What is compared: engines of the plugin by name, and the installed YARA, behind one interface.
 *
 * @module
 */

import { type EngineName, type Externals, openEngine } from "../engine.ts";
import { type PoolRule, sourcesOf } from "./rule_pool.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** Rules that a subject compiled. */
export interface SubjectRules {
  /** Rule that it refuses → why. */
  readonly refused: ReadonlyMap<string, string>;
  /** What it says of each file; a failure is a phrase. */
  scan(files: readonly Uint8Array[], externals: Externals): Promise<(Verdict | string)[]>;
  free(): Promise<void> | void;
}

/** Something that compiles rules and scans files. */
export interface Subject {
  readonly name: string;
  /** Whether it tells the keys of `xor` strings. */
  readonly hasXorKeys: boolean;
  compile(rules: readonly PoolRule[], externals: Externals): Promise<SubjectRules>;
}

/** Engines that {@link openEngine} knows. */
export const ENGINES: readonly EngineName[] = ["yara-x", "libyara"];

/** An engine of the plugin. @throws {TypeError} when there is none of that name */
export async function openSubject(name: string): Promise<Subject> {
  const known = ENGINES.find((engine) => engine === name);
  if (!known) throw new TypeError(`"${name}" is no engine, should be one of ${ENGINES.join(", ")}`);
  const engine = await openEngine(known);
  return {
    name,
    hasXorKeys: name !== "libyara",
    async compile(rules, externals) {
      const sources = sourcesOf(rules);
      const compiled = await engine.compile(sources, { externals });
      const refused = new Map(compiled.problems.map(({ source, message }) => [
        sources[source]!.unit.replace(/^rule /, ""),
        message,
      ]));
      return {
        refused,
        async scan(files, values) {
          const verdicts: (Verdict | string)[] = [];
          for (const file of files) {
            const outcome = await compiled.scan(file, values);
            verdicts.push(outcome.ok ? verdictOf(outcome.matches) : outcome.message);
          }
          return verdicts;
        },
        free: () => compiled.free(),
      };
    },
  };
}
