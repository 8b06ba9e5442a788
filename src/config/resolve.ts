/**
 * Resolves constructor, flags, environment, `stoq.cfg` and manifests into one set of options.
 *
 * @module
 */

import shippedCfg from "../../stoq.cfg" with { type: "text" };
import type { Role } from "../core/contract/contract.ts";
import type { FileKind, Files } from "../core/ports/files.ts";
import { StoqError } from "../core/contract/errors.ts";
import { notInLock } from "../plugin/installing_errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../core/contract/limits.ts";
import { nearestHint } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";
import type { System } from "../core/ports/system.ts";
import { loadLock } from "../plugin/installed.ts";
import type { OptionBase } from "../plugin/option_value.ts";
import type { SandboxRulesOf } from "../plugin/permission.ts";
import { Registry } from "../plugin/registry.ts";
import { snakeCase } from "../plugin/option_name.ts";
import { type CfgDocument, readCfg } from "./cfg_reader.ts";
import {
  cfgLayer,
  environmentLayer,
  flagLayer,
  givenLayer,
  type Layer,
  readSetValue,
  unknownVariableNotes,
} from "./layers.ts";
import {
  OPTION_ENTRIES,
  type OptionKey,
  type OptionRecord,
  OPTIONS,
  type OptionValues,
  REMOVED_ENTRIES,
} from "./option_table.ts";
import {
  cfgSettings,
  flagSettings,
  givenSettings,
  type PluginOptionsOf,
  resolvePluginOptions,
} from "./plugin_options.ts";
import { resolveSandbox, sandboxSettings } from "./sandbox_settings.ts";
import { registerUnused, resolvePluginNames } from "./plugin_names.ts";

/** Flags of a command line: text, `true` for a switch, the words of a list. */
export type FlagValues = ReadonlyMap<OptionKey, string | boolean | readonly string[]>;

/** Sources of options. */
export interface OptionSources {
  readonly system: System;
  /** Values from a caller of the library, by key. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** Plugin → option → value, from a caller of the library. */
  readonly givenPluginOpts?: Readonly<Record<string, unknown>>;
  /** Plugin → key of `[sandbox]` → value, from a caller of the library. */
  readonly givenSandbox?: Readonly<Record<string, unknown>>;
  readonly flags?: FlagValues;
  /** Whether problems with plugins are ignored, because named plugins may not be installed yet. */
  readonly ignoresPlugins?: boolean;
  /** Whether a plugin folder that can't be used is a problem instead of a note. */
  readonly needsPluginDirs?: boolean;
  /** STOQ_HOME; absent: that of the environment. */
  readonly stoqHome?: string;
}

/** The complete options of an instance. */
export interface ResolvedOptions {
  readonly values: OptionValues;
  readonly limits: Limits;
  /** Absolute path. */
  readonly stoqHome: string;
  readonly registry: Registry;
  readonly pluginOptionsOf: PluginOptionsOf;
  readonly sandboxRulesOf: SandboxRulesOf;
  /** Remarks for the user, one line each. */
  readonly notes: readonly string[];
  /** Problems, one line each; nothing may be run unless the list is empty. */
  readonly problems: readonly string[];
}

