/**
 * Whether this process may do everything.
 *
 * @module
 */

const NAMES = ["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const;

/** Returns whether Deno was started with all permissions (`-A`), which it demands for `/proc`. Does not prompt. */
export function hasAllPermissions(): boolean {
  return NAMES.every((name) => {
    const { state, partial } = Deno.permissions.querySync({ name });
    return state === "granted" && !partial;
  });
}
