/**
 * Whether this process has all permissions.
 *
 * @module
 */

const NAMES = ["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const;

/** Returns whether Deno was started with all permissions (`-A`), which `/proc` needs. Does not prompt. */
export function hasAllPermissions(): boolean {
  return NAMES.every((name) => {
    const { state, partial } = Deno.permissions.querySync({ name });
    return state === "granted" && !partial;
  });
}
