/**
 * Resources of a PE file, and the texts of its version resources, as YARA-X 1.20 shows them.
 *
 * @module
 */

import { DamageLog } from "../../../formats/bytes/mod.ts";
import {
  directoryOf,
  type PeImage,
  readResourceData,
  readVersionInfo,
  RESOURCE_TYPE_VERSION,
  type ResourceDirectory,
  resourceEntries,
  type ResourceId,
  rvaToOffset,
} from "../../../formats/pe/mod.ts";
import type { ModuleRecord } from "../module_value.ts";
import { byteText } from "../text_value.ts";

/** Entries of resource directories that are looked at; files with more are left to the engine. */
export const MAX_KNOWN_RESOURCE_ENTRIES = 20_000;
/** Version resources that are known; each has at most 64 KiB. */
export const MAX_KNOWN_VERSION_RESOURCES = 16;

const LEAF_BYTES = 16;
/** Largest number that counts as a language. */
const MAX_LANGUAGE = 0xfffff;
/** Most entries of one kind in a directory that YARA-X reads. */
const MAX_ENTRIES_OF_KIND = 0x8000;

/** A resource. */
export interface ResourceRecord extends ModuleRecord {
  readonly length: number;
  readonly rva: number;
  readonly offset: number | null;
  readonly type: number | null;
  readonly id: number | null;
  readonly language: number | null;
  readonly type_string: string | null | undefined;
  readonly name_string: string | null | undefined;
  readonly language_string: string | null | undefined;
}

/** The tree of resources. */
export interface ResourceRecords {
  readonly root: ResourceDirectory;
  readonly resources: readonly ResourceRecord[];
}

/** A key and its text, as bytes of UTF-8. */
export type VersionText = readonly [key: string, value: string];

/** Returns the resources, level by level; `null`: there are none; undefined: not known. */
export function resourceRecords(image: PeImage): ResourceRecords | null | undefined {
  if (isTableAtZero(image)) return undefined;
  const log = new DamageLog();
  const resources: ResourceRecord[] = [];
  let root: ResourceDirectory | undefined;
  let entries = 0;
  let isKnown = true;
  log.attempt(() => {
    for (const entry of resourceEntries(image, log, isRead)) {
      const { directory, id, offset } = entry;
      root ??= directory;
      if (++entries > MAX_KNOWN_RESOURCE_ENTRIES) isKnown = false;
      if (!isKnown) return;
      // YARA-X tries to read data where a directory is as well.
      if (!image.reader.has(offset, LEAF_BYTES)) continue;
      if (directory.level === 2 && typeof id === "number" && id > MAX_LANGUAGE) continue;
      const { rva, sizeBytes, offset: dataOffset, type, id: name, language } = readResourceData(image, entry);
      if (sizeBytes === 0 || rva === 0) continue;
      // Which ones of these count has changed from version to version of the engine.
      if (sizeBytes >= image.reader.sizeBytes) isKnown = false;
      resources.push({
        length: sizeBytes,
        rva,
        offset: dataOffset ?? null,
        type: numberOf(type),
        id: numberOf(name),
        language: numberOf(language),
        type_string: textOf(type),
        name_string: textOf(name),
        language_string: textOf(language),
      });
    }
  });
  if (!isKnown || log.isTruncated) return undefined;
  return root && resources.length > 0 ? { root, resources } : null;
}

/** Whether the engine reads a table at address zero, which is no table here. */
function isTableAtZero(image: PeImage): boolean {
  const offset = directoryOf(image, "resource")?.rva === 0 ? rvaToOffset(image, 0) : undefined;
  if (offset === undefined || !image.reader.has(offset, LEAF_BYTES)) return false;
  const [characteristics, counts] = [image.reader.u32(offset), image.reader.u32(offset + 12)];
  return characteristics === 0 && counts !== 0;
}

/** Whether YARA-X reads a directory. */
function isRead({ characteristics, namedCount, numberedCount }: ResourceDirectory): boolean {
  return characteristics === 0 && namedCount <= MAX_ENTRIES_OF_KIND && numberedCount <= MAX_ENTRIES_OF_KIND;
}

function numberOf(id: ResourceId): number | null {
  return typeof id === "number" ? id : null;
}

/** A name as the bytes of its UTF-16; undefined: it holds what is no UTF-16. */
function textOf(id: ResourceId): string | null | undefined {
  if (typeof id !== "string") return null;
  if (id.includes("\ufffd")) return undefined;
  return Array.from({ length: id.length }, (_, i) => {
    const unit = id.charCodeAt(i);
    return String.fromCharCode(unit & 0xff, unit >>> 8);
  }).join("");
}

/** Returns the texts of all version resources, each read up to the end of the file; undefined: not known. */
export function versionTexts(
  image: PeImage,
  resources: readonly ResourceRecord[],
): readonly VersionText[] | undefined {
  const { reader } = image;
  const offsets = resources.flatMap(({ type, offset }) =>
    type === RESOURCE_TYPE_VERSION && offset !== null && offset <= reader.sizeBytes ? [offset] : []
  );
  if (offsets.length > MAX_KNOWN_VERSION_RESOURCES) return undefined;
  const texts: VersionText[] = [];
  for (const offset of offsets) {
    // The padding of a resource may not be missing.
    if (!reader.has(offset, 2) || !reader.has(offset, Math.ceil(reader.u16(offset) / 4) * 4)) continue;
    const { blocks, tables, isTruncated } = readVersionInfo(reader.sub(offset));
    if (isTruncated) return undefined;
    // The list of languages may be before the texts, nothing else.
    if (blocks[blocks[0] === "VarFileInfo" ? 1 : 0] !== "StringFileInfo") continue;
    for (const { texts: own } of tables) {
      // A table without texts ends them.
      if (own.length === 0) break;
      for (const [key, value] of own) texts.push([byteText(key), byteText(value)]);
    }
  }
  return texts;
}
