/**
 * Permissions of this process. Deno does not limit what a process grants to a child, so stoQ must not grant more than it has.
 *
 * @module
 */

import type { Permission } from "../plugin/permission.ts";

/** Returns whether this process has a permission without exceptions, such as a denied folder below a granted one. */
export function isGrantedHere(permission: Permission, resource: string): boolean {
  const status: Deno.PermissionStatus & { readonly partial?: boolean } = Deno.permissions.querySync(
    descriptorOf(permission, resource),
  );
  return status.state === "granted" && status.partial !== true;
}

function descriptorOf(permission: Permission, resource: string): Deno.PermissionDescriptor {
  switch (permission) {
    case "net":
      return { name: permission, host: resource };
    case "env":
      return { name: permission, variable: resource };
    case "run":
      return { name: permission, command: resource };
    case "sys":
      return { name: permission, kind: resource as Deno.SysPermissionDescriptor["kind"] };
    default:
      return { name: permission, path: resource };
  }
}
