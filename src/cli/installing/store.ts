/**
 * Stores and removes plugins, each change whole or not at all, by one process at a time.
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

/** Dependencies of changing the lock. */
export interface LockDeps {
  readonly files: Files;
  readonly storage: Storage;
  /** Absolute. */
  readonly stoqHome: string;
}

/** Dependencies of storing. */
export interface StoreDeps extends LockDeps {
  readonly packages: PackageCache;
}

/** Returns the entry of a fetched plugin for the lock, without its packages. */
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

/** Whether two installations have the same files, source and folder. */
export function isSameInstallation(a: LockedPlugin, b: LockedPlugin): boolean {
  const text = (plugin: LockedPlugin) => renderLock({ same: { ...plugin, packages: {} } }, () => "");
  return text(a) === text(b);
}

/**
 * Stores a plugin and pins it.
 *
 * @param before the entry in the lock when the user confirmed; if the entry has changed since, nothing is stored
 * @throws {StoqError} `plugin-not-stored` or `plugin-refused`; an earlier installation is kept
 */
export async function storePlugin(
  deps: StoreDeps,
  plugin: FetchedPlugin,
  locked: LockedPlugin,
  before: LockedPlugin | undefined,
): Promise<void> {
  const { name } = plugin.manifest;
  await guarded(deps, locked.folder, async () => {
    const lock = await loadLock(deps.files, deps.stoqHome);
    if (!isSameState(own(lock, name), before)) {
      throw pluginRefused(
        `plugin ${quote(name)}`,
        "another process has installed or removed it in the meantime",
      );
    }
    const isSame = before !== undefined && isSameInstallation(before, locked);
    await new Replacement(deps, name, locked.folder).run(plugin, async (packages) => {
      if (isSame) checkPackages(name, packages, before.packages);
      await writeLock(deps, { ...lock, [name]: { ...locked, packages } });
    }, before);
    if (before && before.folder !== locked.folder) await deps.storage.remove(before.folder);
  });
}

/** Removes a plugin from the lock, and its folder. @throws {StoqError} `plugin-not-installed` */
export async function removePlugin(deps: LockDeps, name: string): Promise<LockedPlugin> {
  return await guarded(deps, deps.stoqHome, async () => {
    const lock = await loadLock(deps.files, deps.stoqHome);
    const plugin = own(lock, name);
    if (!plugin) throw notInstalled(name, Object.keys(lock));
    const others = Object.fromEntries(Object.entries(lock).filter(([other]) => other !== name));
    // In this order a plugin whose folder is removed in part is no longer in the lock.
    await writeLock(deps, others);
    await deps.storage.remove(plugin.folder);
    return plugin;
  });
}

/** A pinned version must still have its integrity, even if the registry now reports another one. */
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

async function writeLock({ files, storage, stoqHome }: LockDeps, lock: StoqLock): Promise<void> {
  const text = renderLock(lock, (name) => defaultFolder(files, stoqHome, name));
  await storage.replace(files.resolve(stoqHome, LOCK_FILE), new TextEncoder().encode(text));
}

/** Runs work in one process at a time for each STOQ_HOME. @throws {StoqError} `plugin-not-stored` with the folder for errors of the system */
async function guarded<T>(
  { files, storage, stoqHome }: LockDeps,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await storage.withGuard(files.resolve(stoqHome, `.${LOCK_FILE}.guard`), work);
  } catch (error) {
    throw error instanceof StoqError ? error : storingFailed(folder, error);
  }
}

/** Replaces a folder by another one. */
class Replacement {
  readonly #deps: StoreDeps;
  readonly #folder: string;
  /** On the same file system as the folder, so that moving is atomic. */
  readonly #staging: string;
  readonly #aside: string;

  constructor(deps: StoreDeps, name: string, folder: string) {
    this.#deps = deps;
    this.#folder = folder;
    this.#staging = deps.files.resolve(folder, "..", `.${name}.new`);
    this.#aside = deps.files.resolve(folder, "..", `.${name}.old`);
  }

  async run(
    plugin: FetchedPlugin,
    pin: (packages: Readonly<Record<string, string>>) => Promise<void>,
    before: LockedPlugin | undefined,
  ): Promise<void> {
    const { files, storage } = this.#deps;
    await this.#recover();
    const isThere = await files.kindOf(this.#folder) !== undefined;
    if (isThere && before?.folder !== this.#folder) {
      throw pluginRefused(
        `plugin ${quote(plugin.manifest.name)}`,
        `${quote(this.#folder)} exists and is not in stoq.lock; move it, or choose another --install-dir`,
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

  /** Restores the state before a replacement that was interrupted. */
  async #recover(): Promise<void> {
    const { files, storage } = this.#deps;
    const isLost = await files.kindOf(this.#folder) === undefined;
    if (isLost && await files.kindOf(this.#aside) !== undefined) {
      await storage.move(this.#aside, this.#folder);
    }
    await storage.remove(this.#staging);
    await storage.remove(this.#aside);
  }

  async #fetchPackages({ packages, manifest }: FetchedPlugin): Promise<Readonly<Record<string, string>>> {
    if (packages.length === 0) return {};
    const { files, packages: cache } = this.#deps;
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
