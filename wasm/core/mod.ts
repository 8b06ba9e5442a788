/**
 * The scanning core: finds tens of thousands of byte runs in one pass, by our own WebAssembly.
 *
 * ```ts
 * import { buildTables, loadTables } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = new TextEncoder().encode("powershell");
 * const tables = buildTables([{ bytes, isCaseInsensitive: true, boundary: "byte" }]);
 * const { hits } = loadTables(tables).scan(new TextEncoder().encode("run PowerShell now"));
 * assert.deepEqual([...hits], [0, 4]);
 * ```
 *
 * Of each form a window is chosen that few files hold; `layout.ts` says what the tables are, `assembly/` looks for the
 * windows and compares forms where it finds one. Content passes through memory in chunks: no second copy of it is made.
 * Everything is synchronous.
 *
 * @module
 */

export { HITS_MAX, HITS_PER_FORM_MAX, WORK_BASE, WORK_PER_BYTE } from "./limits.ts";
export { loadTables } from "./scanner.ts";
export type { Core, CoreHits, SearchForm, WordBoundary } from "./shapes.ts";
export { buildTables, TablesBuilder } from "./tables_writer.ts";
export { isImportedAsSource } from "./binary.ts";
export { VERSION as TABLES_VERSION } from "./layout.ts";
