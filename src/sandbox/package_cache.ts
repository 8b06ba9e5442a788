/**
 * Packages of npm through Deno itself: it knows registries and their configuration, and fills the cache that runners load from.
 *
 * @module
 */

import type { PackageCache } from "../core/ports/storage.ts";
import { cacheModules } from "./deno_cache.ts";

/** Deno's cache. */
export class DenoPackages implements PackageCache {
  async fill(modulePath: string): Promise<Readonly<Record<string, string>>> {
    const folder = await Deno.makeTempDir({ prefix: "stoq-" });
    try {
      const lockPath = `${folder}/deno.lock`;
      // The lock tells integrities.
      await cacheModules([`--lock=${lockPath}`, "--frozen=false", modulePath]);
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
