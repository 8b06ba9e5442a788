/**
 * Registers plugins: those of the catalogue, of plugin folders, and of single folders named by path. No plugin's code is run here.
 *
 * @module
 */

import { catalog } from "../../plugins/catalog.ts";
import type { Files } from "../core/ports/files.ts";
import { nearestName } from "../core/contract/nearest.ts";
import type { PluginFacts } from "../core/ports/plugin_host.ts";
import { printable } from "../core/contract/printable.ts";
import { StoqError } from "../core/contract/errors.ts";
import { pluginChanged } from "./installing_errors.ts";
import type { System } from "../core/ports/system.ts";
import { type Checker, readLocked, verifyInstalled } from "./installed.ts";
import type { LockedPlugin, StoqLock } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import type { Reading } from "./shape.ts";

/** A plugin that can be loaded. */
export interface RegisteredPlugin {
  readonly manifest: Manifest;
  /** Absolute path of its folder; `undefined` for a plugin of the catalogue. */
  readonly folder: string | undefined;
  /** Address of its module; `undefined` for a plugin of the catalogue. */
  readonly module: string | undefined;
  /** Imports the plugin's module. */
  readonly load: () => Promise<{ readonly default?: unknown }>;
  /** Its entry in the lock; absent for a plugin that was not installed. */
  readonly locked?: LockedPlugin;
  /** Checks its files against the lock; call it before the module is imported. @throws {StoqError} when a file has changed */
  readonly verify?: () => Promise<void>;
  /** Imports its cases; absent for a plugin of a folder, and for a plugin without cases. */
  readonly cases?: () => Promise<{ readonly default: unknown }>;
}

/** Depth to which plugin folders are searched for manifests. */
const MAX_FOLDER_DEPTH = 4;

/** Known plugins by name; a plugin that is registered later replaces an earlier one of the same name. */
export class Registry {
  readonly #plugins = new Map<string, RegisteredPlugin>();
  readonly #facts = new Map<string, PluginFacts>();
  readonly #broken = new Map<string, string>();
  /** Folders of installed plugins that have changed. They are not registered in any other way. */
  readonly #changed = new Set<string>();
  readonly #notes: string[] = [];

  /** Starts with the catalogue. */
  constructor() {
    for (const entry of Object.values(catalog)) {
      this.#add({ ...entry, folder: undefined, module: undefined });
    }
  }

