/**
 * Resources of a PE file: a tree of three levels, in which types hold names and names hold languages.
 *
 * @module
 */

import { type ByteReader, DamageLog, type PartialTable } from "../bytes/mod.ts";
import { rvaToOffset, startOfTable } from "./addresses.ts";
import type { PeImage } from "./image.ts";

/** Longest name of a resource that is read, in characters. */
export const MAX_RESOURCE_NAME_CHARACTERS = 999;
/** Number of the type that holds version information. */
export const RESOURCE_TYPE_VERSION = 16;

/** Size of a directory without its entries, and of the record of data. */
const DIRECTORY_BYTES = 16;
const ENTRY_BYTES = 8;
const HIGH_BIT = 0x8000_0000;
const LEVELS = 3;

/** A number, a name, or undefined if the name can't be read. */
export type ResourceId = number | string | undefined;

/** A directory of the tree; offsets count from the start of the file. */
export interface ResourceDirectory {
  readonly offset: number;
  readonly characteristics: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  /** Entries as declared: those with names are first. */
  readonly namedCount: number;
  readonly numberedCount: number;
  /** 0 for types, 1 for names, 2 for languages. */
  readonly level: number;
  /** The entry that leads to it; undefined for the root. */
  readonly parent: ResourceEntry | undefined;
}

/** An entry of a directory. */
export interface ResourceEntry {
  readonly directory: ResourceDirectory;
  readonly id: ResourceId;
  readonly isDirectory: boolean;
  /** Offset in the file of the directory, or of the record of the data. */
  readonly offset: number;
}

/** Data of one type, name and language. */
export interface PeResource {
  readonly type: ResourceId;
  readonly id: ResourceId;
  readonly language: ResourceId;
  readonly rva: number;
  /** Offset in the file; undefined: in no section. It may be beyond the file's end. */
  readonly offset: number | undefined;
  readonly sizeBytes: number;
  readonly codePage: number;
}

/** Resources level by level, as far as they can be read. */
export interface ResourceTable extends PartialTable {
  /** Undefined: the file has no resources, or the first directory can't be read (damage). */
  readonly root: ResourceDirectory | undefined;
  readonly resources: readonly PeResource[];
}

/**
 * Reads the resources. Damage: `bad-directory`, `bad-resource-entry` (outside the file, or deeper than three levels),
 * `bad-resource-name`, `bad-resource-data`.
 */
export function readResources(image: PeImage): ResourceTable {
  const log = new DamageLog();
  const resources: PeResource[] = [];
  let root: ResourceDirectory | undefined;
  log.attempt(() => {
    for (const entry of resourceEntries(image, log)) {
      root ??= rootOf(entry);
      if (entry.isDirectory) continue;
      const resource = log.attempt(() => readResourceData(image, entry));
      if (!resource) continue;
      const { offset, sizeBytes } = resource;
      if (offset === undefined || !image.reader.has(offset, sizeBytes)) {
        log.add("bad-resource-data", "The data of a resource must be in the file", entry.offset);
      }
      resources.push(resource);
    }
  });
  return { root, resources, damages: log.damages, isTruncated: log.isTruncated };
}

/**
 * Yields the entries of all directories, level by level. A directory to which several entries lead is read for each.
 *
 * @param shouldRead whether the entries of a directory are read
 * @throws {DamageError} `limit-items` when the budget ends
 */
export function* resourceEntries(
  image: PeImage,
  log: DamageLog,
  shouldRead: (directory: ResourceDirectory) => boolean = () => true,
): Generator<ResourceEntry, void> {
  const start = startOfTable(image, "resource", log);
  if (start === undefined) return;
  const queue: { readonly offset: number; readonly parent?: ResourceEntry }[] = [{ offset: start }];
  // The queue grows on the way, by no more than the entries that the budget pays for.
  for (const { offset, parent } of queue) {
    const directory = log.attempt(() => readDirectory(image, offset, parent));
    if (!directory || !shouldRead(directory)) continue;
    const count = directory.namedCount + directory.numberedCount;
    for (let i = 0; i < count; i++) {
      const at = offset + DIRECTORY_BYTES + i * ENTRY_BYTES;
      if (!image.reader.has(at, ENTRY_BYTES)) {
        log.add("bad-resource-entry", `A directory must have ${count} entries, got ${i}`, offset);
        break;
      }
      image.reader.budget.takeItems(1, at);
      const entry = readEntry(image, directory, start, at, log);
      if (!entry) continue;
      if (entry.isDirectory && directory.level + 1 < LEVELS) {
        queue.push({ offset: entry.offset, parent: entry });
      }
      yield entry;
    }
  }
}

function readDirectory(
  { reader }: PeImage,
  offset: number,
  parent: ResourceEntry | undefined,
): ResourceDirectory {
  const own = reader.sub(offset, DIRECTORY_BYTES);
  return {
    offset,
    characteristics: own.u32(0),
    timestamp: own.u32(4),
    majorVersion: own.u16(8),
    minorVersion: own.u16(10),
    namedCount: own.u16(12),
    numberedCount: own.u16(14),
    level: parent ? parent.directory.level + 1 : 0,
    parent,
  };
}

function readEntry(
  { reader }: PeImage,
  directory: ResourceDirectory,
  start: number,
  at: number,
  log: DamageLog,
): ResourceEntry | undefined {
  const stored = reader.u32(at + 4);
  const offset = stored % HIGH_BIT;
  const isDirectory = stored >= HIGH_BIT;
  if (offset === 0 || !reader.has(start + offset, DIRECTORY_BYTES)) {
    log.add("bad-resource-entry", "An entry must point into the resources", at);
    return undefined;
  }
  if (isDirectory && directory.level + 1 === LEVELS) {
    log.add("bad-resource-entry", `Directories must be at most ${LEVELS} levels deep`, at);
  }
  const storedId = reader.u32(at);
  const id = storedId < HIGH_BIT ? storedId : readId(reader, start + storedId % HIGH_BIT, at, log);
  return { directory, id, isDirectory, offset: start + offset };
}

function readId(reader: ByteReader, offset: number, at: number, log: DamageLog): string | undefined {
  const characters = reader.has(offset, 2) ? reader.u16(offset) : Infinity;
  if (characters <= MAX_RESOURCE_NAME_CHARACTERS && reader.has(offset + 2, characters * 2)) {
    return reader.utf16(offset + 2, characters * 2);
  }
  const message = `A name must be in the file, and have at most ${MAX_RESOURCE_NAME_CHARACTERS} characters`;
  log.add("bad-resource-name", message, at);
  return undefined;
}

/**
 * Reads the record to which an entry leads.
 *
 * @throws {DamageError} `truncated` if the file ends before its end
 */
export function readResourceData(image: PeImage, entry: ResourceEntry): PeResource {
  const own = image.reader.sub(entry.offset, DIRECTORY_BYTES);
  const ids = idsOf(entry);
  return {
    type: ids[0],
    id: ids[1],
    language: ids[2],
    rva: own.u32(0),
    offset: rvaToOffset(image, own.u32(0)),
    sizeBytes: own.u32(4),
    codePage: own.u32(8),
  };
}

function idsOf(entry: ResourceEntry): ResourceId[] {
  const ids: ResourceId[] = [];
  for (let own: ResourceEntry | undefined = entry; own; own = own.directory.parent) {
    ids[own.directory.level] = own.id;
  }
  return ids;
}

function rootOf({ directory }: ResourceEntry): ResourceDirectory {
  return directory.parent ? rootOf(directory.parent) : directory;
}
