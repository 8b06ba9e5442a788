/**
 * `stoq list --permissions`: where each plugin runs, what it asks and what it gets.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";
import { PERMISSIONS } from "../../plugin/permission.ts";
import type { Permission, SandboxRules } from "../../plugin/permission.ts";
import type { RegisteredPlugin } from "../../plugin/registry.ts";
import { covers, type Grant, resourcesOf, type Withheld } from "../../sandbox/grant.ts";
import {
  decidePlace,
  type Isolation,
  type Place,
  placeholderValues,
  type PlacementPolicy,
} from "../../sandbox/placement.ts";
import { STOQ_VERSION } from "../../version.ts";

/** Kind of permission → what stands in the manifest → its values; none where an option is not set. */
type Asked = Readonly<Partial<Record<Permission, Readonly<Record<string, readonly string[]>>>>>;

/** What is printed as JSON of one plugin. */
export interface PluginPermissions {
  readonly name: string;
  readonly version: string;
  readonly runs_in: Place;
  readonly asked: Asked;
  /** `null` in the main process, where a plugin may do what stoQ may. */
  readonly granted: Grant | null;
  /** What would be granted but for a reason that no setting gives. */
  readonly withheld: readonly Withheld[];
  /** Key of `[sandbox]` → where it is set. */
  readonly changed_by: Readonly<Record<string, string>>;
}

/** Returns where each plugin runs, what it requests and what it is granted. */
export function permissionsOf(
  plugins: readonly RegisteredPlugin[],
  policy: PlacementPolicy,
): PluginPermissions[] {
  return plugins.map((plugin) => {
    const { name, version } = plugin.manifest;
    const { place, grant, withheld } = decidePlace(plugin, policy);
    return {
      name,
      version,
      runs_in: place,
      asked: askedOf(plugin, policy),
      granted: place === "main process" ? null : grant,
      withheld,
      changed_by: changesOf(policy.rulesOf(name)),
    };
  });
}

function askedOf({ manifest }: RegisteredPlugin, policy: PlacementPolicy): Asked {
  const values = placeholderValues(manifest.name, policy);
  const kinds = PERMISSIONS.filter((permission) => (manifest.permissions?.[permission] ?? []).length > 0);
  return Object.fromEntries(kinds.map((permission) => [
    permission,
    Object.fromEntries(
      manifest.permissions![permission]!.map((
        template,
      ) => [template, resourcesOf(permission, template, values, policy.resolvePath)]),
    ),
  ]));
}

function changesOf(rules: SandboxRules | undefined): Record<string, string> {
  if (!rules) return {};
  const { isolation, grants } = rules;
  return {
    ...(isolation && { isolation: isolation.where }),
    ...Object.fromEntries(Object.entries(grants).map(([permission, { where }]) => [permission, where])),
  };
}

const HEADER = "  PERMISSION  ASKED  GRANTED  RESOURCE";
const RESOURCE_COLUMN = HEADER.indexOf("RESOURCE");
const LINE_WIDTH = 80;

/** A table for people, in lines of 80 characters at most. */
export function renderPermissions(
  plugins: readonly PluginPermissions[],
  isolation: Isolation,
): string {
  const nameWidth = Math.max(...plugins.map(({ name }) => name.length));
  const blocks = plugins.flatMap((plugin) => [
    `${plugin.name.padEnd(nameWidth)}  ${plugin.runs_in}`,
    ...(plugin.changed_by.isolation ? folded(`  ${plugin.changed_by.isolation}`, 2) : []),
    ...PERMISSIONS.flatMap((permission) => permissionLines(plugin, permission)),
  ]);
  const lines = [`stoQ ${STOQ_VERSION}, ${plugins.length} plugins, isolation = ${isolation}`, "", HEADER, ""];
  return [...lines, ...blocks].map((line) => `${line}\n`).join("");
}

function permissionLines(plugin: PluginPermissions, permission: Permission): string[] {
  const { granted, changed_by, withheld } = plugin;
  const asked = Object.entries(plugin.asked[permission] ?? {});
  const askedResources = asked.flatMap(([, resources]) => resources);
  const given = granted?.[permission] ?? [];
  const kept = granted ? withheld.filter((each) => each.permission === permission) : [];
  const reasons = new Map(kept.map(({ resource, reason }) => [resource, reason]));
  const note = (text: string) => folded(" ".repeat(RESOURCE_COLUMN) + text, RESOURCE_COLUMN);
  const row = (isAsked: string, isGranted: string, resource: string, template = resource) => {
    const cells = `  ${permission.padEnd(12)}${isAsked.padEnd(7)}${isGranted.padEnd(9)}`;
    const reason = reasons.get(resource);
    return [
      ...folded(cells + (resource === template ? resource : `${resource} = ${template}`), RESOURCE_COLUMN),
      ...(reason === undefined ? [] : note(reason)),
    ];
  };
  const lines = asked.flatMap(([template, resources]) =>
    resources.length === 0
      ? row("yes", "-", `${template} is not set`)
      : resources.flatMap((resource) =>
        row("yes", granted ? shareOf(permission, given, resource) : "all", resource, template)
      )
  );
  for (const resource of new Set([...given, ...reasons.keys()])) {
    if (askedResources.includes(resource)) continue;
    const isGranted = given.includes(resource) ? "yes" : "no";
    lines.push(...row(shareOf(permission, askedResources, resource), isGranted, resource));
  }
  const where = changed_by[permission];
  return where === undefined || lines.length === 0 ? lines : [...lines, ...note(where)];
}

/** Whether all of a resource, a part of it or nothing is covered. */
function shareOf(
  permission: Permission,
  covering: readonly string[],
  resource: string,
): "yes" | "part" | "no" {
  if (covering.some((each) => covers(permission, each, resource))) return "yes";
  return covering.some((each) => covers(permission, resource, each)) ? "part" : "no";
}

/** Lines of a text whose further ones begin in a column: nothing of a permission is left out. */
function folded(text: string, column: number): string[] {
  const lines: string[] = [];
  let rest = printable(text);
  while (rest.length > LINE_WIDTH) {
    const space = rest.lastIndexOf(" ", LINE_WIDTH);
    // A long path has no better place to be broken than the end of the line.
    const end = space > column + MIN_FOLD ? space : LINE_WIDTH;
    lines.push(rest.slice(0, end));
    rest = " ".repeat(column) + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** Shortest text that gets a line of its own. */
const MIN_FOLD = 10;
