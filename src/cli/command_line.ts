/**
 * Resolves a command line in three steps, each done once: flags with a single value load configuration and plugin registry, the
 * names of the plugins divide lists into values and PATHs, and then all options are resolved.
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
import { type Arguments, type Part, singleValues } from "./arguments.ts";

/** A word that belongs to no flag. */
export interface PathWord {
  readonly word: string;
  /** Whether it stands after `--`, where `-` may be a file. */
  readonly isLiteral: boolean;
  /** What the word may have been meant as, where it ended a list of plugins. */
  readonly hint?: string;
}

/** A command line with its resolved options. */
export interface CommandLine {
  readonly flags: FlagValues;
  readonly paths: readonly PathWord[];
  readonly options: ResolvedOptions;
  /** Problems of flags, words and options. */
  readonly problems: readonly string[];
}

/** How a command reads its line. */
export interface CommandLineSetup {
  /** Whether problems of plugin lists are ignored: a plugin that they name may not be installed yet. */
  readonly ignoresPlugins?: boolean;
  /** Whether PATHs are files to scan, whose names may be hostile; otherwise they are plugins. */
  readonly scansPaths?: boolean;
  /** Returns the folders of single plugins that the words name; they are registered after all others. */
  readonly foldersOf?: (words: readonly string[]) => readonly string[];
}

/** Flags that decide which code runs, and with which permissions. The name of a file must never be read as one of them. */
const GUARDED: readonly OptionKey[] = ["isolation", "pluginDirList", "configFile", "sandbox"];

/** Returns the command line that arguments make with the installed plugins. */
export async function readCommandLine(
  system: System,
  parameters: Arguments,
  { ignoresPlugins, scansPaths = false, foldersOf }: CommandLineSetup = {},
): Promise<CommandLine> {
  const configuration = await loadConfiguration({
    system,
    flags: singleValues(parameters.parts),
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
  /** Resolves paths in messages. */
  readonly files: Pick<Files, "resolve">;
  readonly registry: Registry;
  /** Whether flags that decide which code runs are refused after a PATH. */
  readonly scansPaths: boolean;
}

/** The parts of a command line with their lists divided. */
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
  const values = singleValues(parts);
  const paths: PathWord[] = [];
  const problems: string[] = [];
  for (const part of parts) {
    if (part.kind === "path") {
      paths.push(part);
      continue;
    }
    const { key } = part;
    const flag = (OPTIONS[key] as OptionRecord).flag!;
    if (scansPaths && paths[0] && GUARDED.includes(key)) problems.push(misplaced(flag.long, paths[0]));
    if (part.kind === "value") continue;
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

function misplaced(long: string, { word }: PathWord): string {
  return `--${long} must stand before the first PATH, which is "${
    printable(word)
  }": after it the flag may be the name of a file`;
}

/** Returns how many of a list's words are values. */
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

/** Splits a list of plugins at commas; an assignment may hold commas. */
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
