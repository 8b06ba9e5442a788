/**
 * Describes a plugin to the user before it is stored.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";
import { type LockedPlugin, own } from "../../plugin/lock.ts";
import type { PermissionRequest } from "../../plugin/manifest.ts";
import { PERMISSIONS } from "../../plugin/permission.ts";
import type { FetchedPlugin } from "./fetched_plugin.ts";

/** Most files that are listed; the rest are counted. */
const MAX_FILES_SHOWN = 100;

/** Longest line: the plugin's texts must not push the rest off the screen. */
const MAX_LINE_CHARS = 500;

/** Describes a plugin and the permissions that it requests, for a first installation. */
export function describePlugin(
  { manifest, reference, packages, notes }: FetchedPlugin,
  locked: LockedPlugin,
): string {
  const { name, version, description, roles } = manifest;
  const files = Object.entries(locked.files);
  const bytes = files.reduce((sum, [, { size }]) => sum + size, 0);
  return lines([
    `Plugin ${name} ${version}: ${description}`,
    row("from", reference),
    row("into", locked.folder),
    row("roles", roles.join(", ")),
    ...permissionRows(locked.permissions),
    ...(packages.length > 0 ? [row("packages", packages.join(", "))] : []),
    row("files", `${files.length}, ${bytes.toLocaleString("en-US")} bytes`),
    ...files.slice(0, MAX_FILES_SHOWN).map(([path, file]) => fileRow(" ", path, file)),
    ...(files.length > MAX_FILES_SHOWN ? [`      and ${files.length - MAX_FILES_SHOWN} more`] : []),
    ...notes.map((note) => row("note", note)),
  ]);
}

/** Describes what an upgrade changes, permissions first. */
export function describeUpgrade(
  { manifest, reference, packages, notes }: FetchedPlugin,
  before: LockedPlugin,
  after: LockedPlugin,
): string {
  const { name, version } = manifest;
  const changes = [
    ...listChanges("permissions", permissionList(before.permissions), permissionList(after.permissions)),
    ...(before.version === version ? [] : [row("version", `${before.version} -> ${version}`)]),
    ...(before.reference === reference ? [] : [row("from", before.reference), row("", `-> ${reference}`)]),
    ...(before.folder === after.folder ? [] : [row("into", before.folder), row("", `-> ${after.folder}`)]),
    ...fileChanges(before, after),
    ...(packages.length > 0 ? [row("packages", packages.join(", "))] : []),
  ];
  return lines([
    `Plugin ${name} ${before.version} will change:`,
    ...(permissionList(after.permissions).length === 0 ? [row("permissions", "none")] : []),
    ...changes,
    ...notes.map((note) => row("note", note)),
  ]);
}

/** Asks for confirmation. The permissions are counted again, because their list may be pages above. */
export function question({ permissions }: LockedPlugin, isUpgrade: boolean): string {
  const requested = PERMISSIONS.flatMap((kind) => {
    const { length = 0 } = permissions[kind] ?? [];
    return length > 0 ? [`${kind} (${length})`] : [];
  });
  const what = requested.length === 0 ? "no permissions" : `permissions ${requested.join(", ")}`;
  return `${isUpgrade ? "Change" : "Install"} it, with ${what}? [y/N] `;
}

function permissionRows(permissions: PermissionRequest): string[] {
  const list = permissionList(permissions);
  return list.length === 0
    ? [row("permissions", "none")]
    : list.map((entry, index) => row(index === 0 ? "permissions" : "", entry));
}

/** `net example.org`, one for each resource. */
function permissionList(permissions: PermissionRequest): string[] {
  return PERMISSIONS.flatMap((kind) => (permissions[kind] ?? []).map((resource) => `${kind} ${resource}`));
}

function listChanges(title: string, before: readonly string[], after: readonly string[]): string[] {
  const changes = [
    ...after.filter((entry) => !before.includes(entry)).map((entry) => `+ ${entry}`),
    ...before.filter((entry) => !after.includes(entry)).map((entry) => `- ${entry}`),
    ...after.filter((entry) => before.includes(entry)).map((entry) => `  ${entry}`),
  ];
  return changes.map((change, index) => row(index === 0 ? title : "", change));
}

function fileChanges({ files: before }: LockedPlugin, { files: after }: LockedPlugin): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = paths.filter((path) => own(before, path)?.sha256 !== own(after, path)?.sha256);
  if (changed.length === 0) return [row("files", "unchanged")];
  const shown = changed.slice(0, MAX_FILES_SHOWN).map((path) => {
    const [old, now] = [own(before, path), own(after, path)];
    return fileRow(!old ? "+" : !now ? "-" : "~", path, (now ?? old)!);
  });
  const more = changed.length - shown.length;
  return [
    row("files", "+ added, - removed, ~ changed"),
    ...shown,
    ...(more > 0 ? [`      and ${more} more`] : []),
  ];
}

function fileRow(sign: string, path: string, { size, sha256 }: { size: number; sha256: string }): string {
  return `    ${sign} ${sha256}  ${String(size).padStart(9)}  ${path}`;
}

function row(title: string, text: string): string {
  return `  ${title.padEnd(12)}${text}`;
}

/** Every text may come from the plugin. */
function lines(texts: readonly string[]): string {
  return texts.map((text) => {
    const shown = printable(text);
    return shown.length <= MAX_LINE_CHARS
      ? `${shown}\n`
      : `${shown.slice(0, MAX_LINE_CHARS)} … (cut, ${shown.length} characters)\n`;
  }).join("");
}
