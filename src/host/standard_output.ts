/**
 * Properties of standard output.
 *
 * @module
 */

import { hasAllPermissions } from "./all_permissions.ts";

/** File descriptor. */
const STANDARD_OUTPUT = 1;

/** Number of the null device by system. Looking it up would need a permission. */
const NULL_DEVICES: { readonly [os in typeof Deno.build.os]?: number } = {
  linux: 0x103,
  darwin: 0x300_0002,
};

const LINE_END = 0x0a;

/**
 * Returns whether output can be read later: standard output is neither a terminal nor the null device, which also replaces an output
 * that was closed when the process started.
 */
export async function keepsOutput(): Promise<boolean> {
  if (Deno.stdout.isTerminal()) return false;
  const { fstatSync } = await import("node:fs");
  const info = fstatSync(STANDARD_OUTPUT);
  return !(info.isCharacterDevice() && info.rdev === NULL_DEVICES[Deno.build.os]);
}

/**
 * Returns whether standard output is a file whose last line has no end, after a full disk or a killed process. Returns `false` where
 * that is unknown: without all permissions, and on systems other than Linux.
 */
export async function isInsideLine(): Promise<boolean> {
  if (Deno.build.os !== "linux" || !hasAllPermissions()) return false;
  const path = `/proc/self/fd/${STANDARD_OUTPUT}`;
  try {
    // Opening a pipe or a terminal again has side effects.
    const { isFile, size } = await Deno.stat(path);
    if (!isFile || size === 0) return false;
    using file = await Deno.open(path);
    await file.seek(-1, Deno.SeekMode.End);
    const last = new Uint8Array(1);
    return await file.read(last) === 1 && last[0] !== LINE_END;
  } catch (error) {
    // The file may not be read, or there is no /proc.
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied) return false;
    throw error;
  }
}
