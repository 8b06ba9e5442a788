/**
 * What is compared: engines of the plugin by name, and the installed YARA, behind one interface.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import type { EngineName, Externals } from "../../plugins/yara/engine.ts";
import { openEngine } from "../../plugins/yara/open_engine.ts";
import { loadYaraX, type RuleSource } from "../../wasm/yara_x/mod.ts";
import { searchFirst } from "../../plugins/yara/search_first.ts";
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
  /** Whether it reports the keys of `xor` strings. */
  readonly hasXorKeys: boolean;
  /** Whether it is another implementation, which gets only the rules that the first subject accepts. */
  readonly isForeign: boolean;
  /** Largest length of a hit that it lists; default: any. */
  readonly longestHit?: number;
  compile(rules: readonly PoolRule[], externals: Externals): Promise<SubjectRules>;
}

/** Engines that `openEngine` knows, as `auto`, `plugin:yara-x` and `libyara`. */
const ENGINES: Readonly<Record<string, EngineName>> = {
  auto: "auto",
  "plugin:yara-x": "yara-x",
  libyara: "libyara",
};

const log: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}

/**
 * Opens `yara-x` itself (`yara-x:raw`: with rules that change each other), or an engine of the plugin.
 *
 * @throws {TypeError} when there is none of that name
 */
export async function openSubject(name: string): Promise<Subject> {
  if (name === "yara-x" || name === "yara-x:raw") return await openAuthority(name !== "yara-x");
  const known = ENGINES[name];
  if (!known) {
    const names = ["yara-x", "yara-x:raw", ...Object.keys(ENGINES)].join(", ");
    throw new TypeError(`"${name}" is no engine, should be one of ${names}`);
  }
  const engine = await openEngine(known);
  return {
    name,
    hasXorKeys: known !== "libyara",
    isForeign: known === "libyara",
    async compile(rules, externals) {
      const compiled = await engine.compile(collectedOf(rules), { externals, log });
      await compiled.check();
      const leftOut = compiled.problems.filter(({ isInUse }) => !isInUse);
      return {
        refused: new Map(leftOut.map(({ file, message }) => [file, message])),
        scan: (files, values) =>
          scanAll(files, async (file) => {
            const { matches, errors: [error] } = await compiled.scan(file, values);
            if (error === undefined) return verdictOf(matches);
            return typeof error === "string" ? error : error.message;
          }),
        free: () => compiled.free(),
      };
    },
  };
}

/**
 * All rules go to yara-x as they are, in one set; unless it is raw, behind those that keep them from changing each
 * other.
 */
async function openAuthority(isRaw: boolean): Promise<Subject> {
  const engine = await loadYaraX();
  return {
    name: isRaw ? "yara-x:raw" : "yara-x",
    hasXorKeys: true,
    isForeign: false,
    async compile(rules, externals) {
      const compileSome = async (some: readonly PoolRule[]) => {
        const first = isRaw ? [] : searchFirst(some.map(({ text }) => text));
        const sources = [...first, ...sourcesOf(some)];
        const compiled = await engine.compile(sources, { externals });
        const problems = compiled.problems.map(({ source, message }) =>
          [sources[source]!.unit, message] as const
        );
        return { compiled, refused: new Map(problems) };
      };
      let { compiled, refused } = await compileSome(rules);
      if (!isRaw && refused.size > 0) {
        // What it refuses in one rule it refuses in those that come first, and then they have no effect.
        compiled.free();
        const isRule = new Set(rules.map(({ name }) => name));
        refused = new Map([...refused].filter(([unit]) => isRule.has(unit)));
        ({ compiled } = await compileSome(rules.filter(({ name }) => !refused.has(name))));
      }
      return {
        refused,
        scan: (files, values) =>
          scanAll(files, async (file) => {
            const outcome = await compiled.scan(file, values);
            return outcome.ok ? verdictOf(outcome.matches) : outcome.message;
          }),
        free: () => compiled.free(),
      };
    },
  };
}

function sourcesOf(rules: readonly PoolRule[]): RuleSource[] {
  const modules = [...new Set(rules.flatMap((rule) => rule.modules))].sort();
  return [
    ...modules.map((name) => ({ unit: `import "${name}"`, text: `import "${name}"\n`, rules: [] })),
    ...rules.map(({ name, text }) => ({ unit: name, text, rules: [{ name, start: 0 }] })),
  ];
}

async function scanAll(
  files: readonly Uint8Array[],
  scan: (file: Uint8Array) => Promise<Verdict | string>,
): Promise<(Verdict | string)[]> {
  const verdicts: (Verdict | string)[] = [];
  for (const file of files) verdicts.push(await scan(file));
  return verdicts;
}
