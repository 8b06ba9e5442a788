/**
 * Collects the files that a plugin's module imports, and rewrites imports to the stored files.
 *
 * @module
 */

import { pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { System } from "../../core/ports/system.ts";
import { type ModuleImport, type ModuleReading, readImports, rewriteImports } from "./imports.ts";
import { extensionOf, relativeSpecifier, storedPath } from "./layout.ts";
import { MAX_DEPTH } from "./limits.ts";
import { apiFiles, apiPathOf } from "./plugin_api.ts";
import type { SourceFile, Sources } from "./sources.ts";

/** A file to be stored. */
export interface StoredFile {
  /** Path in the plugin's folder, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where it was fetched; absent for a file that stoQ writes. */
  readonly source?: string;
  /** Digest of the fetched bytes, which differ from the stored ones if imports were rewritten. */
  readonly sourceSha256?: string;
}

/** All files that a module needs. */
export interface ModuleGraph {
  /** The module first. */
  readonly files: readonly StoredFile[];
  /** Packages that its modules import, as `npm:name@1.2.3`, sorted. */
  readonly packages: readonly string[];
  /** Number of imports that are not followed because their addresses are computed. */
  readonly computed: number;
}

/** A file of the graph whose imports are resolved but not yet fetched. */
interface Node {
  readonly file: SourceFile;
  readonly path: string;
  readonly reading: ModuleReading | undefined;
  /** Import → address, or the path of a file of the plugin API. */
  readonly targets: ReadonlyMap<ModuleImport, string>;
}

/** Files that are fetched at the same time. */
const CONCURRENCY = 8;

const EXACT_PACKAGE = /^npm:\/?((?:@[^/@\s]+\/)?[^/@\s]+@\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)(?:\/[^\s]*)?$/;
const CODE_EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];
const RESOURCE_EXTENSIONS = [".json", ".wasm"];
/** Extensions of resources whose addresses have none. */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  "application/json": ".json",
  "application/wasm": ".wasm",
};

/** Reads a plugin's module and all files that it imports. @throws {StoqError} when one can't be fetched or stored */
export async function readGraph(
  sources: Sources,
  entry: SourceFile,
  sha256: System["sha256"],
): Promise<ModuleGraph> {
  return await new GraphReader(sources, entry, sha256).read();
}

class GraphReader {
  readonly #sources: Sources;
  readonly #entry: SourceFile;
  readonly #sha256: System["sha256"];
  readonly #base: string;
  /** Requested address → node; after a redirect two addresses have the same node. */
  readonly #nodes = new Map<string, Node>();
  readonly #packages = new Set<string>();
  /** Paths of the files of the plugin API that are imported. */
  readonly #api = new Set<string>();

  constructor(sources: Sources, entry: SourceFile, sha256: System["sha256"]) {
    this.#sources = sources;
    this.#entry = entry;
    this.#sha256 = sha256;
    this.#base = new URL(".", entry.url).href;
  }

