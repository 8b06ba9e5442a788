/**
 * Fetches a plugin whole and keeps it in memory, so that the files that are shown are the files that are stored.
 *
 * @module
 */

import { digestMismatch, pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { Downloads } from "../../core/ports/storage.ts";
import type { System } from "../../core/ports/system.ts";
import type { Manifest } from "../../plugin/manifest.ts";
import { readManifest } from "../../plugin/manifest_reader.ts";
import { writeReference } from "../../plugin/reference.ts";
import { readFolder } from "./folder_files.ts";
import { collidingPaths, isPlainPath } from "./layout.ts";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { readGraph, type StoredFile } from "./module_graph.ts";
import { fetchPackage } from "./npm_registry.ts";
import type { Origin } from "./origin.ts";
import { FOLDER_URL, type SourceFile, Sources } from "./sources.ts";

/** A plugin that can be installed. */
export interface FetchedPlugin {
  /** Installs the same plugin again. */
  readonly reference: string;
  readonly manifest: Manifest;
  readonly files: readonly StoredFile[];
  /** Packages that it imports itself, as `npm:name@1.2.3`. */
  readonly packages: readonly string[];
  /** Remarks for the user. */
  readonly notes: readonly string[];
}

/** The part of the system that fetching uses. */
export type FetchSystem = Pick<System, "files" | "env" | "sha256">;

/** Dependencies of fetching. */
export interface FetchDeps {
  readonly system: FetchSystem;
  readonly downloads: Downloads;
}

/** Fetches a plugin and everything that it imports. Nothing of it is run. @throws {StoqError} */
export async function fetchPlugin(deps: FetchDeps, origin: Origin): Promise<FetchedPlugin> {
  if (origin.kind === "url") return await fetchFromUrl(deps, origin);
  const notes: string[] = [];
  const files = origin.kind === "npm"
    ? await fetchPackage(deps, origin.name, origin.version, notes)
    : await readFolder(deps.system.files, origin.path, notes);
  const reference = origin.kind === "npm" ? writeReference(origin) : origin.path;
  return await fromFolder(deps, reference, files, notes);
}

async function fetchFromUrl(
  { system, downloads }: FetchDeps,
  { url, sha256, reference = "" }: Extract<Origin, { kind: "url" }>,
): Promise<FetchedPlugin> {
  const sources = new Sources(downloads, url);
  const entry = await sources.read(url);
  const actual = await system.sha256(entry.bytes);
  if (sha256 !== undefined && sha256 !== actual) {
    throw digestMismatch(url, `sha256-${actual}`, `sha256-${sha256}`);
  }
  if (!new URL(entry.url).pathname.endsWith("/mod.ts")) {
    throw pluginRefused(quote(url), `it redirects to ${quote(entry.url)}, which is not a mod.ts`);
  }
  const manifestFile = await sources.read(new URL("manifest.json", entry.url).href, MAX_MANIFEST_BYTES);
  const pinned = reference || writeReference({ kind: "url", url, sha256: actual });
  return await assemble(system, { reference: pinned, sources, entry, manifestFile, others: [], notes: [] });
}

/** A folder is stored whole, because its modules may read other files of it. */
async function fromFolder(
  { system, downloads }: FetchDeps,
  reference: string,
  folder: ReadonlyMap<string, Uint8Array>,
  notes: readonly string[],
): Promise<FetchedPlugin> {
  const sources = new Sources(downloads, undefined, folder);
  const entry = await sources.read(`${FOLDER_URL}mod.ts`);
  const manifestFile = await sources.read(`${FOLDER_URL}manifest.json`, MAX_MANIFEST_BYTES);
  const others = await Promise.all(
    [...folder].filter(([path]) => path !== "mod.ts" && path !== "manifest.json").map(async (
      [path, bytes],
    ) => ({
      path,
      bytes,
      source: path,
      sourceSha256: await system.sha256(bytes),
    })),
  );
  return await assemble(system, { reference, sources, entry, manifestFile, others, notes });
}

interface Parts {
  readonly reference: string;
  readonly sources: Sources;
  readonly entry: SourceFile;
  readonly manifestFile: SourceFile;
  /** Files that are stored even if nothing imports them. */
  readonly others: readonly StoredFile[];
  readonly notes: readonly string[];
}

async function assemble(system: FetchSystem, parts: Parts): Promise<FetchedPlugin> {
  const { sources, entry, manifestFile, others, reference } = parts;
  const manifest = checkedManifest(manifestFile);
  const sha256 = (content: Uint8Array) => system.sha256(content);
  const graph = await readGraph(sources, entry, sha256);
  const stored = new Map<string, StoredFile>();
  const source = (url: string) => url.startsWith(FOLDER_URL) ? url.slice(FOLDER_URL.length) : url;
  const { bytes } = manifestFile;
  stored.set("manifest.json", {
    path: "manifest.json",
    bytes,
    source: source(manifestFile.url),
    sourceSha256: await sha256(bytes),
  });
  for (const file of graph.files) {
    stored.set(file.path, { ...file, source: file.source === undefined ? undefined : source(file.source) });
  }
  const left = others.filter(({ path }) => !isPlainPath(path)).map(({ path }) => path);
  for (const file of others) {
    if (!stored.has(file.path) && isPlainPath(file.path)) stored.set(file.path, file);
  }
  const colliding = collidingPaths([...stored.keys()]);
  if (colliding) {
    throw pluginRefused(
      `plugin ${quote(manifest.name)}`,
      `${quote(colliding[0])} and ${quote(colliding[1])} are the same file on systems that ignore case`,
    );
  }
  return {
    reference,
    manifest,
    files: [...stored.values()].sort((a, b) => a.path < b.path ? -1 : 1),
    packages: graph.packages,
    notes: [
      ...parts.notes,
      ...sources.notes,
      ...left.map((path) => `${quote(path)} is skipped: not every system can store its name`),
      ...(graph.computed > 0
        ? [`${graph.computed} imports with a computed address; their files are not fetched`]
        : []),
    ],
  };
}

function checkedManifest({ url, bytes }: SourceFile): Manifest {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw pluginRefused(quote(url), "it is not UTF-8 text");
  }
  const { value: manifest, problems } = readManifest(text);
  if (!manifest) throw pluginRefused("the plugin", `its manifest.json is broken: ${problems.join("; ")}`);
  if (!isPlainPath(manifest.name)) {
    throw pluginRefused(
      `plugin ${quote(manifest.name)}`,
      "not every system can store a folder with its name",
    );
  }
  return manifest;
}
