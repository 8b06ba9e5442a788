/**
 * Resources of a PE file.
 *
 * @module
 */

import type { ModuleRecord } from "../module_value.ts";
import { BeyondLimits, latin1 } from "./pe_bytes.ts";
import { DIRECTORY, directoryEntry, offsetOfAddress, type PeImage, placeOfAddress } from "./pe_image.ts";

/** Entries of resource directories that are looked at; files with more are left to the engine. */
export const MAX_PE_RESOURCE_ENTRIES = 20_000;

/** Longest name of a resource that YARA-X reads, in characters. */
const MAX_NAME_CHARACTERS = 999;
const DIRECTORY_BYTES = 16;
const ENTRY_BYTES = 8;
const HIGH_BIT = 0x8000_0000;
/** Largest identifier that counts as a language. */
const MAX_LANGUAGE = 0xfffff;

/** A number, a name in UTF-16 as bytes, or `null` where neither can be read. */
type ResourceId = number | string | null;

/** A resource. */
export interface Resource extends ModuleRecord {
  readonly length: number;
  readonly rva: number;
  readonly offset: number | null;
  readonly type: number | null;
  readonly id: number | null;
  readonly language: number | null;
  readonly type_string: string | null;
  readonly name_string: string | null;
  readonly language_string: string | null;
}

/** The tree of resources. */
export interface ResourceTree {
  readonly timestamp: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly resources: readonly Resource[];
}

/** A directory that is still to be read: types stand in that of level 0, names in 1, languages in 2. */
interface Directory {
  readonly level: number;
  readonly ids: readonly [type: ResourceId, id: ResourceId, language: ResourceId];
  readonly at: number;
}

/**
 * The resources, level by level; `null`: the file has none.
 *
 * @throws {BeyondLimits} where there is more than is read here
 */
export function readResources(image: PeImage): ResourceTree | null {
  const entry = directoryEntry(image, DIRECTORY.resource);
  const root = entry && placeOfAddress(image, entry.address);
  if (root === undefined) return null;
  const reader = new ResourceReader(image, root);
  const resources = reader.read();
  if (resources.length === 0) return null;
  const { file } = image;
  return {
    timestamp: file.u32(root + 4),
    majorVersion: file.u16(root + 8),
    minorVersion: file.u16(root + 10),
    resources,
  };
}

class ResourceReader {
  readonly #image: PeImage;
  readonly #root: number;
  #entriesLeft = MAX_PE_RESOURCE_ENTRIES;

  constructor(image: PeImage, root: number) {
    this.#image = image;
    this.#root = root;
  }

  read(): Resource[] {
    const resources: Resource[] = [];
    const queue: Directory[] = [{ level: 0, ids: [null, null, null], at: this.#root }];
    // The queue grows on the way, by no more than the entries that are looked at.
    for (const directory of queue) this.#readDirectory(directory, queue, resources);
    return resources;
  }

  #readDirectory({ level, ids, at }: Directory, queue: Directory[], resources: Resource[]): void {
    const { file } = this.#image;
    if (!file.has(at, DIRECTORY_BYTES) || file.u32(at) !== 0) return;
    const [named, numbered] = [file.u16(at + 12), file.u16(at + 14)];
    if (named > 0x8000 || numbered > 0x8000) return;
    for (let i = 0; i < named + numbered; i++) {
      const entryAt = at + DIRECTORY_BYTES + i * ENTRY_BYTES;
      if (!file.has(entryAt, ENTRY_BYTES)) return;
      if (--this.#entriesLeft < 0) throw new BeyondLimits();
      const stored = file.u32(entryAt + 4);
      const offset = stored % HIGH_BIT;
      if (offset === 0 || this.#root + offset >= file.length) continue;
      const id = this.#idAt(entryAt);
      if (level === 2 && typeof id === "number" && id > MAX_LANGUAGE) continue;
      const own = ids.with(level, id) as unknown as Directory["ids"];
      if (stored >= HIGH_BIT && level < 2) {
        queue.push({ level: level + 1, ids: own, at: this.#root + offset });
      }
      this.#readLeaf(this.#root + offset, own, resources);
    }
  }

  #idAt(entryAt: number): ResourceId {
    const { file } = this.#image;
    const stored = file.u32(entryAt);
    if (stored < HIGH_BIT) return stored;
    const at = this.#root + stored % HIGH_BIT;
    if (!file.has(at, 2)) return null;
    const characters = file.u16(at);
    if (characters > MAX_NAME_CHARACTERS || !file.has(at + 2, characters * 2)) return null;
    return latin1(file.bytes.subarray(at + 2, at + 2 + characters * 2));
  }

  /** YARA-X tries to read a leaf where a directory stands as well. */
  #readLeaf(at: number, [type, id, language]: Directory["ids"], resources: Resource[]): void {
    const { file } = this.#image;
    if (!file.has(at, DIRECTORY_BYTES)) return;
    const rva = file.u32(at);
    const length = file.u32(at + 4);
    if (length === 0 || rva === 0) return;
    // Which ones of these count has changed from version to version of the engine.
    if (length >= file.length) throw new BeyondLimits();
    resources.push({
      length,
      rva,
      offset: offsetOfAddress(this.#image, rva),
      type: numberOf(type),
      id: numberOf(id),
      language: numberOf(language),
      type_string: textOf(type),
      name_string: textOf(id),
      language_string: textOf(language),
    });
  }
}

function numberOf(id: ResourceId): number | null {
  return typeof id === "number" ? id : null;
}

function textOf(id: ResourceId): string | null {
  return typeof id === "string" ? id : null;
}