/** The state before lists of plugins are read: the configuration file, and the registered plugins. */
export interface Configuration {
  readonly sources: OptionSources;
  /** Absolute path. */
  readonly stoqHome: string;
  readonly registry: Registry;
  readonly cfg: CfgFile;
  readonly base: OptionBase;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** Resolves options; problems are collected, not thrown. */
export async function resolveOptions(sources: OptionSources): Promise<ResolvedOptions> {
  return await resolveConfiguration(await loadConfiguration(sources));
}

/** Reads the configuration file and registers the plugins. Flags with lists of plugins are not used. */
export async function loadConfiguration(sources: OptionSources): Promise<Configuration> {
  const { system } = sources;
  const problems: string[] = [];
  const base: OptionBase = { resolvePath: (path) => system.files.resolve(path) };
  const stoqHome = system.files.resolve(sources.stoqHome ?? defaultHome(system));
  await checkHome(system.files, stoqHome, problems);
  const upper = upperLayers(sources, base);
  const { value: configFile } = readOption("configFile", upper, problems);
  const cfg = await readConfiguration(system, stoqHome, configFile, problems);
  const registry = new Registry();
  const notes = await registerInstalled(system, stoqHome, registry, problems);
  const folders = readOption("pluginDirList", [...upper, cfgLayer(cfg.document, cfg.base)], problems);
  const folderProblems = await registerFolders(system.files, registry, folders);
  if (sources.needsPluginDirs) problems.push(...folderProblems);
  return { sources, stoqHome, registry, cfg, base, notes, problems };
}

/** Resolves options with the plugins that a configuration has registered; `flags` replace those of its sources. */
export async function resolveConfiguration(
  { sources, stoqHome, registry, cfg, base, ...known }: Configuration,
  flags: FlagValues | undefined = sources.flags,
): Promise<ResolvedOptions> {
  const { system } = sources;
  const problems = [...known.problems];
  const pluginProblems = sources.ignoresPlugins ? [] : problems;
  const upper = upperLayers({ ...sources, flags }, base);
  const layers = [...upper, cfgLayer(cfg.document, cfg.base)];
  const { values, places } = readOptions(layers, problems);
  const named = await resolvePluginNames(system.files, registry, values, places, pluginProblems);
  if (values.frozen) refuseUnlocked(registry, pluginProblems);
  checkKeys(cfg.document, problems);
  const settings = [
    ...givenSettings(sources.givenPluginOpts ?? {}, base),
    ...flagSettings(values.pluginOpts ?? [], base, problems),
    ...cfgSettings(cfg.document, cfg.base),
  ];
  const sandbox = [
    givenSettings(sources.givenSandbox ?? {}, base, "sandbox"),
    flagSettings(values.sandbox ?? [], base, problems, OPTIONS.sandbox.flag),
    sandboxSettings(cfg.document, cfg.base, problems),
  ];
  // A section belongs to its plugin also in a run for which flags replace the list that names that by path.
  const unused = [...settings, ...sandbox.flat()].every(({ plugin }) => registry.get(plugin))
    ? undefined
    : await registerUnused(system.files, weakNames(layers));
  const pluginOptionsOf = resolvePluginOptions(registry, unused, settings, base, pluginProblems);
  return {
    values: named,
    limits: limitsOf(named),
    stoqHome,
    registry,
    pluginOptionsOf,
    sandboxRulesOf: resolveSandbox(registry, unused, sandbox, pluginProblems),
    notes: [
      ...known.notes,
      ...unknownVariableNotes(system.envNames?.() ?? []),
      ...removedNotes(layers),
      ...(isScanning(named) ? [] : idleNotes(upper, cfg.path)),
    ],
    problems: [...new Set(problems)],
  };
}

function upperLayers({ system, given = {}, flags = new Map() }: OptionSources, base: OptionBase): Layer[] {
  return [
    givenLayer(given, base),
    flagLayer(flags, base),
    environmentLayer((name) => system.env(name), base),
  ];
}

/** Registers the plugins of folders, and returns why a folder that is named can't be used. */
async function registerFolders(
  files: Files,
  registry: Registry,
  { value: folders, place }: ReadOption<readonly string[] | undefined>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const folder of folders ?? []) {
    await registry.addFolder(files, folder);
    const reason = registry.brokenReason(folder);
    if (reason) problems.push(`${place}: ${reason}`);
  }
  return problems;
}

function defaultHome(system: System): string {
  const home = system.env("STOQ_HOME");
  if (home) return home;
  return `${system.env("HOME") ?? system.env("USERPROFILE") ?? "."}/.stoq`;
}

const KIND_WORDS: Readonly<Record<FileKind, string>> = {
  file: "it is a file",
  directory: "it is a directory",
  other: "it is not a regular file",
};

