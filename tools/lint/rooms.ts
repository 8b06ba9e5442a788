/**
 * The house as a table: which room a file stands in, and what that room may import.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/**
 * A part of the house. Patterns are paths from the repository's root: `*` is part of one name, `**` any number of
 * folders, and a pattern that ends in `/` means everything below that folder.
 */
export interface Room {
  /** Which files belong to it; they may import each other. */
  readonly at: string;
  /** What its files may import beside their own room. */
  readonly imports: readonly string[];
  /** What they may import as types alone. */
  readonly types?: readonly string[];
}

const FORMAT_DOORS = ["src/formats/mod.ts", "src/formats/*/mod.ts", "src/yara/mod.ts"];
/** What an installed plugin gets a copy of; `src/plugin/kit/testing/` is for tests. */
const PLUGIN_API = ["src/plugin/define.ts", "src/plugin/kit/*.ts"];
/** What any room above the plugins may name: the version and the files that ship with the program. */
const FIXTURES = ["src/version.ts", "stoq.cfg", "deno.json"];

/** All rooms; a file belongs to the first that it matches. */
export const ROOMS: readonly Room[] = [
  { at: "cli.ts", imports: ["src/cli/", "src/sandbox/", "src/host/", "src/version.ts"] },
  {
    at: "mod.ts",
    imports: ["src/stoq.ts", "src/plugin/define.ts", "src/core/", "src/version.ts"],
    types: ["src/config/", "src/plugin/"],
  },
  { at: "src/version.ts", imports: [] },
  {
    at: "src/cli/",
    imports: [
      "src/session.ts",
      "src/config/",
      "src/sandbox/",
      "src/host/",
      "src/plugin/",
      "src/core/",
      "src/deps/",
      ...FIXTURES,
    ],
  },
  {
    at: "src/stoq.ts",
    imports: ["src/session.ts", "src/config/", "src/plugin/", "src/host/", "src/core/"],
  },
  {
    at: "src/session.ts",
    imports: ["src/config/", "src/sandbox/", "src/plugin/", "src/host/", "src/core/", "src/version.ts"],
  },
  { at: "src/config/", imports: ["src/plugin/", "src/core/", "src/deps/", ...FIXTURES] },
  { at: "src/sandbox/guest/", imports: ["src/sandbox/", "src/plugin/", "src/core/", "plugins/catalog.ts"] },
  { at: "src/sandbox/", imports: ["src/plugin/", "src/core/", "src/deps/", ...FIXTURES] },
  { at: "src/plugin/registry.ts", imports: ["src/plugin/", "src/core/", "src/deps/", "plugins/catalog.ts"] },
  {
    at: "src/plugin/kit/",
    imports: ["src/core/contract/"],
    types: ["src/core/ports/storage.ts"],
  },
  { at: "src/plugin/", imports: ["src/core/", "src/deps/"] },
  { at: "src/host/", imports: ["src/core/", "src/deps/", "wasm/digest/mod.ts"] },
  { at: "src/core/testing/", imports: ["src/core/", "src/deps/fast_check.ts"] },
  { at: "src/core/contract/", imports: [] },
  { at: "src/core/ports/", imports: ["src/core/contract/"] },
  { at: "src/core/scan/", imports: ["src/core/contract/", "src/core/ports/"] },
  { at: "src/core/run/", imports: ["src/core/contract/", "src/core/ports/", "src/core/scan/"] },
  { at: "src/formats/testing/", imports: ["src/formats/", "src/deps/fast_check.ts"] },
  { at: "src/formats/", imports: ["src/core/contract/"] },
  { at: "src/yara/", imports: ["src/core/contract/", "src/formats/*/mod.ts"] },
  { at: "src/deps/", imports: [] },
  {
    at: "plugins/catalog.ts",
    imports: ["plugins/*/mod.ts", "plugins/*/cases.json"],
    types: ["src/plugin/manifest.ts"],
  },
  // The task that compares engines is no part of the plugin.
  {
    at: "plugins/yara/differential/",
    imports: [
      "plugins/yara/",
      ...PLUGIN_API,
      "src/deps/fast_check.ts",
      "wasm/*/mod.ts",
      ...FORMAT_DOORS,
    ],
  },
  { at: "plugins/*/", imports: [...PLUGIN_API, "wasm/*/mod.ts", ...FORMAT_DOORS] },
  { at: "wasm/*/", imports: [] },
  { at: "tools/", imports: ["**"] },
  {
    at: "tests/bench/",
    imports: ["tests/", "mod.ts", "cli.ts", "tools/", "wasm/*/mod.ts", "**.json", "stoq.cfg"],
    types: ["**"],
  },
  {
    at: "tests/",
    imports: ["mod.ts", "cli.ts", "tools/", "src/deps/", "src/plugin/kit/testing/", "**.json", "stoq.cfg"],
    types: ["**"],
  },
];

/** Where a file stands. */
export interface Place {
  /** From the repository's root, with slashes. */
  readonly path: string;
  /** `undefined` for a file that stands in no room of the table. */
  readonly room: Room | undefined;
}

/** The repository's root, with a slash at its end. */
export const ROOT = slashes(fileURLToPath(new URL("../../", import.meta.url)));

/** Finds a file's place; `undefined` outside the repository. A relative name counts from its root. */
export function placeOf(fileName: string): Place | undefined {
  const name = slashes(fileName);
  const isAbsolute = name.startsWith("/") || /^[A-Za-z]:\//.test(name);
  if (isAbsolute && !name.startsWith(ROOT)) return undefined;
  const path = isAbsolute ? name.slice(ROOT.length) : name;
  return { path, room: ROOMS.find((room) => matches(room.at, path)) };
}

/** Says whether a file may import another; both are paths from the root. */
export function mayImport(from: Place, path: string, isTypeOnly: boolean): boolean {
  if (from.room === undefined || isTestBesideCode(from.path)) return true;
  if (isTestBesideCode(path)) return false;
  const patterns = [...from.room.imports, ...(isTypeOnly ? from.room.types ?? [] : [])];
  return isSameRoom(from, path) || patterns.some((pattern) => matches(pattern, path));
}

/** Says whether a file is a unit test that stands beside the code it tests. */
export function isTestBesideCode(path: string): boolean {
  return /_test\.[jt]sx?$/.test(path) && !matches("tests/", path);
}

/** Says whether a path from the root matches a pattern of the table. */
export function matches(pattern: string, path: string): boolean {
  return expressionOf(pattern).test(path);
}

function isSameRoom({ path: from, room }: Place, path: string): boolean {
  if (room === undefined || !matches(room.at, path)) return false;
  const depth = room.at.split("/").length - 1;
  const home = (name: string) => name.split("/").slice(0, depth).join("/");
  return home(from) === home(path);
}

function expressionOf(pattern: string): RegExp {
  const whole = pattern.endsWith("/") ? `${pattern}**` : pattern;
  const source = whole.split("**").map((part) =>
    part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")
  ).join(".*");
  return new RegExp(`^${source}$`);
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
