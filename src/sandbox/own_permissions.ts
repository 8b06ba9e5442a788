/**
 * What this process may do itself: a child started by it is asked nothing, so it must not be handed more.
 *
 * @module
 */

import type { Permission } from "../plugin/permission.ts";

/** Whether this process has a permission, whole: nothing below a folder was refused to it. */
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
