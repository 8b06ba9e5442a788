/**
 * What a plugin may reach beyond computing.
 *
 * @module
 */

import type { PermissionRequest } from "../plugin/manifest.ts";
import { PERMISSIONS } from "../plugin/permission.ts";
import { type Permission, resourceProblem, type SandboxRules } from "../plugin/permission.ts";
import { fillPlaceholders } from "../plugin/placeholder.ts";
import type { WorkerPermissions } from "./protocol.ts";

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

/** Whether who was granted one resource may reach another one: a folder covers what is below it, a host all its ports. */
export function covers(permission: Permission, granted: string, resource: string): boolean {
  switch (permission) {
    case "read":
    case "write":
    case "ffi":
      return isWithin(resource, granted);
    case "net": {
      const host = hostOf(resource);
      return host === granted || host.replace(/:\d+$/, "") === granted;
    }
    default:
      return resource === granted;
  }
}

/** What a manifest asks, changed by what a user says of the plugin. */
export function ruledRequest(request: PermissionRequest, rules: SandboxRules | undefined): PermissionRequest {
  if (!rules) return request;
  const entries = PERMISSIONS.map((permission) => {
    const asked = request[permission] ?? [];
    const rule = rules.grants[permission];
    return [permission, rule ? [...rule.keepsAsked ? asked : [], ...rule.resources] : asked] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * What a manifest asks, with the values of options in place of `${option}`; an entry whose option is not set is dropped,
 * and so is `${option?other}` where the other one is not set.
 */
export function askedGrant(
  request: PermissionRequest,
  options: Readonly<Record<string, unknown>>,
  resolvePath: (path: string) => string,
): Grant {
  const entries = PERMISSIONS.map((permission) => [
    permission,
    (request[permission] ?? []).flatMap((template) =>
      resourcesOf(permission, template, options, resolvePath)
    ),
  ]);
  return sumOf(Object.fromEntries(entries));
}

/** What a template stands for: a list of values gives several resources, an option that is not set none. */
export function resourcesOf(
  permission: Permission,
  template: string,
  options: Readonly<Record<string, unknown>>,
  resolvePath: (path: string) => string,
): string[] {
  return fillPlaceholders(template, options).map((resource) => normalise(permission, resource, resolvePath));
}

function normalise(permission: Permission, resource: string, resolvePath: (path: string) => string): string {
  if (permission === "net") return hostOf(resource);
  // Resolved it would be the working folder, which nobody has named.
  if (resource === "") return resource;
  return permission === "read" || permission === "write" || permission === "ffi"
    ? resolvePath(resource)
    : resource;
}

/** Ports that an address need not name. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  "http:": ":80",
  "ws:": ":80",
  "https:": ":443",
  "wss:": ":443",
};

/** Host and port of an address, or what is no address. */
function hostOf(resource: string): string {
  const url = URL.parse(resource);
  if (!url?.host) return resource.toLowerCase();
  return url.host + (url.port === "" ? DEFAULT_PORTS[url.protocol] ?? "" : "");
}

/** What would be granted and is not. */
export interface Withheld {
  readonly permission: Permission;
  readonly resource: string;
  /** A phrase that follows a colon. */
  readonly reason: string;
}

/** A grant without what may not be handed out: what is not exact, and what this process does not have itself. */
export function limitGrant(
  grant: Grant,
  isGranted: (permission: Permission, resource: string) => boolean,
): { readonly grant: Grant; readonly withheld: readonly Withheld[] } {
  const withheld: Withheld[] = [];
  const entries = PERMISSIONS.map((permission) => [
    permission,
    (grant[permission] ?? []).filter((resource) => {
      const reason = resourceProblem(permission, resource) ??
        (isGranted(permission, resource) ? undefined : notGranted(permission, resource));
      if (reason !== undefined) withheld.push({ permission, resource, reason });
      return reason === undefined;
    }),
  ]);
  return { grant: sumOf(Object.fromEntries(entries)), withheld };
}

function notGranted(permission: Permission, resource: string): string {
  const [flag] = permissionFlags({ [permission]: [resource] });
  return `stoQ does not have it itself, start Deno with ${flag}`;
}

/** A grant as a thread is born with it, and the host that its modules are imported from. */
export function workerPermissions(grant: Grant, importHost?: string): WorkerPermissions {
  if (importHost !== undefined) return { ...sumOf(grant), import: [importHost] };
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
