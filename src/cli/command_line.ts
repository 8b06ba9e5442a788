/**
 * The command line as a whole: the plugins are loaded by what single flags say, lists are divided with their names, and then the
 * options are resolved.
 *
 * @module
 */

import { type OptionKey, type OptionRecord, OPTIONS } from "../config/option_table.ts";
import { describeUnknownName } from "../config/plugin_names.ts";
import {
  type FlagValues,
  loadConfiguration,
  resolveConfiguration,
  type ResolvedOptions,
} from "../config/resolve.ts";
import type { Files } from "../core/ports/files.ts";
import { printable } from "../core/contract/printable.ts";
import type { System } from "../core/ports/system.ts";
import { hasScheme } from "../plugin/reference.ts";
import type { Registry } from "../plugin/registry.ts";
import { type Arguments, type Part, setValue, singleValues } from "./arguments.ts";

/** A word that belongs to no flag. */
export interface PathWord {
  readonly word: string;
  /** Whether it stands behind `--`, where `-` may be a file. */
  readonly isLiteral: boolean;
  /** What else the word may have been meant for, where it ended a list of plugins. */
  readonly hint?: string;
}

/** What a command line says. */
export interface CommandLine {
  readonly flags: FlagValues;
  readonly paths: readonly PathWord[];
  readonly options: ResolvedOptions;
  /** Of flags, words and options. */
  readonly problems: readonly string[];
}

/** How a command reads its line. */
export interface CommandLineSetup {
  /** Whether lists of plugins don't matter: those that are named may not be installed yet. */
  readonly ignoresPlugins?: boolean;
  /** Whether PATHs are files to scan, whose names may be hostile, rather than plugins. */
  readonly scansPaths?: boolean;
  /** Returns the folders of single plugins that the words name; they are registered after all others. */
  readonly foldersOf?: (words: readonly string[]) => readonly string[];
}

/** Flags that decide whose code runs, with which permissions. The name of a file must never be taken for one. */
const GUARDED: readonly OptionKey[] = ["isolation", "pluginDirList", "configFile", "sandbox"];

/** Reads arguments with the names of the plugins. */
export async function readCommandLine(
  system: System,
  parameters: Arguments,
  { ignoresPlugins, scansPaths = false, foldersOf }: CommandLineSetup = {},
): Promise<CommandLine> {
  const configuration = await loadConfiguration({
    system,
    flags: singleValues(parameters),
    ignoresPlugins,
    needsPluginDirs: !ignoresPlugins,
  });
  const { registry } = configuration;
  const divided = divideWords(parameters.parts, { files: system.files, registry, scansPaths });
  for (const folder of foldersOf?.(divided.paths.map(({ word }) => word)) ?? []) {
    await registry.addPath(system.files, folder);
  }
  const { values: flags, paths } = divided;
  const options = await resolveConfiguration(configuration, flags);
  return {
    flags,
    paths,
    options,
    problems: [...parameters.problems, ...divided.problems, ...options.problems],
  };
}

/** What {@link divideWords} depends on. */
export interface DivisionSetup {
  /** Says what a path is, for messages. */
  readonly files: Pick<Files, "resolve">;
  readonly registry: Registry;
  /** Whether flags that decide whose code runs are refused behind a PATH. */
  readonly scansPaths: boolean;
}

/** What the parts of a command line say. */
export interface DividedWords {
  readonly values: ReadonlyMap<OptionKey, string | boolean | string[]>;
  readonly paths: readonly PathWord[];
  readonly problems: readonly string[];
}

/**
 * Divides lists: the first word is a value, further words are values while they name plugins, and the first other word is a PATH.
 * The file system is never asked, so that no file can change the meaning of a word.
 */
export function divideWords(
  parts: readonly Part[],
  { files, registry, scansPaths }: DivisionSetup,
): DividedWords {
  const values = new Map<OptionKey, string | boolean | string[]>();
  const paths: PathWord[] = [];
  const problems: string[] = [];
  for (const part of parts) {
    if (part.kind === "path") {
      paths.push(part);
      continue;
    }
    const { key } = part;
    const flag = (OPTIONS[key] as OptionRecord).flag!;
    if (scansPaths && paths[0] && GUARDED.includes(key)) {
      problems.push(
        `--${flag.long} must stand before the first PATH, which is "${
          printable(paths[0].word)
        }": behind it the flag may be ` +
          "the name of a file",
      );
    }
    if (part.kind === "value") {
      setValue(values, key, part.value);
      continue;
    }
    const count = countValues(key, part.words, registry);
    if (count === 0) problems.push(`--${flag.long} needs a value: ${flag.value}`);
    const named = part.words.slice(0, count).flatMap((word) => splitValue(key, word));
    values.set(key, [...(values.get(key) as string[] | undefined ?? []), ...named]);
    paths.push(
      ...part.words.slice(count).map((word, index) => ({
        word,
        isLiteral: false,
        hint: index === 0 && isOfPlugins(key) ? hintFor(files, registry, flag, word) : undefined,
      })),
    );
  }
  return { values, paths, problems };
}

/** How many of a list's words are values. */
function countValues(key: OptionKey, words: readonly string[], registry: Registry): number {
  const [first] = words;
  if (first === undefined || first === "-") return 0;
  const end = words.findIndex((word, index) => index > 0 && !isFurtherValue(key, word, registry));
  return end < 0 ? words.length : end;
}

function isFurtherValue(key: OptionKey, word: string, registry: Registry): boolean {
  if (key === "requestExtra") return /^[^=]+=/.test(word);
  if (!isOfPlugins(key)) return /^[^:=/\\]+:[^=/\\]+=/.test(word);
  const names = splitValue(key, word);
  return names.length > 0 && names.every((name) => registry.get(name) !== undefined || hasScheme(name));
}

function isOfPlugins(key: OptionKey): boolean {
  return (OPTIONS[key] as OptionRecord).role !== undefined;
}

/** Assignments may hold commas. */
function splitValue(key: OptionKey, word: string): string[] {
  return isOfPlugins(key) ? word.split(",").filter((part) => part !== "") : [word];
}

function hintFor(
  files: DivisionSetup["files"],
  registry: Registry,
  { long }: NonNullable<OptionRecord["flag"]>,
  word: string,
): string | undefined {
  const isGuess = registry.nearest(word) !== undefined || registry.brokenReason(word) !== undefined;
  return isGuess ? `as a value of --${long}: ${describeUnknownName(files, registry, word)}` : undefined;
}
