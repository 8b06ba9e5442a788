/**
 * Options of plugins: from the constructor, `--plugin-opts`, the plugin's section of `stoq.cfg`, and its manifest's defaults.
 *
 * @module
 */

import { nearestHint } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";
import type { Manifest, OptionDeclaration } from "../plugin/manifest.ts";
import { type OptionBase, readOptionData } from "../plugin/option_value.ts";
import type { Registry } from "../plugin/registry.ts";
import { camelCase, snakeCase } from "../plugin/option_name.ts";
import type { CfgDocument } from "./cfg_reader.ts";
import { readSetValue, type SetValue } from "./layers.ts";
import { type Flag, OPTIONS } from "./option_table.ts";

/** A value that was set for a plugin's option. */
export interface PluginSetting extends SetValue {
  readonly plugin: string;
  readonly option: string;
  /** Whether it is from `[DEFAULT]`, and so perhaps not meant for this plugin. */
  readonly isInherited?: boolean;
}

/** Options of a plugin by the names that the plugin sees, defaults filled in. */
export type PluginOptionsOf = (plugin: string) => Readonly<Record<string, unknown>>;

/** Sections that belong to stoQ itself. */
const OWN_SECTIONS = ["core", "limits", "sandbox"];

/** Splits `plugin:option=value`; the value is everything after the first `=`. */
function splitPluginOpt(word: string): { plugin: string; option: string; value: string } | undefined {
  const [, plugin, option, value] = /^([^:=]+):([^=]+)=(.*)$/s.exec(word) ?? [];
  if (plugin === undefined || option === undefined || value === undefined) return undefined;
  return { plugin: plugin.trim(), option: option.trim().toLowerCase(), value };
}

/** Settings of a configuration file: every section that is not stoQ's own belongs to a plugin. */
export function cfgSettings(document: CfgDocument, base: OptionBase): PluginSetting[] {
  const settings: PluginSetting[] = [];
  for (const [plugin, entries] of document.sections) {
    if (OWN_SECTIONS.includes(plugin)) continue;
    for (const [option, { value, file, line, isInherited }] of entries) {
      const where = `${printable(file)} line ${line}: [${printable(plugin)}] ${printable(option)}`;
      settings.push({ plugin, option, where, raw: { text: value ?? "" }, base, isInherited });
    }
  }
  return settings;
}

/** Settings from a caller of the library: plugin → option in snake_case or camelCase → value. */
export function givenSettings(
  given: Readonly<Record<string, unknown>>,
  base: OptionBase,
  key = "pluginOpts",
): PluginSetting[] {
  return Object.entries(given).flatMap(([plugin, options]) =>
    Object.entries((options ?? {}) as Record<string, unknown>).filter(([, data]) => data !== undefined).map((
      [option, data],
    ) => ({
      plugin,
      option: snakeCase(option),
      where: `${key}.${plugin}.${option}`,
      raw: { data },
      base,
    }))
  );
}

/** Settings of `--plugin-opts`, or of another flag of its form. */
export function flagSettings(
  words: readonly string[],
  base: OptionBase,
  problems: string[],
  { long, value: form }: Flag = OPTIONS.pluginOpts.flag,
): PluginSetting[] {
  return words.flatMap((word) => {
    const parts = splitPluginOpt(word);
    if (!parts) {
      problems.push(`--${long} must be ${form?.replace("...", "")}, got "${printable(word)}"`);
      return [];
    }
    const { plugin, option, value } = parts;
    return [{
      plugin,
      option,
      where: `--${long} ${printable(`${plugin}:${option}`)}`,
      raw: { text: value },
      base,
    }];
  });
}

/**
 * Resolves settings, strongest first; problems are added, one for each wrong setting.
 *
 * @param unused plugins that can't be called in this run; their settings are checked as well
 */
export function resolvePluginOptions(
  registry: Registry,
  unused: Registry | undefined,
  settings: readonly PluginSetting[],
  base: OptionBase,
  problems: string[],
): PluginOptionsOf {
  const values = new Map<string, Map<string, unknown>>();
  for (const setting of settings) {
    const manifest = (registry.get(setting.plugin) ?? unused?.get(setting.plugin))?.manifest;
    const declaration = manifest && findDeclaration(manifest, setting, problems);
    if (!manifest) problems.push(unknownPlugin(registry, setting));
    if (!declaration || saysNothing(declaration, setting)) continue;
    const reading = readSetValue(declaration, setting);
    if ("problem" in reading) {
      problems.push(`${setting.where} ${reading.problem}`);
      continue;
    }
    let options = values.get(setting.plugin);
    if (!options) values.set(setting.plugin, options = new Map());
    if (!options.has(setting.option)) options.set(setting.option, reading.value);
  }
  return (plugin) => withDefaults(registry.get(plugin)?.manifest.options ?? {}, values.get(plugin), base);
}

/** Whether a setting sets nothing: `key =` is an empty text or list, but no value of another type. */
function saysNothing({ type }: OptionDeclaration, { raw }: SetValue): boolean {
  return "text" in raw && raw.text.trim() === "" && !["string", "list", "path-list"].includes(type);
}

function findDeclaration(
  manifest: Manifest,
  setting: PluginSetting,
  problems: string[],
): OptionDeclaration | undefined {
  const { options = {} } = manifest;
  if (Object.hasOwn(options, setting.option)) return options[setting.option];
  if (setting.isInherited) return undefined;
  const hint = nearestHint(setting.option, Object.keys(options));
  problems.push(`${setting.where} is not an option of plugin "${manifest.name}"${hint}`);
  return undefined;
}

/** Describes a setting of a plugin that is not installed. */
export function unknownPlugin(registry: Registry, { plugin, where }: PluginSetting): string {
  return `${where}: no plugin "${printable(plugin)}" is installed${nearestHint(plugin, registry.names())}`;
}

function withDefaults(
  declared: Readonly<Record<string, OptionDeclaration>>,
  values: ReadonlyMap<string, unknown> | undefined,
  base: OptionBase,
): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    if (values?.has(name)) options[camelCase(name)] = values.get(name);
    else if (declaration.default !== undefined) {
      const reading = readOptionData(declaration, declaration.default, base);
      options[camelCase(name)] = "value" in reading ? reading.value : undefined;
    }
  }
  return Object.freeze(options);
}
