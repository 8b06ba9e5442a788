/**
 * Settings of permissions and isolation of plugins, from the constructor, `--sandbox` and `[sandbox]` of `stoq.cfg`.
 *
 * @module
 */

import { nearestHint } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";
import type { Manifest } from "../plugin/manifest.ts";
import { PERMISSIONS } from "../plugin/permission.ts";
import { brief, checkOptionValue, type OptionBase, type OptionType } from "../plugin/option_value.ts";
import {
  type GrantRule,
  type Permission,
  resourceProblem,
  type SandboxRules,
  type SandboxRulesOf,
} from "../plugin/permission.ts";
import type { Registry } from "../plugin/registry.ts";
import type { CfgDocument } from "./cfg_reader.ts";
import type { SetValue } from "./layers.ts";
import { type PluginSetting, unknownPlugin } from "./plugin_options.ts";

/** Keys that a plugin can have in `[sandbox]`. */
const SANDBOX_KEYS: readonly string[] = [...PERMISSIONS, "permissions", "isolation"];

/** Types of options whose values can be part of a path, host or name. */
const FILLABLE: readonly OptionType[] = ["string", "path", "list", "path-list", "integer", "number"];

/** Settings of `[sandbox]`: `plugin.key = value`. Values of `[DEFAULT]` are used in references only. */
export function sandboxSettings(
  document: CfgDocument,
  base: OptionBase,
  problems: string[],
): PluginSetting[] {
  return [...document.sections.get("sandbox") ?? []].flatMap(([name, { value, file, line, isInherited }]) => {
    if (isInherited) return [];
    const where = `${printable(file)} line ${line}: [sandbox] ${printable(name)}`;
    const dot = name.lastIndexOf(".");
    if (dot < 0) {
      problems.push(`${where} must be PLUGIN.KEY, such as ${printable(name)}.net = none`);
      return [];
    }
    return [{
      plugin: name.slice(0, dot),
      option: name.slice(dot + 1),
      where,
      raw: { text: value ?? "" },
      base,
    }];
  });
}

/**
 * Resolves settings, strongest source first; problems are added, one for each wrong setting.
 *
 * @param unused plugins that can't be called in this run; their settings are checked as well
 */
export function resolveSandbox(
  registry: Registry,
  unused: Registry | undefined,
  sources: readonly (readonly PluginSetting[])[],
  problems: string[],
): SandboxRulesOf {
  const drafts = new Map<string, Draft>();
  for (const source of sources) {
    // In one source a named kind is stronger than `permissions`.
    for (const setting of source.toSorted((a, b) => rank(a) - rank(b))) {
      const manifest = (registry.get(setting.plugin) ?? unused?.get(setting.plugin))?.manifest;
      const problem = manifest
        ? readSetting(setting, manifest, draftOf(drafts, setting.plugin))
        : unknownPlugin(registry, setting);
      if (problem) problems.push(problem);
    }
  }
  const rules = new Map([...drafts].map(([plugin, draft]) => [plugin, rulesOf(draft, problems)]));
  return (plugin) => rules.get(plugin);
}

function rank({ option }: PluginSetting): number {
  return option === "permissions" ? 1 : 0;
}

/** The settings of a plugin so far; weaker settings don't replace them. */
interface Draft {
  isolation?: SandboxRules["isolation"];
  readonly grants: Map<Permission, GrantRule>;
}

function draftOf(drafts: Map<string, Draft>, plugin: string): Draft {
  let draft = drafts.get(plugin);
  if (!draft) drafts.set(plugin, draft = { grants: new Map() });
  return draft;
}

/** Adds a setting to the draft, or returns its problem. */
function readSetting(setting: PluginSetting, manifest: Manifest, draft: Draft): string | undefined {
  const { option, where } = setting;
  if (option === "isolation") {
    const reading = readWord(setting, ["process", "none"]);
    if ("problem" in reading) return `${where} ${reading.problem}`;
    draft.isolation ??= { value: reading.value as "process" | "none", where };
    return undefined;
  }
  if (option === "permissions") {
    const reading = readWord(setting, ["none", "asked"]);
    if ("problem" in reading) return `${where} ${reading.problem}`;
    const rule = { keepsAsked: reading.value === "asked", resources: [], where };
    for (const each of PERMISSIONS) if (!draft.grants.has(each)) draft.grants.set(each, rule);
    return undefined;
  }
  const permission = PERMISSIONS.find((each) => each === option);
  if (!permission) {
    const hint = nearestHint(option, SANDBOX_KEYS) || `, known are ${SANDBOX_KEYS.join(", ")}`;
    return `${where}: "${printable(option)}" is not a permission${hint}`;
  }
  const rule = readRule(setting, permission, manifest);
  if ("problem" in rule) return `${where} ${rule.problem}`;
  if (!draft.grants.has(permission)) draft.grants.set(permission, rule);
  return undefined;
}

