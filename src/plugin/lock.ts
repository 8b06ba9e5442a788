/**
 * `stoq.lock`: what is installed, and what each file of it must be. JSON, sorted, so that two versions can be compared.
 *
 * @module
 */

import { v } from "../deps/valibot.ts";
import { PERMISSION_REQUEST, PLUGIN_NAME } from "./manifest_schema.ts";
import { PERMISSIONS } from "./permission.ts";
import { check, object, type Reading, readJson, recordOf, type Shape, TEXT, text } from "./shape.ts";

/** Version of the format. */
const LOCK_VERSION = 1;

const NOT_EMPTY = text(/^[^]/, "text");
const SHA256 = text(/^[0-9a-f]{64}$/, "a sha256 in lower case");
const SIZE = "a number of bytes";
const STORED_PATH = v.pipe(TEXT, v.check(isStoredPath, "a path below its folder"));

const LOCKED_FILE = object({
  /** Where it came from; absent for a file that stoQ wrote itself. */
  source: v.optional(TEXT),
  /** Of what was fetched; the stored file differs where imports were rewritten. */
  source_sha256: v.optional(SHA256),
  /** Of what is stored. */
  sha256: SHA256,
  /** Of what is stored, in bytes. */
  size: v.pipe(v.number(SIZE), v.safeInteger(SIZE), v.minValue(0, SIZE)),
});

const LOCKED_PLUGIN = object({
  /** As it can be installed again, an address with its checksum. */
  reference: NOT_EMPTY,
  version: NOT_EMPTY,
  /** Absolute path of its folder; absent where it is the usual one. */
  folder: v.optional(NOT_EMPTY),
  permissions: PERMISSION_REQUEST,
  /** Path in the folder, with `/` → file. */
  files: v.pipe(
    recordOf(STORED_PATH, LOCKED_FILE),
    check(function* (files) {
      for (const name of ["manifest.json", "mod.ts"]) {
        if (!Object.hasOwn(files, name)) yield [[name], "is missing"];
      }
    }),
  ),
  /** Packages of npm that it imports, and those that these need: `name@version` → integrity, empty where none is known. */
  packages: recordOf(TEXT, TEXT),
});

const LOCK = object({
  version: v.literal(LOCK_VERSION, `${LOCK_VERSION}`),
  plugins: recordOf(PLUGIN_NAME, LOCKED_PLUGIN),
});

/** One stored file. */
export type LockedFile = Shape<typeof LOCKED_FILE>;

/** One installed plugin. */
export type LockedPlugin = Shape<typeof LOCKED_PLUGIN> & { readonly folder: string };

/** All of them by name. */
export type StoqLock = Readonly<Record<string, LockedPlugin>>;

/** A record's own value: names such as "constructor" are names, too. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Folder of a plugin for which the lock names none, so that a STOQ_HOME can be copied to another machine with its lock. */
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
    files: sorted(
      files,
      ({ source, source_sha256, sha256, size }) => ({ source, source_sha256, sha256, size }),
    ),
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

/** Reads a lock. A damaged one is refused as a whole, since its remaining entries can't be trusted either. */
export function readLock(json: string, defaultFolder: DefaultFolder): Reading<StoqLock> {
  const { value, problems } = readJson(LOCK, json);
  if (!value) return { problems };
  const plugins: [string, LockedPlugin][] = [];
  for (const [name, plugin] of Object.entries(value.plugins)) {
    const { folder = defaultFolder(name) } = plugin;
    // Uninstalling removes the folder with its content: a forged lock must not name a home folder.
    if (folder.split(/[/\\]/).at(-1) !== name) {
      return { problems: [`"plugins.${name}.folder" must end with "${name}"`] };
    }
    plugins.push([name, { ...plugin, folder }]);
  }
  return { value: Object.fromEntries(plugins) };
}

/** Whether a path stays in its folder on every system. */
export function isStoredPath(path: string): boolean {
  return path.split("/").every((name) =>
    name !== "" && name !== "." && name !== ".." && !/[\\:\0]/.test(name)
  );
}
