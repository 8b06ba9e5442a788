/**
 * The rooms of the repository: which room a file is in, and what that room may import.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/**
 * A part of the repository. Patterns are paths from the repository's root: `*` is part of one name, `**` any number of
 * folders, and a pattern that ends in `/` means everything below that folder.
 */
export interface Room {
  /** Which files belong to it; they may import each other. */
  readonly at: string;
  /** What is in it, for the table in ARCHITECTURE. */
  readonly holds: string;
  /** What its files may import beside their own room. */
  readonly imports: readonly string[];
  /** What they may import as types alone. */
  readonly types?: readonly string[];
}

const FORMAT_DOORS = [
  "src/formats/mod.ts",
  "src/formats/*/mod.ts",
  "src/yara/mod.ts",
  "src/yara/compiler/mod.ts",
];
/** What an installed plugin gets a copy of. */
const PLUGIN_API = ["src/plugin/define.ts", "src/plugin/kit/*.ts"];
/** What any room above the plugins may name: the version and the files that ship with the program. */
const FIXTURES = ["src/version.ts", "stoq.cfg", "deno.json"];

/** All rooms; a file belongs to the first that it matches. */
export const ROOMS: readonly Room[] = [
  { at: "**/testing/", holds: "support of tests, which alone import it", imports: ["**"] },
  {
    at: "cli.ts",
    holds: "the process: the only exit, and the entry point of runners",
    imports: ["src/cli/", "src/sandbox/", "src/host/", "src/version.ts"],
  },
  {
    at: "mod.ts",
    holds: "the library",
    imports: ["src/stoq.ts", "src/plugin/define.ts", "src/core/", "src/version.ts"],
    types: ["src/config/", "src/plugin/"],
  },
  { at: "src/version.ts", holds: "the version", imports: [] },
  {
    at: "src/cli/installing/plugin_api_files.ts",
    holds: "generated: the sources that an installed plugin may import",
    imports: ["src/plugin/", "src/core/contract/", "src/formats/"],
  },
  {
    at: "src/cli/",
    holds: "flags, commands, reports for people",
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
    holds: "what the library adds to a session",
    imports: ["src/session.ts", "src/config/", "src/plugin/", "src/host/", "src/core/"],
  },
  {
    at: "src/session.ts",
    holds: "open, scan, run and close, for library and commands",
    imports: ["src/config/", "src/sandbox/", "src/plugin/", "src/host/", "src/core/", "src/version.ts"],
  },
  {
    at: "src/config/",
    holds: "option table, reader of `stoq.cfg`, resolved options",
    imports: ["src/plugin/", "src/core/", "src/deps/", ...FIXTURES],
  },
  {
    at: "src/sandbox/guest/",
    holds: "the side of a runner",
    imports: ["src/sandbox/", "src/plugin/", "src/core/", "plugins/catalog.ts"],
  },
  {
    at: "src/sandbox/",
    holds: "running plugins",
    imports: ["src/plugin/", "src/core/", "src/deps/", ...FIXTURES],
  },
  {
    at: "src/plugin/registry.ts",
    holds: "every plugin by its manifest",
    imports: ["src/plugin/", "src/core/", "src/deps/", "plugins/catalog.ts"],
  },
  {
    at: "src/plugin/kit/",
    holds: "what plugins that work on files share",
    imports: ["src/core/contract/"],
    types: ["src/core/ports/storage.ts"],
  },
  {
    at: "src/plugin/",
    holds: "the plugin API `define.ts`, manifests, lock",
    imports: ["src/core/", "src/deps/"],
  },
  {
    at: "src/host/",
    holds: "files, time and terminal through Deno",
    imports: ["src/core/", "src/deps/", "wasm/digest/mod.ts"],
  },
  { at: "src/core/contract/", holds: "the data of a scan, limits, errors, the JSON", imports: [] },
  { at: "src/core/ports/", holds: "what the outside must provide", imports: ["src/core/contract/"] },
  { at: "src/core/scan/", holds: "one request", imports: ["src/core/contract/", "src/core/ports/"] },
  {
    at: "src/core/run/",
    holds: "many deliveries",
    imports: ["src/core/contract/", "src/core/ports/", "src/core/scan/"],
  },
  { at: "src/formats/", holds: "parsers that several plugins share", imports: ["src/core/contract/"] },
  {
    at: "src/yara/",
    holds: "YARA's language: parser, analysis, evaluation",
    imports: ["src/core/contract/", "src/formats/*/mod.ts"],
  },
  { at: "src/deps/", holds: "one file for each third-party package", imports: [] },
  {
    at: "plugins/catalog.ts",
    holds: "generated: the shipped plugins",
    imports: ["plugins/*/mod.ts", "plugins/*/cases.json"],
    types: ["src/plugin/manifest.ts"],
  },
  { at: "plugins/*/", holds: "one plugin each", imports: [...PLUGIN_API, "wasm/*/mod.ts", ...FORMAT_DOORS] },
  { at: "wasm/*/", holds: "what crosses into WebAssembly", imports: [] },
  { at: "tools/", holds: "the tasks of `deno.json`, the lint plugin", imports: ["**"] },
  {
    at: "tests/bench/",
    holds: "benchmarks",
    imports: ["tests/", "mod.ts", "cli.ts", "tools/", "wasm/*/mod.ts", "**.json", "stoq.cfg"],
    types: ["**"],
  },
  {
    at: "tests/",
    holds: "tests through an entry point",
    imports: [
      "mod.ts",
      "cli.ts",
      "tools/",
      "src/deps/",
      "src/deps/testing/",
      "src/plugin/kit/testing/",
      "**.json",
      "stoq.cfg",
    ],
    types: ["**"],
  },
];

/** Where a file is. */
export interface Place {
  /** From the repository's root, with slashes. */
  readonly path: string;
  /** `undefined` for a file that is in no room of the table. */
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
  if (from.room === undefined || isTestCode(from.path)) return true;
  const patterns = [...from.room.imports, ...(isTypeOnly ? from.room.types ?? [] : [])];
  if (isUnitTest(path)) return false;
  if (isTestSupport(path)) {
    return patterns.some((pattern) => pattern === "**" || isTestSupport(pattern) && matches(pattern, path));
  }
  return isSameRoom(from, path) || patterns.some((pattern) => matches(pattern, path));
}

/** Says whether a file is a unit test or supports some: it may import everything, and no other code of a room may import it. */
export function isTestCode(path: string): boolean {
  return isUnitTest(path) || isTestSupport(path);
}

function isUnitTest(path: string): boolean {
  return /_test\.[jt]sx?$/.test(path) && !matches("tests/", path);
}

function isTestSupport(path: string): boolean {
  return path.includes("/testing/");
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
