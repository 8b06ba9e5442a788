/**
 * Derives from the options of a run where it writes, and whether it keeps results.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import { nothingKeeps, optionNotSet, type StoqError } from "../core/contract/errors.ts";
import { type Keepers, keepsAnything } from "../core/contract/keeping.ts";
import type { Files } from "../core/ports/files.ts";
import type { System } from "../core/ports/system.ts";
import type { RunSetup } from "../core/run/run.ts";
import { camelCase } from "../plugin/option_name.ts";
import { fillPlaceholders } from "../plugin/placeholder.ts";
import { OPTION_ENTRIES } from "./option_table.ts";
import type { ResolvedOptions } from "./resolve.ts";

type Planned = Pick<ResolvedOptions, "values" | "registry" | "pluginOptionsOf" | "stoqHome">;

/** Where responses go. */
export interface OutputFacts {
  /** Whether printed output can be read later: not from a terminal or the null device. */
  readonly keeps: boolean;
  /** Whether responses are kept without connectors: as printed output, or by a caller of the library. */
  readonly isSaved: boolean;
}

/** The plan of a run, and the reasons why it must not start. */
export interface RunPlan {
  readonly setup: Pick<
    RunSetup,
    "providers" | "sourceArchivers" | "maxQueue" | "consumers" | "maxDeliveries" | "keepsResponses"
  >;
  readonly problems: readonly StoqError[];
}

/** Returns the plan of a run. */
export function planRun(
  { processors }: Pick<System, "processors">,
  options: Planned,
  output: OutputFacts,
): RunPlan {
  const { providers = [], sourceArchivers = [], maxQueue, maxDeliveries, providerConsumers } = options.values;
  const keepers = keepersOf(options, output);
  const { keepsResponses } = keepers;
  // While one response is written to disk another payload is scanned.
  const consumers = providerConsumers ?? 2 * processors;
  return {
    setup: { providers, sourceArchivers, maxQueue, consumers, maxDeliveries, keepsResponses },
    problems: [...missingOptions(options), ...keepingProblems(options, keepers)],
  };
}

/** Returns the absolute paths of files and folders to which the active plugins, STOQ_HOME and the log belong. */
export function outputPathsOf(options: Planned, files: Pick<Files, "resolve">): readonly string[] {
  const { values, registry, pluginOptionsOf, stoqHome } = options;
  const written = activeRoles(options).flatMap(([name, role]) =>
    (registry.get(name)?.manifest.outputs?.[role] ?? []).flatMap((template) =>
      fillPlaceholders(template, pluginOptionsOf(name))
    )
  );
  const logDir = values.logDir === undefined ? [] : [values.logDir];
  return [...new Set([...written, stoqHome, ...logDir].map((path) => files.resolve(path)))];
}

/** A place in which an active plugin keeps results or payloads. */
export interface KeepingPlace {
  readonly plugin: string;
  readonly role: "connector" | "dest-archiver";
  /** The path in the plugin's options. */
  readonly path: string;
}

/** Returns where the active connectors and destination archivers write, as far as their manifests say so. */
export function keepingPlaces(options: Planned): readonly KeepingPlace[] {
  const { registry, pluginOptionsOf } = options;
  return activeRoles(options).flatMap(([plugin, role]) => {
    if (role !== "connector" && role !== "dest-archiver") return [];
    // The first one is the place; the others are for incomplete files.
    const [template] = registry.get(plugin)?.manifest.outputs?.[role] ?? [];
    if (template === undefined) return [];
    return fillPlaceholders(template, pluginOptionsOf(plugin)).map((path) => ({ plugin, role, path }));
  });
}

/** Returns how a run keeps responses and payloads. */
export function keepersOf({ values, registry }: Planned, output: OutputFacts): Keepers {
  const connectors = (values.connectors ?? []).filter((name) =>
    output.keeps || !registry.get(name)?.manifest.prints
  );
  return {
    keepsResponses: connectors.length > 0 || output.isSaved,
    archivers: values.destArchivers ?? [],
  };
}

/** Returns whether an active connector prints to standard output. */
export function hasPrintingConnector({ values, registry }: Pick<Planned, "values" | "registry">): boolean {
  return (values.connectors ?? []).some((name) => registry.get(name)?.manifest.prints === true);
}

/** Returns an error for each provider that would remove what it delivered although nothing keeps the results. */
export function keepingProblems(options: Planned, keepers: Keepers): readonly StoqError[] {
  if (keepsAnything(keepers)) return [];
  return (options.values.providers ?? []).flatMap((name) => {
    const how = howItAcknowledges(options, name);
    return how === undefined ? [] : [nothingKeeps(name, how)];
  });
}

/** Returns an error for each missing option that a plugin requires for a role in which the run uses it. */
export function missingOptions(options: Planned): readonly StoqError[] {
  const { registry, pluginOptionsOf } = options;
  return activeRoles(options).flatMap(([name, role]) =>
    Object.entries(registry.get(name)?.manifest.options ?? {})
      .filter(([option, declaration]) =>
        declaration.required_for?.includes(role) && !pluginOptionsOf(name)[camelCase(option)]
      )
      .map(([option, { doc }]) => optionNotSet(name, option, doc))
  );
}

function howItAcknowledges({ registry, pluginOptionsOf }: Planned, name: string): string | undefined {
  const acknowledges = registry.get(name)?.manifest.acknowledges;
  if (acknowledges === undefined) return undefined;
  if (acknowledges === true) return "it acknowledges";
  for (const [option, values] of Object.entries(acknowledges)) {
    const value = pluginOptionsOf(name)[camelCase(option)];
    if (typeof value === "string" && values.includes(value)) return `${option} = ${value}`;
  }
  return undefined;
}

/** Returns the names of the plugins that a scan uses, in the order of their first call. */
export function scanPlugins({ values }: Pick<Planned, "values">): readonly string[] {
  const { dispatchers, startDispatch, alwaysDispatch, deepDispatchers, startDeepDispatch } = values;
  const { destArchivers, decorators, connectors } = values;
  return [
    ...[dispatchers, startDispatch, alwaysDispatch, deepDispatchers, startDeepDispatch],
    ...[destArchivers, decorators, connectors],
  ].flatMap((names) => names ?? []);
}

/** Names of plugins with the roles in which the options use them. */
function activeRoles({ values }: Planned): (readonly [string, Role])[] {
  return OPTION_ENTRIES.flatMap(([key, { role }]) =>
    role === undefined
      ? []
      : (values[key] as readonly string[] | undefined ?? []).map((name) => [name, role] as const)
  );
}