/** Reports a STOQ_HOME that is not a directory. It need not exist. */
async function checkHome(files: Files, stoqHome: string, problems: string[]): Promise<void> {
  const kind = await files.kindOf(stoqHome).catch((error) => {
    if (!(error instanceof Error)) throw error;
    // A folder that may not be read fails where something in it is needed.
    return undefined;
  });
  if (kind === undefined || kind === "directory") return;
  problems.push(`STOQ_HOME "${printable(stoqHome)}" can't be used: ${KIND_WORDS[kind]}, must be a directory`);
}

/** Registers installed plugins, and returns remarks for the user. */
async function registerInstalled(
  system: System,
  stoqHome: string,
  registry: Registry,
  problems: string[],
): Promise<string[]> {
  try {
    await registry.addInstalled(system, await loadLock(system.files, stoqHome));
  } catch (error) {
    if (!(error instanceof StoqError)) throw error;
    // As for STOQ_HOME: if an installed plugin is needed, it is reported as missing.
    if (error.code === "lock-unreadable") return [error.message];
    problems.push(error.message);
  }
  return [];
}

function refuseUnlocked(registry: Registry, problems: string[]): void {
  for (const name of registry.names()) {
    const { folder, locked } = registry.get(name)!;
    if (folder === undefined || locked) continue;
    const shown = printable(folder);
    problems.push(notInLock(`plugin "${name}" in "${shown}"`, `install it: stoq install ${shown}`).message);
  }
}

interface CfgFile {
  /** Path for messages. */
  readonly path: string;
  readonly document: CfgDocument;
  readonly base: OptionBase;
}

/** Reads the given file, else the one in STOQ_HOME, else the shipped one. */
async function readConfiguration(
  system: System,
  stoqHome: string,
  configFile: string | undefined,
  problems: string[],
): Promise<CfgFile> {
  const { files } = system;
  const path = configFile ?? files.resolve(stoqHome, "stoq.cfg");
  const refuse = (reason: string) =>
    void problems.push(`Configuration file "${printable(path)}" can't be read: ${reason}`);
  let document: CfgDocument = { sections: new Map(), problems: [] };
  try {
    const kind = await files.kindOf(path);
    if (kind === "file") document = readCfg(await files.readText(path), path);
    else if (kind !== undefined) refuse(`${KIND_WORDS[kind]}, must be a file`);
    else if (configFile !== undefined) refuse("it does not exist");
    else document = readCfg(shippedCfg, "stoq.cfg");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    refuse(printable(error.message));
  }
  for (const { file, line, message } of document.problems) {
    problems.push(printable(`${file} line ${line}: ${message}`));
  }
  return { path, document, base: { resolvePath: (name) => files.resolve(path, "..", name) } };
}

/** Whether a source whose lists replace those of others names plugins of any role. */
function namesPlugins(layers: readonly Layer[]): boolean {
  return layers.some((layer) =>
    layer.namesPlugins && OPTION_ENTRIES.some(([key, record]) => record.role && layer.get(key, record))
  );
}

/** Names in the lists that are not used when a stronger source names plugins. */
function weakNames(layers: readonly Layer[]): string[] {
  const weak = layers.filter((layer) => !layer.namesPlugins);
  return OPTION_ENTRIES.filter(([, { role }]) => role).flatMap(([key, record]) =>
    weak.flatMap((layer) => {
      const set = layer.get(key, record);
      const reading = set && readSetValue(record, set);
      return reading && "value" in reading ? reading.value as readonly string[] : [];
    })
  );
}

/** Whether any plugin scans payloads. A configuration file that sets limits alone names none. */
function isScanning(values: OptionValues): boolean {
  const scanning: readonly Role[] = ["worker", "dispatcher", "deep-dispatcher"];
  return OPTION_ENTRIES.some(([key, { role }]) =>
    role && scanning.includes(role) && (values[key] as readonly string[] | undefined ?? []).length > 0
  );
}

