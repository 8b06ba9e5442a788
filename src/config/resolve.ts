/**
 * Resolves what constructor, flags, environment, `stoq.cfg` and manifests say into one strict set of options.
 *
 * @module
 */

import shippedCfg from "../../stoq.cfg" with { type: "text" };
import { DEFAULT_LIMITS, type Limits } from "../core/limits.ts";
import { nearestName } from "../core/nearest.ts";
import { printable } from "../core/printable.ts";
import type { System } from "../core/system.ts";
import type { OptionBase } from "../plugin/option_value.ts";
import { Registry } from "../plugin/registry.ts";
import { type CfgDocument, readCfg } from "./cfg_reader.ts";
import { cfgLayer, environmentLayer, flagLayer, givenLayer, type Layer, readSetValue } from "./layers.ts";
import {
  OPTION_ENTRIES,
  type OptionKey,
  type OptionRecord,
  OPTIONS,
  type OptionValues,
  snakeCase,
} from "./option_table.ts";
import {
  cfgSettings,
  flagSettings,
  givenSettings,
  type PluginOptionsOf,
  resolvePluginOptions,
} from "./plugin_options.ts";
import { resolvePluginNames } from "./plugin_names.ts";

/** Flags of a command line as text: a switch is `true`, a list its words. */
export type FlagValues = ReadonlyMap<OptionKey, string | boolean | readonly string[]>;

/** Where options may come from. */
export interface OptionSources {
  readonly system: System;
  /** Values from a library's caller by key. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** Plugin → option → value from a library's caller. */
  readonly givenPluginOpts?: Readonly<Record<string, unknown>>;
  readonly flags?: FlagValues;
  /** Folders of single plugins that are registered after all others. */
  readonly pluginFolders?: readonly string[];
  /** STOQ_HOME, where the caller knows better than the environment. */
  readonly stoqHome?: string;
}

/** Options of one instance, complete. */
export interface ResolvedOptions {
  readonly values: OptionValues;
  readonly limits: Limits;
  /** Absolute path. */
  readonly stoqHome: string;
  readonly registry: Registry;
  readonly pluginOptionsOf: PluginOptionsOf;
  /** Everything that is wrong, each a line for people; nothing may be run unless it is empty. */
  readonly problems: readonly string[];
}

/** Resolves options; what is wrong is collected, not thrown. */
export async function resolveOptions(sources: OptionSources): Promise<ResolvedOptions> {
  const { system, given = {}, flags = new Map() } = sources;
  const problems: string[] = [];
  const base: OptionBase = { resolvePath: (path) => system.files.resolve(path) };
  const stoqHome = system.files.resolve(sources.stoqHome ?? defaultHome(system));
  const upper = [
    givenLayer(given, base),
    flagLayer(flags, base),
    environmentLayer((name) => system.env(name), base),
  ];
  const cfg = await readConfiguration(system, stoqHome, readOption("configFile", upper, problems), problems);
  const values = readOptions([...upper, cfgLayer(cfg.document, cfg.base)], problems);

  const registry = new Registry();
  for (const folder of values.pluginDirList ?? []) await registry.addFolder(system.files, folder);
  for (const folder of sources.pluginFolders ?? []) await registry.addPath(system.files, folder);
  const named = await resolvePluginNames(system.files, registry, values, problems);
  checkKeys(cfg.document, problems);
  const settings = [
    ...givenSettings(sources.givenPluginOpts ?? {}, base),
    ...flagSettings(values.pluginOpts ?? [], base, problems),
    ...cfgSettings(cfg.document, cfg.base),
  ];
  const pluginOptionsOf = resolvePluginOptions(registry, settings, base, problems);
  return {
    values: named,
    limits: limitsOf(named),
    stoqHome,
    registry,
    pluginOptionsOf,
    problems: [...new Set(problems)],
  };
}

function defaultHome(system: System): string {
  const home = system.env("STOQ_HOME");
  if (home) return home;
  return `${system.env("HOME") ?? system.env("USERPROFILE") ?? "."}/.stoq`;
}

interface Configuration {
  readonly document: CfgDocument;
  readonly base: OptionBase;
}

/** The file that was asked for, else the one in STOQ_HOME, else the one that is shipped. */
async function readConfiguration(
  system: System,
  stoqHome: string,
  configFile: string | undefined,
  problems: string[],
): Promise<Configuration> {
  const { files } = system;
  const path = configFile ?? files.resolve(stoqHome, "stoq.cfg");
  const refuse = (reason: string) =>
    void problems.push(`Configuration file "${printable(path)}" can't be read: ${reason}`);
  let document: CfgDocument = { sections: new Map(), problems: [] };
  try {
    const kind = await files.kindOf(path);
    if (kind === "file") document = readCfg(await files.readText(path), path);
    else if (configFile === undefined) document = readCfg(shippedCfg, "stoq.cfg");
    else refuse(kind === undefined ? "it does not exist" : "it is not a file");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    refuse(printable(error.message));
  }
  for (const { file, line, message } of document.problems) {
    problems.push(printable(`${file} line ${line}: ${message}`));
  }
  return { document, base: { resolvePath: (name) => files.resolve(path, "..", name) } };
}

/** Reads every option; where a strong layer names plugins, the lists of the weak ones don't count. */
function readOptions(layers: readonly Layer[], problems: string[]): OptionValues {
  const isNaming = layers.some((layer) =>
    layer.namesPlugins && OPTION_ENTRIES.some(([key, record]) => record.role && layer.get(key, record))
  );
  const strong = layers.filter((layer) => layer.namesPlugins);
  const values: Record<string, unknown> = {};
  for (const [key, record] of OPTION_ENTRIES) {
    values[key] = readOption(key, record.role && isNaming ? strong : layers, problems);
  }
  return values as unknown as OptionValues;
}

function readOption<K extends OptionKey>(
  key: K,
  layers: readonly Layer[],
  problems: string[],
): OptionValues[K] {
  const record: OptionRecord = OPTIONS[key];
  for (const layer of layers) {
    const set = layer.get(key, record);
    if (!set) continue;
    const reading = readSetValue(record, set);
    if ("value" in reading) return reading.value as OptionValues[K];
    problems.push(`${set.where} ${reading.problem}`);
    break;
  }
  return record.default as OptionValues[K];
}

/** A key that nobody reads was mistyped. */
function checkKeys(document: CfgDocument, problems: string[]): void {
  for (const section of ["core", "limits"] as const) {
    const known = OPTION_ENTRIES.filter(([, record]) => record.section === section).map(([key]) =>
      snakeCase(key)
    );
    for (const [name, { file, line, isInherited }] of document.sections.get(section) ?? []) {
      if (isInherited || known.includes(name)) continue;
      const nearest = nearestName(name, known);
      const hint = nearest ? `, did you mean "${nearest}"?` : "";
      problems.push(
        `${printable(file)} line ${line}: "${printable(name)}" is not an option of [${section}]${hint}`,
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
    pluginTimeoutMs: values.pluginTimeout * 1000,
    requestTimeoutMs: values.requestTimeout * 1000,
    recursionRounds: values.maxRecursion,
    requiredWorkerDepth: values.maxRequiredWorkerDepth,
    dispatchPasses: values.maxDispatchPasses,
  };
}