  async read(): Promise<ModuleGraph> {
    let level = await this.#add(this.#entry.url, this.#entry, true);
    for (let depth = 1; level.size > 0; depth++) {
      if (depth > MAX_DEPTH) {
        throw pluginRefused("the plugin", `its imports are nested more than ${MAX_DEPTH} deep`);
      }
      level = await this.#fetchAll([...level]);
    }
    const nodes = [...new Map([...this.#nodes.values()].map((node) => [node.path, node])).values()];
    const files = await Promise.all(nodes.map((node) => this.#stored(node)));
    return {
      files: [...files, ...await this.#apiFiles()],
      packages: [...this.#packages].sort(),
      computed: nodes.reduce((sum, { reading }) => sum + (reading?.computed ?? 0), 0),
    };
  }

  /** Fetches addresses, and returns those that they import and that are not yet fetched. */
  async #fetchAll(wanted: readonly (readonly [string, boolean])[]): Promise<Map<string, boolean>> {
    const next = new Map<string, boolean>();
    for (let at = 0; at < wanted.length; at += CONCURRENCY) {
      const files = await Promise.all(
        wanted.slice(at, at + CONCURRENCY).map(async ([url, isCode]) =>
          [url, await this.#sources.read(url), isCode] as const
        ),
      );
      // In sequence, because two addresses may lead to one file.
      for (const file of files) {
        for (const [url, isCode] of await this.#add(...file)) next.set(url, next.get(url) || isCode);
      }
    }
    for (const url of this.#nodes.keys()) next.delete(url);
    return next;
  }

  async #add(requested: string, file: SourceFile, isCode: boolean): Promise<Map<string, boolean>> {
    const known = [...this.#nodes.values()].find((node) => node.file.url === file.url);
    if (known) {
      // Fetched by two addresses: the first bytes are used.
      this.#nodes.set(requested, known);
      return new Map();
    }
    const isModule = isCode && !isResource(file.url);
    const extension = isModule ? codeExtension(file) : RESOURCE_TYPES[file.mediaType] ?? "";
    const path = storedPath(
      this.#base,
      file.url,
      extension,
      await this.#digest(new TextEncoder().encode(file.url)),
    );
    const reading = isModule ? await read(file) : undefined;
    const targets = new Map<ModuleImport, string>();
    for (const found of reading?.imports ?? []) {
      const target = this.#resolve(found, file.url);
      if (target !== undefined) targets.set(found, target);
    }
    const node = { file, path, reading, targets };
    this.#nodes.set(requested, node);
    this.#nodes.set(file.url, node);
    return new Map(
      [...targets].filter(([, url]) => !this.#api.has(url) && !this.#nodes.has(url))
        .map(([{ isCode }, url]) => [url, isCode]),
    );
  }

  /** Address of an import; `undefined` for one that is not rewritten. */
  #resolve({ specifier }: ModuleImport, from: string): string | undefined {
    if (/^(?:node|data):/.test(specifier)) return undefined;
    const refuse = (reason: string) =>
      pluginRefused("the plugin", `${quote(from)} imports ${quote(specifier)}, ${reason}`);
    if (specifier.startsWith("npm:")) {
      const name = EXACT_PACKAGE.exec(specifier)?.[1];
      if (name === undefined) throw refuse("which must have an exact version, such as npm:name@1.2.3");
      this.#packages.add(`npm:${name}`);
      return undefined;
    }
    const isAddress = /^(?:\.{0,2}\/|https?:)/.test(specifier);
    const url = isAddress ? URL.parse(specifier, from) : null;
    if (!url) throw refuse("which must be a relative or https address, npm: with a version, or node:");
    const apiPath = url.href.startsWith(this.#base) ? undefined : apiPathOf(url);
    if (apiPath !== undefined) {
      this.#api.add(apiPath);
      return apiPath;
    }
    url.hash = "";
    return url.href;
  }

  async #stored({ file, path, reading, targets }: Node): Promise<StoredFile> {
    const replaced = new Map<ModuleImport, string>();
    for (const [found, target] of targets) {
      const node = this.#nodes.get(target);
      if (node && found.isCode && !node.reading && !isResource(node.file.url)) {
        throw pluginRefused(quote(target), "it is imported as code and as something else");
      }
      const specifier = relativeSpecifier(path, node?.path ?? target);
      if (specifier !== found.specifier) replaced.set(found, specifier);
    }
    const isUntouched = replaced.size === 0;
    return {
      path,
      bytes: isUntouched ? file.bytes : new TextEncoder().encode(rewriteImports(reading!.text, replaced)),
      source: file.url,
      sourceSha256: await this.#digest(file.bytes),
    };
  }

  async #apiFiles(): Promise<StoredFile[]> {
    const files = await apiFiles(this.#api);
    return [...files].map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
  }

  async #digest(bytes: Uint8Array): Promise<string> {
    return await this.#sha256(bytes);
  }
}

function isResource(url: string): boolean {
  return RESOURCE_EXTENSIONS.includes(extensionOf(url));
}

/** Extension with which a module is stored. @throws {StoqError} when the file is not code */
function codeExtension({ url, mediaType }: SourceFile): string {
  const extension = extensionOf(url);
  if (mediaType === "text/html") {
    throw pluginRefused(quote(url), "it must be a module, got a web page (text/html)");
  }
  if (CODE_EXTENSIONS.includes(extension)) return extension;
  if (/^(?:text|application)\/(?:x-)?typescript$/.test(mediaType)) return ".ts";
  if (/^(?:text|application)\/(?:x-)?(?:java|ecma)script$/.test(mediaType)) return ".js";
  throw pluginRefused(
    quote(url),
    `it is imported as code, but its name ends in none of ${
      CODE_EXTENSIONS.join(" ")
    } and its media type is ` +
      quote(mediaType),
  );
}

async function read(file: SourceFile): Promise<ModuleReading> {
  try {
    return await readImports(file.bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw pluginRefused(quote(file.url), error.message);
  }
}
