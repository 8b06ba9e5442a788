/**
 * The fixture plugins of the original's tests, and a stoQ that knows them.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type ErrorRecord, Stoq, type StoqOptions, type StoqResponse } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";

/** What the original's tests scan. */
export const FOX = "The quick brown fox";

const FIXTURES = fileURLToPath(new URL("../fixtures/plugins/", import.meta.url));

/** Returns the absolute path of a fixture, of their folder by default. */
export function fixture(path = ""): string {
  return FIXTURES + path;
}

/** Opens a stoQ with the fixture plugins and nothing else switched on: no `stoq.cfg`, not even the shipped one, names a plugin. */
export function openStoq(options: StoqOptions = {}): Stoq {
  return new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    pluginDirList: [fixture("plugins")],
    alwaysDispatch: [],
    // These cases are about the engine, and some fixtures remember calls.
    isolation: "none",
    ...options,
  });
}

/**
 * Copies of fixture plugins that require other workers: here a manifest says so, where the original's tests set a field.
 *
 * @param requires plugin → the workers that it requires
 */
export function requiringPlugins(requires: Readonly<Record<string, readonly string[]>>): TempFolder {
  const folder = new TempFolder();
  for (const [name, required] of Object.entries(requires)) {
    const original = fixture(`plugins/${name}`);
    const manifest = JSON.parse(Deno.readTextFileSync(`${original}/manifest.json`));
    folder.write(`${name}/manifest.json`, JSON.stringify({ ...manifest, requires: required }));
    folder.write(`${name}/mod.ts`, Deno.readTextFileSync(`${original}/mod.ts`));
  }
  return folder;
}

/** Returns the workers that ran, payload by payload. */
export function workersRun({ results }: StoqResponse): (readonly string[])[] {
  return results.map(({ pluginsRun }) => pluginsRun.workers);
}

/** Returns the part of errors that does not change from run to run. */
export function briefly(errors: readonly ErrorRecord[]): string[] {
  return errors.map(({ code, role, pluginName }) => `${code} ${role} ${pluginName}`);
}
