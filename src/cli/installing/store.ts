/**
 * Putting plugins in place and taking them away: whole or not at all, and one process after the other.
 *
 * @module
 */

import { StoqError } from "../../core/contract/errors.ts";
import type { Files } from "../../core/ports/files.ts";
import {
  digestMismatch,
  notInstalled,
  pluginRefused,
  storingFailed,
} from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { PackageCache, Storage } from "../../core/ports/storage.ts";
import type { System } from "../../core/ports/system.ts";
import { defaultFolder, loadLock, LOCK_FILE } from "../../plugin/installed.ts";
import { type LockedFile, type LockedPlugin, own, renderLock, type StoqLock } from "../../plugin/lock.ts";
import type { FetchedPlugin } from "./fetched_plugin.ts";

/** What changing the lock needs. */
export interface LockWorld {
  readonly files: Files;
  readonly storage: Storage;
  /** Absolute. */
  readonly stoqHome: string;
}

/** What storing needs. */
export interface StoreWorld extends LockWorld {
  readonly packages: PackageCache;
}

/** A fetched plugin as the lock will have it, but for the packages. */
export async function lockedForm(
  sha256: System["sha256"],
  { reference, manifest, files }: FetchedPlugin,
  folder: string,
): Promise<LockedPlugin> {
  const entries = await Promise.all(files.map(async ({ path, bytes, source, sourceSha256 }) => {
    const file: LockedFile = {
      source,
      source_sha256: sourceSha256,
      sha256: await sha256(bytes),
      size: bytes.length,
    };
    return [path, file] as const;
  }));
  const { version, permissions = {} } = manifest;
  return { reference, version, folder, permissions, files: Object.fromEntries(entries), packages: {} };
}

/** Whether two installations are of the same bytes from the same place. */
export function isSameInstallation(a: LockedPlugin, b: LockedPlugin): boolean {
  const text = (plugin: LockedPlugin) => renderLock({ same: { ...plugin, packages: {} } }, () => "");
  return text(a) === text(b);
}

/**
 * Stores a plugin and pins it.
 *
 * @param before what the lock said when the user agreed; if it says something else by now, nothing is stored
 * @throws {StoqError} `plugin-not-stored` or `plugin-refused`; what was there before is there still
 */
export async function storePlugin(
  world: StoreWorld,
  plugin: FetchedPlugin,
  locked: LockedPlugin,
  before: LockedPlugin | undefined,
): Promise<void> {
  const { name } = plugin.manifest;
  await guarded(world, locked.folder, async () => {
    const lock = await loadLock(world.files, world.stoqHome);
    if (!isSameState(own(lock, name), before)) {
      throw pluginRefused(`plugin ${quote(name)}`, "another process has installed or removed it meanwhile");
    }
    const isSame = before !== undefined && isSameInstallation(before, locked);
    await new Replacement(world, name, locked.folder).run(plugin, async (packages) => {
      if (isSame) checkPackages(name, packages, before.packages);
      await writeLock(world, { ...lock, [name]: { ...locked, packages } });
    }, before);
    if (before && before.folder !== locked.folder) await world.storage.remove(before.folder);
  });
}

/** Takes a plugin out of the lock and removes its folder. @throws {StoqError} `plugin-not-installed` */
export async function removePlugin(world: LockWorld, name: string): Promise<LockedPlugin> {
  return await guarded(world, world.stoqHome, async () => {
    const lock = await loadLock(world.files, world.stoqHome);
    const plugin = own(lock, name);
    if (!plugin) throw notInstalled(name, Object.keys(lock));
    const others = Object.fromEntries(Object.entries(lock).filter(([other]) => other !== name));
    // In this order a plugin that is half removed is not in the lock.
    await writeLock(world, others);
    await world.storage.remove(plugin.folder);
    return plugin;
  });
}

/** A version that was pinned is what it was, whatever its registry says today. */
function checkPackages(
  name: string,
  actual: LockedPlugin["packages"],
  pinned: LockedPlugin["packages"],
): void {
  for (const [id, integrity] of Object.entries(pinned)) {
    if (own(actual, id) === integrity) continue;
    throw digestMismatch(`npm:${id} of plugin ${name}`, own(actual, id) || "unknown", integrity || "unknown");
  }
}

function isSameState(a: LockedPlugin | undefined, b: LockedPlugin | undefined): boolean {
  return a && b ? isSameInstallation(a, b) : a === b;
}

async function writeLock({ files, storage, stoqHome }: LockWorld, lock: StoqLock): Promise<void> {
  const text = renderLock(lock, (name) => defaultFolder(files, stoqHome, name));
  await storage.replace(files.resolve(stoqHome, LOCK_FILE), new TextEncoder().encode(text));
}

/** One process at a time for each STOQ_HOME; what the system refuses is told with the folder. */
async function guarded<T>(
  { files, storage, stoqHome }: LockWorld,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await storage.withGuard(files.resolve(stoqHome, `.${LOCK_FILE}.guard`), work);
  } catch (error) {
    throw error instanceof StoqError ? error : storingFailed(folder, error);
  }
}

/** The steps of putting a folder in another one's place. */
class Replacement {
  readonly #world: StoreWorld;
  readonly #folder: string;
  /** Beside the folder, so that moving is one step. */
  readonly #staging: string;
  readonly #aside: string;

  constructor(world: StoreWorld, name: string, folder: string) {
    this.#world = world;
    this.#folder = folder;
    this.#staging = world.files.resolve(folder, "..", `.${name}.new`);
    this.#aside = world.files.resolve(folder, "..", `.${name}.old`);
  }

  async run(
    plugin: FetchedPlugin,
    pin: (packages: Readonly<Record<string, string>>) => Promise<void>,
    before: LockedPlugin | undefined,
  ): Promise<void> {
    const { files, storage } = this.#world;
    await this.#recover();
    const isThere = await files.kindOf(this.#folder) !== undefined;
    if (isThere && before?.folder !== this.#folder) {
      throw pluginRefused(
        `plugin ${quote(plugin.manifest.name)}`,
        `${
          quote(this.#folder)
        } exists and is not in stoq.lock; move it away, or choose another --install-dir`,
      );
    }
    try {
      for (const { path, bytes } of plugin.files) {
        await storage.writeNew(files.resolve(this.#staging, path), bytes);
      }
      const packages = await this.#fetchPackages(plugin);
      if (isThere) await storage.move(this.#folder, this.#aside);
      try {
        await storage.move(this.#staging, this.#folder);
        await pin(packages);
      } catch (error) {
        await storage.remove(this.#folder);
        if (isThere) await storage.move(this.#aside, this.#folder);
        throw error;
      }
    } finally {
      await storage.remove(this.#staging);
    }
    await storage.remove(this.#aside);
  }

  /** Clears up after a process that was killed here. */
  async #recover(): Promise<void> {
    const { files, storage } = this.#world;
    const isLost = await files.kindOf(this.#folder) === undefined;
    if (isLost && await files.kindOf(this.#aside) !== undefined) {
      await storage.move(this.#aside, this.#folder);
    }
    await storage.remove(this.#staging);
    await storage.remove(this.#aside);
  }

  async #fetchPackages({ packages, manifest }: FetchedPlugin): Promise<Readonly<Record<string, string>>> {
    if (packages.length === 0) return {};
    const { files, packages: cache } = this.#world;
    try {
      return await cache.fill(files.resolve(this.#staging, "mod.ts"));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw pluginRefused(
        `plugin ${quote(manifest.name)}`,
        `its packages (${packages.join(", ")}) can't be fetched: ${error.message}`,
      );
    }
  }
}
