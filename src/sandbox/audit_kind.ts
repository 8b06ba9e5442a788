/**
 * Kinds of permissions that Deno's audit names.
 *
 * @module
 */

import { PERMISSIONS } from "../plugin/manifest.ts";
import type { Permission } from "../plugin/permission.ts";

/** As in Deno's flags: what a manifest may ask, and `import`, which none may. */
export type AuditKind = Permission | "import";

const KINDS: readonly unknown[] = [...PERMISSIONS, "import"] satisfies readonly AuditKind[];

/** Whether the audit can name this. */
export function isAuditKind(word: unknown): word is AuditKind {
  return KINDS.includes(word);
}
