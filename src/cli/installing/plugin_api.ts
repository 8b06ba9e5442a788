/**
 * The plugin API as an installed plugin gets it: this program's own sources of `define.ts`, the kit and the formats,
 * whichever address of stoQ the plugin names.
 *
 * A plugin's thread may read its own folder and nothing of ours, so the files are copied to the plugin's folder.
 *
 * @module
 */

import { readImports } from "./imports.ts";
import { OUR_FOLDER } from "./layout.ts";
import { PLUGIN_API_FILES } from "./plugin_api_files.ts";

const FOLDER = `${OUR_FOLDER}/api/`;

/** Addresses that a plugin may name; what these files import comes with them. */
const ENTRY_POINT = /\/src\/((?:plugin\/(?:define|kit\/[a-z0-9_]+)|formats\/[a-z0-9_]+\/mod)\.ts)$/;

/** Returns the path in a plugin's folder of the file that an address of any version of stoQ names; `undefined` for other addresses. */
export function apiPathOf(url: URL): string | undefined {
  const path = ENTRY_POINT.exec(url.pathname)?.[1];
  return path !== undefined && Object.hasOwn(PLUGIN_API_FILES, path) ? FOLDER + path : undefined;
}

/** Returns files of the plugin API and all that they import: path in a plugin's folder → source. */
export async function apiFiles(paths: Iterable<string>): Promise<Map<string, string>> {
  const wanted = new Set(paths);
  const files = new Map<string, string>();
  for (const path of wanted) {
    const text = PLUGIN_API_FILES[path.slice(FOLDER.length)]!;
    files.set(path, text);
    if (!path.endsWith(".ts")) continue;
    for (const { specifier } of (await readImports(new TextEncoder().encode(text))).imports) {
      if (!specifier.startsWith("node:")) wanted.add(new URL(specifier, `file:///${path}`).pathname.slice(1));
    }
  }
  return files;
}
