/**
 * Grants: the files, hosts, variables and programs that a plugin may use.
 *
 * @module
 */

import type { PermissionRequest } from "../plugin/manifest.ts";
import { PERMISSIONS } from "../plugin/permission.ts";
import { type Permission, resourceProblem, type SandboxRules } from "../plugin/permission.ts";
import { fillPlaceholders } from "../plugin/placeholder.ts";
import type { WorkerPermissions } from "./protocol.ts";

/** Granted resources by permission, without placeholders: exact hosts, absolute paths, names. */
export type Grant = PermissionRequest;

/** Returns whether a grant is empty. */
export function isNothing(grant: Grant): boolean {
  return PERMISSIONS.every((permission) => (grant[permission] ?? []).length === 0);
}

/** Returns the union of grants. */
export function sumOf(...grants: readonly Grant[]): Grant {
  const entries = PERMISSIONS.map((permission) =>
    [permission, [...new Set(grants.flatMap((grant) => grant[permission] ?? []))].sort()] as const
  );
  return Object.fromEntries(entries.filter(([, resources]) => resources.length > 0));
}

/** Returns whether a path is that of a folder, or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder ||
    path.startsWith(/[/\\]$/.test(folder) ? folder : `${folder}${path.includes("\\") ? "\\" : "/"}`);
}

/** Returns whether a granted resource includes another one: a folder covers everything below it, a host all its ports. */
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

/** Returns what a manifest requests, changed by the user's rules for the plugin. */
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
 * Returns what a manifest requests, with the values of options in place of `${option}`. An entry whose option is not set is left
 * out, and so is `${option?other}` where the other option is not set.
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

/** Returns the resources of a template: a list of values gives several, an option that is not set gives none. */
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
  // The empty path would resolve to the working folder.
  if (resource === "") return resource;
  return permission === "read" || permission === "write" || permission === "ffi"
    ? resolvePath(resource)
    : resource;
}

/** Default ports. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  "http:": ":80",
  "ws:": ":80",
  "https:": ":443",
  "wss:": ":443",
};

/** Returns host and port of a URL, and any other text in lower case. */
function hostOf(resource: string): string {
  const url = URL.parse(resource);
  if (!url?.host) return resource.toLowerCase();
  return url.host + (url.port === "" ? DEFAULT_PORTS[url.protocol] ?? "" : "");
}

/** A requested resource that is not granted. */
export interface Withheld {
  readonly permission: Permission;
  readonly resource: string;
  /** A phrase that follows a colon. */
  readonly reason: string;
}

/** Splits a grant: resources that are not exact, and those that this process itself may not use, are withheld. */
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
  return `stoQ itself does not have this permission, start Deno with ${flag}`;
}

/** Returns a grant in the form in which a thread is started with it. @param importHost host of the thread's modules */
export function workerPermissions(grant: Grant, importHost?: string): WorkerPermissions {
  if (importHost !== undefined) return { ...sumOf(grant), import: [importHost] };
  return isNothing(grant) ? "none" : sumOf(grant);
}

/** Returns a grant as flags of Deno. */
export function permissionFlags(grant: Grant): string[] {
  return PERMISSIONS.flatMap((permission) => {
    // Deno reads a doubled comma as one that belongs to the path.
    const resources = (grant[permission] ?? []).map((resource) => resource.replaceAll(",", ",,"));
    return resources.length > 0 ? [`--allow-${permission}=${resources.join(",")}`] : [];
  });
}
