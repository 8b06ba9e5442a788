/**
 * Starts the engine.
 *
 * @module
 */

import { type MagicDetector, startDetector } from "./detector.ts";

/**
 * Starts libmagic with its own magic file.
 *
 * ```ts
 * import { createMagic } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const magic = await createMagic();
 * assert.equal(await magic.detect(new TextEncoder().encode("%PDF-1.7\n")), "application/pdf");
 * ```
 *
 * @throws {MagicError} `magic-not-started` when the magic file can't be loaded.
 */
export async function createMagic(): Promise<MagicDetector> {
  const { askLibmagic, loadLibmagic } = await import("./libmagic.ts");
  return await startDetector({ load: loadLibmagic, ask: askLibmagic });
}
