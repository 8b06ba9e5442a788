/**
 * Permissions that manifests request and users grant: their kinds, the form of their resources, and rules.
 *
 * @module
 */

import { nearestHint } from "../core/contract/nearest.ts";

/** Kinds of permissions, as in Deno's flags. */
export const PERMISSIONS = ["net", "read", "write", "env", "run", "sys", "ffi"] as const;

/** A kind of permission. */
export type Permission = (typeof PERMISSIONS)[number];

/** A user's rule for one kind of permission of one plugin. */
export interface GrantRule {
  /** Whether the requested resources are granted. */
  readonly keepsAsked: boolean;
  /** Resources that are granted in addition; `${option}` is the value of an option. */
  readonly resources: readonly string[];
  /** Place of the rule: `stoq.cfg line 3: [sandbox] yara.read`. */
  readonly where: string;
}

/** A user's rules for one plugin. */
export interface SandboxRules {
  /** `process`: it runs in a process of its own; `none`: in the main process. */
  readonly isolation?: { readonly value: "process" | "none"; readonly where: string };
  /** Kinds without a rule are granted as requested. */
  readonly grants: Readonly<Partial<Record<Permission, GrantRule>>>;
}

/** Returns the rules for a plugin; `undefined` if there are none. */
export type SandboxRulesOf = (plugin: string) => SandboxRules | undefined;

/** Kinds of system information in Deno. */
const SYSTEM_KINDS = [
  "cpus",
  "getPriority",
  "getegid",
  "gid",
  "homedir",
  "hostname",
  "loadavg",
  "networkInterfaces",
  "osRelease",
  "osUptime",
  "setPriority",
  "statfs",
  "systemMemoryInfo",
  "uid",
  "userInfo",
  "username",
];

/** Longest host with its port. */
const MAX_HOST_LENGTH = 260;
const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(?!0+$)\d{1,5})?$/i;

/**
 * Problem of a resource as a phrase that follows it; `undefined` for one exact host, path or name.
 *
 * Deno itself accepts `*` for all variables, `*.com` for all hosts below and `10.0.0.0/8` for all addresses in it.
 */
export function resourceProblem(permission: Permission, resource: string): string | undefined {
  // deno-lint-ignore no-control-regex
  if (resource === "" || /[\x00-\x1f]/.test(resource)) return "must be text without control characters";
  switch (permission) {
    case "net":
      return isHost(resource) ? undefined : `must be one host or host:port${hostIn(resource)}`;
    case "env":
      return /^[a-z_]\w*$/i.test(resource) ? undefined : "must be the name of one variable";
    case "sys":
      return SYSTEM_KINDS.includes(resource) ? undefined : systemProblem(resource);
    case "run":
      // A runner has no PATH to search for a name.
      return /^[/\\]|^[a-z]:/i.test(resource) ? undefined : "must be the absolute path of one program";
    default:
      return undefined;
  }
}

function isHost(resource: string): boolean {
  return resource.length <= MAX_HOST_LENGTH && HOST.test(resource) && URL.canParse(`http://${resource}/`);
}

/** Names the host of an address that was given instead of a host. */
function hostIn(resource: string): string {
  const host = URL.parse(resource)?.host ?? "";
  return isHost(host) ? `, such as "${host}"` : ", such as www.example.com:443";
}

function systemProblem(resource: string): string {
  return `must be one of ${SYSTEM_KINDS.join(", ")}${nearestHint(resource, SYSTEM_KINDS)}`;
}