  /** Remarks for the user: replaced plugins, broken manifests, missing folders. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Notes about folders that can't be used. */
  get broken(): readonly string[] {
    return [...new Set(this.#broken.values())];
  }

  /** Names in alphabetical order. */
  names(): string[] {
    return [...this.#plugins.keys()].sort();
  }

  get(name: string): RegisteredPlugin | undefined {
    return this.#plugins.get(name);
  }

  /** Facts in the form that the engine uses. */
  facts(name: string): PluginFacts | undefined {
    return this.#facts.get(name);
  }

  nearest(name: string): string | undefined {
    return nearestName(name, this.#plugins.keys());
  }

  /** Why the plugin folder of this name or absolute path could not be registered. */
  brokenReason(nameOrFolder: string): string | undefined {
    return this.#broken.get(nameOrFolder);
  }

  /** Registers installed plugins; a plugin whose manifest has changed becomes a note. */
  async addInstalled(system: Checker & Pick<System, "isCompiled">, lock: StoqLock): Promise<void> {
    for (const [name, locked] of Object.entries(lock)) {
      const { files } = system;
      const { folder } = locked;
      try {
        const content = await readLocked(system, name, locked, "manifest.json");
        const { value: manifest } = await readManifest(new TextDecoder().decode(content));
        // The manifest is unchanged, but another version of stoQ may have accepted it.
        if (manifest?.name !== name) {
          throw pluginChanged(name, folder, "has a manifest that this stoQ can't read");
        }
        if (this.#plugins.has(name)) {
          this.#notes.push(`Plugin "${name}" from stoq.lock replaces the shipped one`);
        }
        const url = files.toUrl(files.resolve(folder, "mod.ts"));
        const verify = () => verifyInstalled(system, name, locked, system.isCompiled ?? false);
        this.#add({ manifest, folder, module: url, load: () => import(url), locked, verify });
      } catch (error) {
        if (!(error instanceof StoqError)) throw error;
        this.#notes.push(error.message);
        this.#broken.set(name, error.message).set(folder, error.message);
        this.#changed.add(folder);
      }
    }
  }

  /** Name of the plugin that was installed by a reference. */
  installedBy(isIt: (locked: LockedPlugin) => boolean): string | undefined {
    return this.names().find((name) => {
      const locked = this.#plugins.get(name)?.locked;
      return locked !== undefined && isIt(locked);
    });
  }

  /** Registers every plugin below a folder of plugins. */
  async addFolder(files: Files, folder: string): Promise<void> {
    const kind = await this.#read(folder, async () => await files.kindOf(folder) ?? "absent");
    if (kind === undefined) return;
    if (kind !== "directory") {
      const reason = kind === "absent" ? "it does not exist" : "it is not a directory";
      this.#note(folder, `Plugin folder "${printable(folder)}" can't be used: ${reason}`);
      return;
    }
    await this.#walk(files, folder, 0);
  }

  /** Registers the plugin in a folder and returns its name; `undefined` if its manifest is broken (see the notes). */
  async addPath(files: Files, folder: string): Promise<string | undefined> {
    const path = files.resolve(folder, "manifest.json");
    const kind = await this.#read(folder, async () => await files.kindOf(path) ?? "absent");
    if (kind === undefined) return undefined;
    if (kind !== "file") {
      const reason = await this.#read(folder, () => noManifestReason(files, folder));
      if (reason !== undefined) {
        this.#note(folder, `Plugin "${printable(folder)}" can't be used: ${reason}`);
      }
      return undefined;
    }
    return await this.#register(files, folder, path);
  }

  async #walk(files: Files, folder: string, depth: number): Promise<void> {
    const entries = await this.#read(folder, () => files.list(folder)) ?? [];
    if (entries.some(({ name, kind }) => name === "manifest.json" && kind === "file")) {
      await this.#register(files, folder, files.resolve(folder, "manifest.json"));
    } else if (depth < MAX_FOLDER_DEPTH) {
      for (const { name, kind } of entries) {
        if (kind === "directory" && !name.startsWith(".")) {
          await this.#walk(files, files.resolve(folder, name), depth + 1);
        }
      }
    }
  }

  async #register(files: Files, folder: string, path: string): Promise<string | undefined> {
    if (this.#changed.has(folder)) return undefined;
    const content = await this.#read(folder, () => files.readText(path));
    if (content === undefined) return undefined;
    const { value: manifest, problems } = await readManifest(content);
    if (!manifest) {
      const text = problems.map((problem) => `\n  ${problem}`).join("");
      this.#note(
        folder,
        `Plugin folder "${printable(folder)}" was skipped: its manifest.json is broken${text}`,
      );
      return undefined;
    }
    const earlier = this.#plugins.get(manifest.name);
    // The same path is in several lists.
    if (earlier?.folder === folder) return manifest.name;
    if (earlier) {
      const where = earlier.folder === undefined
        ? "the shipped one"
        : `the one in "${printable(earlier.folder)}"`;
      this.#notes.push(`Plugin "${manifest.name}" in "${printable(folder)}" replaces ${where}`);
    }
    const url = files.toUrl(files.resolve(folder, "mod.ts"));
    this.#add({ manifest, folder, module: url, load: () => import(url) });
    return manifest.name;
  }

  /** Reads, or adds a note for a folder that can't be read: other folders must still be registered. */
  async #read<T>(folder: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const reason = printable(error.message);
      this.#note(folder, `Plugin folder "${printable(folder)}" was skipped: it can't be read: ${reason}`);
      return undefined;
    }
  }

  #add(plugin: RegisteredPlugin): void {
    const { name, version, roles, requires = [], max_response_bytes: maxResponseBytes, findings, needs } =
      plugin.manifest;
    this.#plugins.set(name, plugin);
    this.#facts.set(name, { name, version, roles, requires, maxResponseBytes, findings, needs });
  }

  #note(folder: string, text: string): void {
    this.#notes.push(text);
    this.#broken.set(folder, text);
    const name = folder.split(/[/\\]/).findLast((part) => part !== "");
    if (name !== undefined) this.#broken.set(name, text);
  }
}

/** Imports the reader only when it is needed: manifests of the catalogue were checked when it was generated. */
async function readManifest(text: string): Promise<Reading<Manifest>> {
  const reader = await import("./manifest_reader.ts");
  return reader.readManifest(text);
}

async function noManifestReason(files: Files, folder: string): Promise<string> {
  const kind = await files.kindOf(folder);
  if (kind === undefined) return "no such folder";
  return kind === "directory" ? "it has no manifest.json" : "it is a file, must be the folder of a plugin";
}
