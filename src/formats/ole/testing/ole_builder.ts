/**
 * Makes compound files for tests.
 *
 * @module
 */

import { ByteWriter } from "../../testing/byte_writer.ts";

/** A storage or a stream. */
export interface OlePlanEntry {
  readonly name: string;
  /** Of a stream. */
  readonly data?: Uint8Array;
  /** Of a storage. */
  readonly entries?: readonly OlePlanEntry[];
  readonly clsid?: Uint8Array;
  /** FILETIME. */
  readonly modified?: bigint;
}

/** What to put into a file. */
export interface OlePlan {
  readonly entries: readonly OlePlanEntry[];
  readonly majorVersion?: 3 | 4;
  /** Whether chains of streams go backwards through the file. */
  readonly isScattered?: boolean;
  /** Whether the FAT is found through the DIFAT alone. */
  readonly hasDifat?: boolean;
  /** Names of entries that are left out of the tree. */
  readonly orphans?: readonly string[];
}

const [FREE, END, FAT_SECTOR, DIFAT_SECTOR] = [0xffff_ffff, 0xffff_fffe, 0xffff_fffd, 0xffff_fffc];
const MINI_BYTES = 64;
const CUTOFF_BYTES = 4_096;

/** Sectors with the table that chains them. */
class Sectors {
  readonly parts: Uint8Array[] = [];
  readonly next: number[] = [];

  constructor(readonly sizeBytes: number, readonly isScattered: boolean) {}

  /** Adds bytes; answers the first sector of their chain. */
  add(bytes: Uint8Array, mark?: number): number {
    const count = Math.ceil(bytes.length / this.sizeBytes);
    if (count === 0) return END;
    const start = this.parts.length;
    const isBackwards = this.isScattered && mark === undefined;
    for (let i = 0; i < count; i++) {
      const part = isBackwards ? count - 1 - i : i;
      const sector = new Uint8Array(this.sizeBytes);
      sector.set(bytes.subarray(part * this.sizeBytes, (part + 1) * this.sizeBytes));
      this.parts.push(sector);
      const following = isBackwards ? start + i - 1 : start + i + 1;
      this.next.push(mark ?? (part === count - 1 ? END : following));
    }
    return isBackwards ? start + count - 1 : start;
  }
}

interface Placed extends OlePlanEntry {
  readonly index: number;
  readonly type: number;
  readonly children: readonly Placed[];
  readonly start: number;
  left: number;
  right: number;
}

/** Makes a file. */
export function buildOle(plan: OlePlan): Uint8Array<ArrayBuffer> {
  const sectorBytes = plan.majorVersion === 4 ? 4_096 : 512;
  const sectors = new Sectors(sectorBytes, plan.isScattered ?? false);
  const minis = new Sectors(MINI_BYTES, plan.isScattered ?? false);
  const all: Placed[] = [];
  const place = (entry: OlePlanEntry, type: number): Placed => {
    const index = all.length;
    all.push(undefined as unknown as Placed);
    const { data = new Uint8Array(0) } = entry;
    const start = (data.length < CUTOFF_BYTES ? minis : sectors).add(data);
    const children = (entry.entries ?? []).map((child) => place(child, child.data ? 2 : 1));
    return all[index] = { ...entry, index, type, children, start, left: FREE, right: FREE };
  };
  const root = place({ name: "Root Entry", entries: plan.entries }, 5);
  const miniStream = concat(minis.parts);
  const miniStart = sectors.add(miniStream);
  const miniFat = numbers(minis.next, sectorBytes);
  const miniFatStart = sectors.add(miniFat);
  const directory = new ByteWriter(0);
  for (const entry of all) {
    const child = link(entry.children.filter(({ name }) => !plan.orphans?.includes(name)));
    all[entry.index] = Object.assign(entry, { child });
  }
  for (const entry of all) {
    const isRoot = entry === root;
    writeEntry(
      directory,
      entry,
      isRoot ? miniStart : entry.start,
      isRoot ? miniStream.length : entry.data?.length,
    );
  }
  const directoryStart = sectors.add(directory.bytes());
  const perSector = sectorBytes / 4;
  const fatCount = Math.ceil((sectors.parts.length + 2) / (perSector - 1));
  const fatSectors = Array.from(
    { length: fatCount },
    () => sectors.add(new Uint8Array(sectorBytes), FAT_SECTOR),
  );
  const difat = plan.hasDifat
    ? sectors.add(
      numbers([...fatSectors, ...new Array(perSector - 1 - fatCount).fill(FREE), END], sectorBytes),
      DIFAT_SECTOR,
    )
    : END;
  const fat = numbers(sectors.next, fatCount * sectorBytes);
  fatSectors.forEach((sector, i) =>
    sectors.parts[sector] = fat.subarray(i * sectorBytes, (i + 1) * sectorBytes)
  );
  const header = new ByteWriter(0);
  header.raw([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Array(16).fill(0)]);
  header.numbers(2, 0x3e, plan.majorVersion ?? 3, 0xfffe, sectorBytes === 512 ? 9 : 12, 6, 0, 0, 0);
  const directoryCount = plan.majorVersion === 4 ? Math.ceil(directory.bytes().length / sectorBytes) : 0;
  header.numbers(4, directoryCount, fatCount, directoryStart, 0, CUTOFF_BYTES, miniFatStart);
  header.numbers(4, miniFat.length / sectorBytes, difat, plan.hasDifat ? 1 : 0);
  const inHeader = plan.hasDifat ? [] : fatSectors;
  header.numbers(4, ...inHeader, ...new Array(109 - inHeader.length).fill(FREE));
  header.align(sectorBytes);
  return concat([header.bytes(), ...sectors.parts]);
}

/** Links siblings to a tree; answers its top. */
function link(siblings: readonly Placed[]): number {
  if (siblings.length === 0) return FREE;
  const middle = siblings.length >> 1;
  const top = siblings[middle]!;
  top.left = link(siblings.slice(0, middle));
  top.right = link(siblings.slice(middle + 1));
  return top.index;
}

function writeEntry(directory: ByteWriter, entry: Placed, start: number, sizeBytes = 0): void {
  const name = new ByteWriter(0);
  name.numbers(2, ...Array.from({ length: entry.name.length }, (_, i) => entry.name.charCodeAt(i)), 0);
  const nameBytes = name.bytes().length;
  name.align(64);
  directory.raw(name.bytes());
  directory.numbers(2, nameBytes, entry.type | 0x100);
  directory.numbers(4, entry.left, entry.right, (entry as Placed & { child: number }).child);
  directory.raw(entry.clsid ?? new Uint8Array(16));
  directory.numbers(4, 0);
  directory.numbers(8, 0, entry.modified ?? 0);
  directory.numbers(4, entry.type === 1 ? 0 : start, sizeBytes, 0);
}

function numbers(values: readonly number[], sizeBytes: number): Uint8Array {
  const writer = new ByteWriter(0);
  writer.numbers(4, ...values);
  while (writer.here % sizeBytes !== 0) writer.numbers(4, FREE);
  return writer.bytes();
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
