/**
 * Packages of npm through Deno itself: it knows registries and their configuration, and fills the cache that runners load from.
 *
 * @module
 */

import type { PackageCache } from "../core/storage.ts";

/** Deno's cache. */
export class DenoPackages implements PackageCache {
  async fill(modulePath: string): Promise<Readonly<Record<string, string>>> {
    const folder = await Deno.makeTempDir({ prefix: "stoq-" });
    try {
      const lockPath = `${folder}/deno.lock`;
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        // As runners are started: --no-config, so that what is cached is what they look for. The lock tells integrities.
        args: ["cache", "--quiet", "--no-config", `--lock=${lockPath}`, "--frozen=false", modulePath],
        stdin: "null",
        stdout: "null",
        stderr: "piped",
        env: { NO_COLOR: "1" },
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
      return integrities(JSON.parse(await Deno.readTextFile(lockPath)));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

/** The part of Deno's lock file that is read here. */
interface DenoLock {
  readonly npm?: Readonly<Record<string, { readonly integrity?: string }>>;
}

function integrities({ npm = {} }: DenoLock): Record<string, string> {
  return Object.fromEntries(Object.entries(npm).map(([name, { integrity = "" }]) => [name, integrity]));
}
