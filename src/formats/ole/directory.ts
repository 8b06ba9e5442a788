/**
 * The directory of a compound file: storages and streams, like folders and files.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { fileTime } from "../times/mod.ts";
import type { OleHeader } from "./header.ts";

/** Deepest storage that is read; what is deeper counts as orphaned. */
export const MAX_STORAGE_DEPTH = 256;

const ENTRY_BYTES = 128;
const MAX_NAME_BYTES = 64;
const NO_ENTRY = 0xffff_ffff;
const NO_CLSID = "{00000000-0000-0000-0000-000000000000}";
const TYPES = ["empty", "storage", "stream", "lock-bytes", "property", "root"] as const;

/** An entry of the directory. */
export interface OleEntry {
  /** Number of the entry. */
  readonly index: number;
  /** Offset of the entry in the file. */
  readonly offset: number;
  /** Without path; may hold control characters, as in `\x05SummaryInformation`. */
  readonly name: string;
  readonly type: "root" | "storage" | "stream" | "unknown";
  /** Such as `{00020906-0000-0000-C000-000000000046}`; undefined if it is zero. */
  readonly clsid: string | undefined;
  readonly stateBits: number;
  /** ISO 8601, UTC; undefined if it is no time. */
  readonly created: string | undefined;
  readonly modified: string | undefined;
  readonly startSector: number;
  /** Size of the stream as declared, in bytes; of the root that of the mini stream. */
  readonly sizeBytes: number;
  /** Whether the stream is in the mini stream, because it is small. */
  readonly isMini: boolean;
  /** The storage that holds it; undefined for the root and for orphans. */
  readonly parent: OleEntry | undefined;
  /** Whether no storage leads to it. */
  readonly isOrphan: boolean;
}

/** An entry with its links. */
interface StoredEntry extends Omit<OleEntry, "parent" | "isOrphan"> {
  readonly left: number;
  readonly right: number;
  readonly child: number;
}

/** The directory in the order of its tree, and what no storage leads to. */
export interface OleDirectory {
  readonly root: OleEntry | undefined;
  readonly entries: readonly OleEntry[];
}

/** Reads the directory. Damage: `bad-directory-entry`, `bad-directory-link`, `directory-cycle`, `storage-too-deep`. */
export function readDirectory(
  file: ByteReader,
  header: OleHeader,
  sectorOffsets: readonly number[],
  log: DamageLog,
): OleDirectory {
  const stored = new Map<number, StoredEntry>();
  log.attempt(() => {
    const perSector = header.sectorBytes / ENTRY_BYTES;
    for (const [i, offset] of sectorOffsets.entries()) {
      for (let k = 0; k < perSector; k++) {
        const index = i * perSector + k;
        const entry = readEntry(file.sub(offset + k * ENTRY_BYTES, ENTRY_BYTES), index, header, log);
        if (entry) stored.set(index, entry);
      }
    }
  });
  const first = stored.get(0);
  if (first?.type !== "root") log.add("bad-directory-entry", "The first entry must be the root", 0);
  const root = first && { ...publicEntry(first), type: "root" as const, parent: undefined, isOrphan: false };
  const entries: OleEntry[] = [];
  const seen = new Set([0]);
  if (root) log.attempt(() => walk(file, stored, root, first.child, seen, entries, log));
  for (const [index, entry] of stored) {
    if (!seen.has(index)) entries.push({ ...publicEntry(entry), parent: undefined, isOrphan: true });
  }
  return { root, entries };
}

function readEntry(
  own: ByteReader,
  index: number,
  { majorVersion, miniCutoffBytes }: OleHeader,
  log: DamageLog,
): StoredEntry | undefined {
  const type = TYPES[own.u8(66)];
  if (type === "empty") return undefined;
  own.budget.takeItems(1, own.baseOffset);
  const nameBytes = own.u16(64);
  if (nameBytes > MAX_NAME_BYTES || nameBytes % 2 !== 0) {
    const message = `The name of an entry must have at most ${MAX_NAME_BYTES} bytes, got ${nameBytes}`;
    log.add("bad-directory-entry", message, own.baseOffset);
  }
  const isKnown = type === "root" || type === "storage" || type === "stream";
  if (!isKnown) {
    log.add(
      "bad-directory-entry",
      `The type of an entry must be 0, 1, 2 or 5, got ${own.u8(66)}`,
      own.baseOffset,
    );
  }
  const clsid = own.guid(80);
  // Version 3 leaves the upper half undefined.
  const sizeBytes = own.u32(120) + (majorVersion === 4 ? own.u32(124) * 2 ** 32 : 0);
  return {
    index,
    offset: own.baseOffset,
    name: own.utf16(0, Math.max(0, Math.min(nameBytes, MAX_NAME_BYTES) - 2) & ~1),
    type: isKnown ? type : "unknown",
    clsid: clsid === NO_CLSID ? undefined : clsid,
    stateBits: own.u32(96),
    created: fileTime(own.u64(100)),
    modified: fileTime(own.u64(108)),
    startSector: own.u32(116),
    sizeBytes,
    isMini: type !== "root" && sizeBytes < miniCutoffBytes,
    left: own.u32(68),
    right: own.u32(72),
    child: own.u32(76),
  };
}

/** A step of the walk: an entry whose left siblings have been visited, or a subtree. */
interface Step {
  readonly id: number;
  readonly parent: OleEntry;
  readonly depth: number;
  readonly isReady: boolean;
}

/** Visits siblings from left to right, and what a storage holds right behind it. The stack is ours: trees may be deep. */
function walk(
  file: ByteReader,
  stored: ReadonlyMap<number, StoredEntry>,
  root: OleEntry,
  child: number,
  seen: Set<number>,
  entries: OleEntry[],
  log: DamageLog,
): void {
  const stack: Step[] = [{ id: child, parent: root, depth: 1, isReady: false }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { id, parent, depth, isReady } = step;
    if (id === NO_ENTRY) continue;
    const entry = stored.get(id);
    if (!entry) {
      log.add("bad-directory-link", `An entry must lead to another, got ${id}`, parent.offset);
    } else if (isReady) {
      const own = { ...publicEntry(entry), parent, isOrphan: false };
      entries.push(own);
      if (entry.type !== "storage") continue;
      if (depth < MAX_STORAGE_DEPTH) {
        stack.push({ id: entry.child, parent: own, depth: depth + 1, isReady: false });
      } else if (entry.child !== NO_ENTRY) {
        log.addLimit("storage-too-deep", `Storages are read ${MAX_STORAGE_DEPTH} levels deep`, entry.offset);
      }
    } else if (seen.has(id)) {
      log.add("directory-cycle", `Entry ${id} must be in the tree once`, entry.offset);
    } else {
      seen.add(id);
      const { left, right } = entry;
      stack.push({ ...step, id: right }, { ...step, isReady: true }, { ...step, id: left });
      file.budget.takeItems(1, entry.offset);
    }
  }
}

function publicEntry({ left: _left, right: _right, child: _child, ...entry }: StoredEntry): StoredPublic {
  return entry;
}

type StoredPublic = Omit<StoredEntry, "left" | "right" | "child">;

/** Returns the names from the root down to an entry, the root's own left out. */
export function pathOf(entry: OleEntry): string[] {
  const names: string[] = [];
  for (let own: OleEntry | undefined = entry; own && own.type !== "root"; own = own.parent) {
    names.unshift(own.name);
  }
  return names;
}