function readWord({ raw }: SetValue, choices: readonly string[]): ReturnType<typeof checkOptionValue> {
  const value = "text" in raw ? raw.text.trim() : raw.data;
  return checkOptionValue({ type: "string", doc: "", choices }, value);
}

/** Values that are no lists: nothing is granted, or what the manifest requests. */
const WORDS = ["none", "asked"];

/** Reads `none`, `asked`, a list that replaces the requested resources, or a list of `+resource` that is added to them. */
function readRule(
  { raw, where, base }: SetValue,
  permission: Permission,
  manifest: Manifest,
): GrantRule | { readonly problem: string } {
  const entries = "text" in raw ? splitEntries(raw.text) : entriesOf(raw.data);
  if (entries === undefined) {
    return { problem: `must be text or a list of text, got ${brief("data" in raw && raw.data)}` };
  }
  if (entries.length === 0) return { problem: "has no value, must be none, asked or a list" };
  if (entries.length === 1 && WORDS.includes(entries[0]!)) {
    return { keepsAsked: entries[0] === "asked", resources: [], where };
  }
  const added = entries.filter((entry) => entry.startsWith("+"));
  if (added.length > 0 && added.length < entries.length) {
    return {
      problem:
        'mixes entries with and without "+": with it all add to what is asked, without it all replace it',
    };
  }
  const resources: string[] = [];
  for (const entry of entries) {
    const resource = entry.replace(/^\+\s*/, "");
    const problem = entryProblem(permission, resource, manifest);
    if (problem) return { problem: printable(`has ${JSON.stringify(resource)}, ${problem}`) };
    resources.push(
      isPath(permission, resource) && !resource.includes("${") ? base.resolvePath(resource) : resource,
    );
  }
  return { keepsAsked: added.length > 0, resources, where };
}

function splitEntries(text: string): string[] {
  return text.split(/[,\n]/).map((part) => part.trim()).filter((part) => part !== "");
}

function entriesOf(data: unknown): string[] | undefined {
  if (typeof data === "string") return splitEntries(data);
  return Array.isArray(data) && data.every((entry) => typeof entry === "string") ? data : undefined;
}

/** Whether a resource is a path; a program without a path is refused elsewhere. */
function isPath(permission: Permission, resource: string): boolean {
  return ["read", "write", "ffi"].includes(permission) || (permission === "run" && /[/\\]/.test(resource));
}

function entryProblem(permission: Permission, resource: string, manifest: Manifest): string | undefined {
  if (WORDS.includes(resource)) return "which must stand alone";
  if (resource.startsWith("-")) return "which removes nothing: list the resources to grant, or write none";
  if (resource.includes("${")) return templateProblem(permission, resource, manifest);
  if (isPath(permission, resource) && resource.includes("*")) {
    return "must be one exact path: a folder covers what is below it";
  }
  if (isPath(permission, resource) && resource.startsWith("~")) {
    return "must be a path: ~ is not expanded here";
  }
  // A relative program is resolved from the file that names it.
  return permission === "run" && isPath(permission, resource)
    ? undefined
    : resourceProblem(permission, resource);
}

/** Problem of a resource with placeholders that is known without their values. */
function templateProblem(
  permission: Permission,
  resource: string,
  { name, options = {} }: Manifest,
): string | undefined {
  const names = [...resource.matchAll(/\$\{([^}]*)\}/g)].map(([, option]) => option!);
  if (names.length < resource.split("${").length - 1) return "must close ${ with }";
  for (const option of names) {
    const type = Object.hasOwn(options, option) ? options[option]!.type : undefined;
    if (type === undefined) {
      return `"${option}" is not an option of plugin "${name}"${nearestHint(option, Object.keys(options))}`;
    }
    if (!FILLABLE.includes(type)) return `option "${option}" must be text, got type ${type}`;
  }
  return isPath(permission, resource) && !/^(?:\$\{|[/\\]|[a-z]:)/i.test(resource)
    ? "must be absolute or begin with ${option}"
    : undefined;
}

function rulesOf({ isolation, grants }: Draft, problems: string[]): SandboxRules {
  const changing = [...grants].filter(([, { keepsAsked, resources }]) => !keepsAsked || resources.length > 0);
  const [first] = changing;
  if (isolation?.value === "none" && first) {
    problems.push(
      `${isolation.where} can't be none: ${
        first[1].where
      } changes its permissions, which are enforced only ` +
        "in a process of its own; permissions = asked undoes that",
    );
  }
  return { isolation, grants: Object.fromEntries(changing) };
}
