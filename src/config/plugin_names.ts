/**
 * Resolves plugins as users write them: a name, a reference, or the path of a plugin's folder.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import type { Files } from "../core/ports/files.ts";
import { StoqError } from "../core/contract/errors.ts";
import { nearestHint } from "../core/contract/nearest.ts";
import { printable, quote } from "../core/contract/printable.ts";
import { hasScheme, isRemote, readReference, writeReference } from "../plugin/reference.ts";
import { Registry } from "../plugin/registry.ts";
import { snakeCase } from "../plugin/option_name.ts";
import { OPTION_ENTRIES, type OptionKey, type OptionValues } from "./option_table.ts";

/** Checks all names in the lists of plugins, which were set at `places`; a path becomes the name of its plugin. */
export async function resolvePluginNames(
  files: Files,
  registry: Registry,
  values: OptionValues,
  places: ReadonlyMap<OptionKey, string>,
  problems: string[],
): Promise<OptionValues> {
  const named: Record<string, unknown> = { ...values };
  for (const [key, record] of OPTION_ENTRIES) {
    const words = record.role && values[key];
    if (!record.role || !Array.isArray(words)) continue;
    const names = await Promise.all(words.map((word: string) => resolveName(files, registry, word)));
    for (const [index, name] of names.entries()) {
      const problem = name === undefined
        ? describeUnknownName(files, registry, words[index]!)
        : wrongRole(registry, name, record.role) ?? await changed(registry, name);
      if (problem) problems.push(`${places.get(key) ?? snakeCase(key)}: ${problem}`);
    }
    // Sorted and unique: the order of a list must not change the response.
    named[key] = [...new Set(names.filter((name) => name !== undefined))].sort();
  }
  return named as unknown as OptionValues;
}

/** Registers plugins that are named by path in lists that are not used, in a registry of their own. */
export async function registerUnused(files: Files, words: readonly string[]): Promise<Registry> {
  const unused = new Registry();
  for (const word of words) {
    if (!hasScheme(word) && files.hasSeparator(word)) await unused.addPath(files, files.resolve(word));
  }
  return unused;
}

async function resolveName(files: Files, registry: Registry, word: string): Promise<string | undefined> {
  if (registry.get(word)) return word;
  if (isRemote(word)) return installedName(registry, word);
  if (hasScheme(word)) return undefined;
  if (files.hasSeparator(word)) {
    return await registry.addPath(files, files.resolve(word));
  }
  return undefined;
}

/** Why an installed plugin can't be used; reported at the start instead of in each response. */
async function changed(registry: Registry, name: string): Promise<string | undefined> {
  try {
    await registry.get(name)?.verify?.();
    return undefined;
  } catch (error) {
    if (!(error instanceof StoqError)) throw error;
    return error.message;
  }
}

/** Returns the name of the plugin that was installed by a reference; an address must have its checksum. */
function installedName(registry: Registry, word: string): string | undefined {
  const { reference } = readReference(word);
  if (!reference) return undefined;
  const written = writeReference(reference);
  return registry.installedBy((locked) => locked.reference === written);
}

function notUsable(registry: Registry, word: string): string {
  const { reference, problem } = readReference(word);
  if (!reference) return problem;
  const written = writeReference(reference);
  const shown = `plugin ${quote(word)} can't be used`;
  if (reference.kind !== "url") return `${shown}: it is not installed, run: stoq install ${written}`;
  const name = registry.installedBy((locked) => locked.reference.replace(/#.*$/, "") === reference.url);
  if (name === undefined) return `${shown}: it is not installed, run: stoq install ${written}`;
  const installed = registry.get(name)!.locked!.reference;
  return reference.sha256 === undefined
    ? `${shown}: it has no checksum, write ${installed} or "${name}"`
    : `${shown}: ${installed} is installed; to replace it run: stoq install --upgrade ${written}`;
}

/** Describes why a word of a list is not a plugin, with the nearest name. */
export function describeUnknownName(files: Pick<Files, "resolve">, registry: Registry, word: string): string {
  const shown = `"${printable(word)}"`;
  if (hasScheme(word) && !isRemote(word)) {
    return `plugin ${shown} can't be used: must be the path of its folder, not a file: URL`;
  }
  const broken = registry.brokenReason(word) ?? registry.brokenReason(files.resolve(word));
  if (broken) return `plugin ${shown} can't be used. ${broken}`;
  if (isRemote(word)) return notUsable(registry, word);
  return `no plugin ${shown} is installed${nearestHint(word, registry.names())}`;
}

function wrongRole(registry: Registry, name: string, role: Role): string | undefined {
  const roles = registry.facts(name)?.roles ?? [];
  return roles.includes(role) ? undefined : `plugin "${name}" can't be a ${role}: it is ${roles.join(", ")}`;
}
