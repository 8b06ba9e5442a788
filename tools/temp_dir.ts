/**
 * A folder for one test of the tools.
 *
 * @module
 */

import { pathToFileURL } from "node:url";

/** Calls `use` with a fresh folder and removes it afterwards. */
export async function inTempDir<T>(use: (dir: URL) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempDir({ prefix: "stoq-tools-" });
  try {
    return await use(pathToFileURL(`${path}/`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