/** A response of a scan without workers would read as clean. A caller of the library may name plugins of other roles on purpose. */
function idleNotes(upper: readonly Layer[], cfgPath: string): string[] {
  const [given, ...others] = upper;
  if (given && namesPlugins([given])) return [];
  return [
    namesPlugins(others)
      ? "No payload is scanned: no worker or dispatcher is named, and the lists of stoq.cfg are ignored if a flag names a " +
        "plugin; name them too, such as -a hash mimetype -R yara"
      : `No payload is scanned: "${
        printable(cfgPath)
      }" names no worker or dispatcher; add them to its section ` +
        "[core], such as always_dispatch = hash, mimetype and dispatchers = yara, or name them with -a and -R",
  ];
}

/** A value and its place; the place is absent for the default. */
interface ReadOption<T> {
  readonly value: T;
  readonly place?: string;
}

/** Reads every option. If a stronger source names plugins, the lists of weaker ones are ignored. */
function readOptions(
  layers: readonly Layer[],
  problems: string[],
): { values: OptionValues; places: ReadonlyMap<OptionKey, string> } {
  const isNaming = namesPlugins(layers);
  const strong = layers.filter((layer) => layer.namesPlugins);
  const values: Record<string, unknown> = {};
  const places = new Map<OptionKey, string>();
  for (const [key, record] of OPTION_ENTRIES) {
    const option = readOption(key, record.role && isNaming ? strong : layers, problems);
    values[key] = option.value;
    if (option.place !== undefined) places.set(key, option.place);
  }
  return { values: values as unknown as OptionValues, places };
}

function readOption<K extends OptionKey>(
  key: K,
  layers: readonly Layer[],
  problems: string[],
): ReadOption<OptionValues[K]> {
  const record: OptionRecord = OPTIONS[key];
  for (const layer of layers) {
    const set = layer.get(key, record);
    if (!set) continue;
    const reading = readSetValue(record, set);
    if ("value" in reading) return { value: reading.value as OptionValues[K], place: set.where };
    problems.push(`${set.where} ${reading.problem}`);
    break;
  }
  return { value: record.default as OptionValues[K] };
}

/** Returns a note for each place that sets a removed option. */
function removedNotes(layers: readonly Layer[]): string[] {
  return REMOVED_ENTRIES.flatMap(([key, record]) =>
    layers.flatMap((layer) => {
      const set = layer.get(key, record);
      return set
        ? [`${set.where} is no longer an option (removed in ${record.removedIn}): ${record.hint}`]
        : [];
    })
  );
}

/** Reports keys that are no options. */
function checkKeys(document: CfgDocument, problems: string[]): void {
  for (const section of ["core", "limits"] as const) {
    const inSection = ([, record]: readonly [string, { readonly section?: string }]) =>
      record.section === section;
    const known = OPTION_ENTRIES.filter(inSection).map(([key]) => snakeCase(key));
    const removed = REMOVED_ENTRIES.filter(inSection).map(([key]) => snakeCase(key));
    for (const [name, { file, line, isInherited }] of document.sections.get(section) ?? []) {
      if (isInherited || known.includes(name) || removed.includes(name)) continue;
      const where = `${printable(file)} line ${line}`;
      problems.push(
        `${where}: "${printable(name)}" is not an option of [${section}]${nearestHint(name, known)}`,
      );
    }
  }
}

function limitsOf(values: OptionValues): Limits {
  return {
    ...DEFAULT_LIMITS,
    payloadBytes: values.payloadBytes,
    extractedBytes: values.extractedBytes,
    payloads: values.payloads,
    expansionRatio: values.expansionRatio,
    resultBytes: values.resultBytes,
    responseCost: values.responseCost,
    errors: values.errors,
    maxResumes: values.maxResumes,
    memoryBudgetBytes: values.memoryBudget,
    pluginTimeoutMs: values.pluginTimeout * 1000,
    requestTimeoutMs: values.requestTimeout * 1000,
    runnerMemoryBytes: values.runnerMemory,
    recursionRounds: values.maxRecursion,
    requiredWorkerDepth: values.maxRequiredWorkerDepth,
    dispatchPasses: values.maxDispatchPasses,
  };
}
