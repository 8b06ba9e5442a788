/**
 * `stoq.lock`: what is installed, and what every file of it must be. JSON, sorted, so that a difference can be read.
 *
 * @module
 */

import { quote } from "../core/contract/printable.ts";
import type { PermissionRequest } from "./manifest.ts";
import { PERMISSIONS } from "./permission.ts";

/** Version of the format. */
export const LOCK_VERSION = 1;

/** Name of the file in STOQ_HOME. */
export const LOCK_FILE = "stoq.lock";

/** One stored file. */
export interface LockedFile {
  /** Where it came from; absent for a file that stoQ wrote itself. */
  readonly source?: string;
  /** Of what was fetched; the stored file differs where imports were rewritten. */
  readonly sourceSha256?: string;
  /** Of what is stored. */
  readonly sha256: string;
  /** Of what is stored, in bytes. */
  readonly size: number;
}

/** One installed plugin. */
export interface LockedPlugin {
  /** As it can be installed again, an address with its checksum. */
  readonly reference: string;
  readonly version: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly permissions: PermissionRequest;
  /** Path in the folder, with `/` → file. */
  readonly files: Readonly<Record<string, LockedFile>>;
  /** Packages of npm that it imports, and those that these need: `name@version` → integrity, empty where none is known. */
  readonly packages: Readonly<Record<string, string>>;
}

/** All of them by name. */
export type StoqLock = Readonly<Record<string, LockedPlugin>>;

/** A lock, or what is wrong with its text. */
export type LockReading =
  | { readonly lock: StoqLock; readonly problem?: undefined }
  | { readonly lock?: undefined; readonly problem: string };

/** A record's own value: names such as "constructor" are names, too. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

const SHA256 = /^[0-9a-f]{64}$/;
const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** Folder of a plugin that is not said to be elsewhere: the lock goes with a STOQ_HOME that is copied to another machine. */
export type DefaultFolder = (name: string) => string;

/** Writes a lock; equal locks give equal texts. */
export function renderLock(lock: StoqLock, defaultFolder: DefaultFolder): string {
  const plugins = sorted(lock, ({ reference, version, folder, permissions, files, packages }, name) => ({
    reference,
    version,
    folder: folder === defaultFolder(name) ? undefined : folder,
    permissions: Object.fromEntries(
      PERMISSIONS.filter((kind) => permissions[kind]?.length).map((kind) => [kind, permissions[kind]]),
    ),
    files: sorted(files, ({ source, sourceSha256, sha256, size }) => ({
      source,
      source_sha256: sourceSha256,
      sha256,
      size,
    })),
    packages: sorted(packages, (integrity) => integrity),
  }));
  return `${JSON.stringify({ version: LOCK_VERSION, plugins }, null, 2)}\n`;
}

function sorted<T, R>(
  record: Readonly<Record<string, T>>,
  write: (value: T, key: string) => R,
): Record<string, R> {
  const entries = Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, value]) => [key, write(value, key)]));
}

/** Reads a lock. A damaged one is refused as a whole: what is left of it vouches for nothing. */
export function readLock(text: string, defaultFolder: DefaultFolder): LockReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `it is not JSON: ${(error as SyntaxError).message}` };
  }
  if (!isRecord(value)) return { problem: "it must be an object" };
  if (value.version !== LOCK_VERSION) {
    return { problem: `its version is ${quote(value.version)}, this stoQ reads ${LOCK_VERSION}` };
  }
  if (!isRecord(value.plugins)) return { problem: '"plugins" must be an object' };
  const lock: Record<string, LockedPlugin> = {};
  for (const [name, entry] of Object.entries(value.plugins)) {
    const plugin = NAME.test(name) ? readPlugin(entry, name, defaultFolder(name)) : undefined;
    if (!plugin) return { problem: `what it says of plugin ${quote(name)} is damaged` };
    lock[name] = plugin;
  }
  return { lock };
}

function readPlugin(value: unknown, name: string, defaultFolder: string): LockedPlugin | undefined {
  if (!isRecord(value)) return undefined;
  const { reference, version, folder = defaultFolder, permissions, files, packages } = value;
  if (![reference, version, folder].every((text) => typeof text === "string" && text !== "")) {
    return undefined;
  }
  // It is removed with all that is in it when the plugin is: a lock that somebody else wrote must not name a home.
  if ((folder as string).split(/[/\\]/).at(-1) !== name) return undefined;
  if (!isRecord(permissions) || !isRecord(files) || !isRecord(packages)) return undefined;
  if (!Object.values(permissions).every((list) => Array.isArray(list) && list.every(isText))) {
    return undefined;
  }
  if (!Object.values(packages).every(isText)) return undefined;
  const readFiles = Object.entries(files).map(([path, file]) =>
    [path, isStoredPath(path) ? readFile(file) : undefined] as const
  );
  if (readFiles.some(([, file]) => file === undefined)) return undefined;
  if (!Object.hasOwn(files, "manifest.json") || !Object.hasOwn(files, "mod.ts")) return undefined;
  return {
    reference: reference as string,
    version: version as string,
    folder: folder as string,
    permissions: permissions as PermissionRequest,
    files: Object.fromEntries(readFiles) as Record<string, LockedFile>,
    packages: packages as Record<string, string>,
  };
}

function readFile(value: unknown): LockedFile | undefined {
  if (!isRecord(value)) return undefined;
  const { source, source_sha256: sourceSha256, sha256, size } = value;
  const isSound = isDigest(sha256) && Number.isSafeInteger(size) && (size as number) >= 0 &&
    (source === undefined || isText(source)) && (sourceSha256 === undefined || isDigest(sourceSha256));
  return isSound
    ? { source: source as string, sourceSha256: sourceSha256 as string, sha256, size: size as number }
    : undefined;
}

/** Whether a path stays in its folder on every system. */
export function isStoredPath(path: string): boolean {
  return path.split("/").every((name) =>
    name !== "" && name !== "." && name !== ".." && !/[\\:\0]/.test(name)
  );
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && SHA256.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
