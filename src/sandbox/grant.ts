/**
 * What a plugin may reach beyond computing.
 *
 * @module
 */

import { type PermissionRequest, PERMISSIONS } from "../plugin/manifest.ts";
import { camelCase } from "../plugin/option_name.ts";
import type { WorkerPermissions } from "./protocol.ts";

/** A kind of permission. */
export type Permission = (typeof PERMISSIONS)[number];

/** What was asked without placeholders: exact hosts, absolute paths, names; a kind that is absent is not granted at all. */
export type Grant = PermissionRequest;

/** Whether a grant gives nothing. */
export function isNothing(grant: Grant): boolean {
  return PERMISSIONS.every((permission) => (grant[permission] ?? []).length === 0);
}

/** All that either grants. */
export function sumOf(...grants: readonly Grant[]): Grant {
  const entries = PERMISSIONS.map((permission) =>
    [permission, [...new Set(grants.flatMap((grant) => grant[permission] ?? []))].sort()] as const
  );
  return Object.fromEntries(entries.filter(([, resources]) => resources.length > 0));
}

/** Whether a path is a folder's own or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder ||
    path.startsWith(/[/\\]$/.test(folder) ? folder : `${folder}${path.includes("\\") ? "\\" : "/"}`);
}

/** What a manifest asks, with the values of options in place of `${option}`; an entry whose option is not set is dropped. */
export function askedGrant(
  request: PermissionRequest,
  options: Readonly<Record<string, unknown>>,
  resolvePath: (path: string) => string,
): Grant {
  const entries = PERMISSIONS.map((permission) => {
    const resources = (request[permission] ?? []).flatMap((template) => fill(template, options));
    return [permission, resources.map((resource) => normalise(permission, resource, resolvePath))] as const;
  });
  return sumOf(Object.fromEntries(entries));
}

/** A template for each value of its options: a list gives several, an option that is not set none. */
function fill(template: string, options: Readonly<Record<string, unknown>>): string[] {
  const match = /\$\{([a-z][a-z0-9_]*)\}/.exec(template);
  if (!match) return [template];
  const values = [options[camelCase(match[1]!)]].flat().filter(isSet);
  const [before, after] = [template.slice(0, match.index), template.slice(match.index + match[0].length)];
  return values.flatMap((value) => fill(after, options).map((rest) => `${before}${value}${rest}`));
}

function isSet(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

function normalise(permission: Permission, resource: string, resolvePath: (path: string) => string): string {
  if (permission === "net") return URL.parse(resource)?.host || resource;
  return permission === "read" || permission === "write" || permission === "ffi"
    ? resolvePath(resource)
    : resource;
}

/** A grant in the form that Deno takes for a Web Worker. */
export function workerPermissions(grant: Grant): WorkerPermissions {
  return isNothing(grant) ? "none" : sumOf(grant);
}

/** A grant as flags of a process. */
export function permissionFlags(grant: Grant): string[] {
  return PERMISSIONS.flatMap((permission) => {
    // A comma in a path is doubled.
    const resources = (grant[permission] ?? []).map((resource) => resource.replaceAll(",", ",,"));
    return resources.length > 0 ? [`--allow-${permission}=${resources.join(",")}`] : [];
  });
}
