/**
 * What a user is shown before a plugin is stored.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";
import { type LockedPlugin, own } from "../../plugin/lock.ts";
import type { PermissionRequest } from "../../plugin/manifest.ts";
import { PERMISSIONS } from "../../plugin/permission.ts";
import type { FetchedPlugin } from "./fetched_plugin.ts";

/** Files that are listed; a plugin of more is told by their count. */
const MAX_FILES_SHOWN = 100;

/** Longest line: no text of a stranger's is to push the rest off the screen. */
const MAX_LINE_CHARS = 500;

/** What a plugin is and asks, for a first installation. */
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

/** What an upgrade changes, permissions first. */
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
    `Plugin ${name} ${before.version} would be changed:`,
    ...(permissionList(after.permissions).length === 0 ? [row("permissions", "none")] : []),
    ...changes,
    ...notes.map((note) => row("note", note)),
  ]);
}

/** The question, with how much is asked once more: the list may be pages above. */
export function question({ permissions }: LockedPlugin, isUpgrade: boolean): string {
  const asked = PERMISSIONS.flatMap((kind) => {
    const { length = 0 } = permissions[kind] ?? [];
    return length > 0 ? [`${kind} (${length})`] : [];
  });
  const what = asked.length === 0 ? "no permissions" : `permissions ${asked.join(", ")}`;
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
  if (changed.length === 0) return [row("files", "as before")];
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

/** Everything in it comes from a stranger. */
function lines(texts: readonly string[]): string {
  return texts.map((text) => {
    const shown = printable(text);
    return shown.length <= MAX_LINE_CHARS
      ? `${shown}\n`
      : `${shown.slice(0, MAX_LINE_CHARS)} … (cut, ${shown.length} characters)\n`;
  }).join("");
}
