/**
 * What standard output is.
 *
 * @module
 */

import { hasAllPermissions } from "./all_permissions.ts";

/** File descriptor. */
const STANDARD_OUTPUT = 1;

/** Number of the null device, where it is known: to look it up takes a permission. */
const NULL_DEVICES: { readonly [os in typeof Deno.build.os]?: number } = {
  linux: 0x103,
  darwin: 0x300_0002,
};

const LINE_END = 0x0a;

/**
 * Returns whether what is written to standard output can be read later: from neither a terminal nor the null device, which the system
 * also puts in the place of an output that was closed when the process began.
 */
export async function keepsOutput(): Promise<boolean> {
  if (Deno.stdout.isTerminal()) return false;
  const { fstatSync } = await import("node:fs");
  const info = fstatSync(STANDARD_OUTPUT);
  return !(info.isCharacterDevice() && info.rdev === NULL_DEVICES[Deno.build.os]);
}

/**
 * Returns whether standard output is a file whose last line has no end, as a full disk or a killed process leaves it. Where that can't
 * be known, which is anywhere but on Linux with all permissions, the answer is no.
 */
export async function isInsideLine(): Promise<boolean> {
  if (Deno.build.os !== "linux" || !hasAllPermissions()) return false;
  const path = `/proc/self/fd/${STANDARD_OUTPUT}`;
  try {
    // A pipe or terminal would be opened a second time.
    const { isFile, size } = await Deno.stat(path);
    if (!isFile || size === 0) return false;
    using file = await Deno.open(path);
    await file.seek(-1, Deno.SeekMode.End);
    const last = new Uint8Array(1);
    return await file.read(last) === 1 && last[0] !== LINE_END;
  } catch (error) {
    // A file that may be written and not read, or no /proc.
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied) return false;
    throw error;
  }
}
