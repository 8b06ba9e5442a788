/**
 * Deno's cache: runners load from nothing else.
 *
 * @module
 */

import type { PackageCache } from "../core/ports/storage.ts";

/**
 * Fetches modules and all that they import.
 *
 * @param words flags and addresses; `--no-config` is added, as for runners, so that both resolve imports in the same way
 * @throws {Error} whose message is Deno's reason
 */
export async function cacheModules(words: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "--no-config", ...words],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}

/** Packages of npm in Deno's cache. Deno itself knows registries and their configuration. */
export class DenoPackages implements PackageCache {
  async fill(modulePath: string): Promise<Readonly<Record<string, string>>> {
    const folder = await Deno.makeTempDir({ prefix: "stoq-" });
    try {
      const lockPath = `${folder}/deno.lock`;
      // The lock file lists the integrity of each package.
      await cacheModules([`--lock=${lockPath}`, "--frozen=false", modulePath]);
      return integrities(JSON.parse(await Deno.readTextFile(lockPath)));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

/** The part of Deno's lock file that lists packages. */
interface DenoLock {
  readonly npm?: Readonly<Record<string, { readonly integrity?: string }>>;
}

function integrities({ npm = {} }: DenoLock): Record<string, string> {
  return Object.fromEntries(Object.entries(npm).map(([name, { integrity = "" }]) => [name, integrity]));
}
