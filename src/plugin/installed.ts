/**
 * Plugins that `stoq install` has stored. Each file is checked against the lock before it is used.
 *
 * @module
 */

import type { Files } from "../core/ports/files.ts";
import { StoqError } from "../core/contract/errors.ts";
import { lockDamaged, lockUnreadable, pluginChanged, pluginNeedsDeno } from "./installing_errors.ts";
import type { System } from "../core/ports/system.ts";
import type { LockedFile, LockedPlugin, StoqLock } from "./lock.ts";

/** Name of the lock in STOQ_HOME. */
export const LOCK_FILE = "stoq.lock";

/** The part of the system that checking uses. */
export type Checker = Pick<System, "files" | "sha256">;

/** Deepest folder of an installed plugin. */
const MAX_DEPTH = 32;

/** The folder of a plugin, unless the user chooses another one. */
export function defaultFolder(files: Files, stoqHome: string, name: string): string {
  return files.resolve(stoqHome, "plugins", name);
}

/** Reads the lock of a STOQ_HOME; empty if there is none. @throws {StoqError} `lock-damaged`, `lock-unreadable` */
export async function loadLock(files: Files, stoqHome: string): Promise<StoqLock> {
  const path = files.resolve(stoqHome, LOCK_FILE);
  let text: string;
  try {
    if (await files.kindOf(path) === undefined) return {};
    text = await files.readText(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw lockUnreadable(path, error);
  }
  const { readLock } = await import("./lock.ts");
  const { value, problems } = readLock(text, (name) => defaultFolder(files, stoqHome, name));
  if (!value) throw lockDamaged(path, problems[0]!);
  return value;
}

/** Reads one file of an installed plugin. @throws {StoqError} `plugin-changed` unless it has the digest in the lock */
export async function readLocked(
  system: Checker,
  name: string,
  { folder, files: locked }: LockedPlugin,
  path: string,
): Promise<Uint8Array> {
  const { files } = system;
  const full = files.resolve(folder, path);
  const expected: LockedFile = locked[path]!;
  let content: Uint8Array | undefined;
  try {
    if (await files.kindOf(full) !== "file") throw pluginChanged(name, full, "is missing");
    content = (await files.readBytes(full, expected.size)).content;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof StoqError) throw error;
    throw pluginChanged(name, full, `can't be read: ${error.message}`);
  }
  if (!content) {
    throw pluginChanged(name, full, `has changed: it has more than the ${expected.size} bytes of the lock`);
  }
  const actual = await system.sha256(content);
  if (actual === expected.sha256) return content;
  throw pluginChanged(name, full, `has changed: its sha256 must be ${expected.sha256}, got ${actual}`);
}

/**
 * Checks every file of an installed plugin against the lock. An additional file is a change too, because modules may import it.
 *
 * An attacker who can write between this check and the import can also write the lock.
 *
 * @param isCompiled whether this program is an executable, which can't load packages
 * @throws {StoqError} `plugin-changed`, `plugin-needs-deno`
 */
export async function verifyInstalled(
  checker: Checker,
  name: string,
  plugin: LockedPlugin,
  isCompiled: boolean,
): Promise<void> {
  const packages = Object.keys(plugin.packages);
  if (isCompiled && packages.length > 0) throw pluginNeedsDeno(name, packages);
  await refuseExtraFiles(checker.files, name, plugin, "", 0);
  for (const path of Object.keys(plugin.files)) await readLocked(checker, name, plugin, path);
}

async function refuseExtraFiles(
  files: Files,
  name: string,
  plugin: LockedPlugin,
  below: string,
  depth: number,
): Promise<void> {
  const folder = files.resolve(plugin.folder, below);
  let entries;
  try {
    entries = await files.list(folder);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw pluginChanged(name, folder, `can't be read: ${error.message}`);
  }
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.kind === "directory" && depth < MAX_DEPTH) {
      await refuseExtraFiles(files, name, plugin, path, depth + 1);
    } else if (entry.kind !== "file") {
      throw pluginChanged(name, files.resolve(folder, entry.name), "is not a regular file");
    } else if (!Object.hasOwn(plugin.files, path)) {
      throw pluginChanged(name, files.resolve(folder, entry.name), "is not in the lock");
    }
  }
}
