/**
 * Makes a zip that was cut off readable for this build of 7-Zip.
 *
 * 7-Zip's zip reader ends by an exception when the file ends early, and this build can't catch it. When the last
 * entry claims no more than there is and something follows it, 7-Zip reports the damage instead, and unpacks
 * what is there.
 *
 * Format: APPNOTE.TXT of PKWARE, 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 and 4.3.16 (directory).
 *
 * @module
 */

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const DESCRIPTOR = 0x08074b50;
const DESCRIPTOR_BYTES = 16;
const HAS_DESCRIPTOR = 0x0008;
const STORED = 0;
/** "Unknown", but no sign of zip64. */
const UNKNOWN_SIZE = 0xfffffffe;
/** Longer than any record that 7-Zip looks for. */
const ZERO_BYTES = 1024;

interface Entry {
  readonly at: number;
  readonly dataStart: number;
  readonly hasDescriptor: boolean;
}

/** A copy that ends properly, for a zip in which something is missing at the end. */
export function repairCutZip(content: Uint8Array): Uint8Array {
  const cut = cutEntry(content);
  const added = cut?.hasDescriptor ? endOfEntry(content, cut) : new Uint8Array(0);
  const repaired = new Uint8Array(content.length + added.length + ZERO_BYTES);
  repaired.set(content);
  repaired.set(added, content.length);
  if (cut === undefined || cut.hasDescriptor) return repaired;
  const view = new DataView(repaired.buffer);
  const packedBytes = content.length - cut.dataStart;
  view.setUint32(cut.at + 18, packedBytes, true);
  if (view.getUint16(cut.at + 8, true) === STORED) view.setUint32(cut.at + 22, packedBytes, true);
  return repaired;
}

// Goes from header to header, because data may hold what looks like one.
function cutEntry(content: Uint8Array): Entry | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let at = find(content, view, LOCAL_HEADER, 0);
  while (at !== undefined && at + LOCAL_HEADER_BYTES <= content.length) {
    if (view.getUint32(at, true) !== LOCAL_HEADER) return undefined;
    const dataStart = at + LOCAL_HEADER_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const packedBytes = view.getUint32(at + 18, true);
    const hasDescriptor = (view.getUint16(at + 6, true) & HAS_DESCRIPTOR) !== 0 && packedBytes === 0;
    const end = hasDescriptor ? endByDescriptor(content, view, dataStart) : dataStart + packedBytes;
    if (end === undefined || end > content.length) {
      return dataStart > content.length ? undefined : { at, dataStart, hasDescriptor };
    }
    at = end;
  }
  return undefined;
}

function endByDescriptor(content: Uint8Array, view: DataView, dataStart: number): number | undefined {
  let at = find(content, view, DESCRIPTOR, dataStart);
  while (at !== undefined && at + DESCRIPTOR_BYTES <= content.length) {
    if (view.getUint32(at + 8, true) === at - dataStart) return at + DESCRIPTOR_BYTES;
    at = find(content, view, DESCRIPTOR, at + 1);
  }
  return undefined;
}

function find(content: Uint8Array, view: DataView, signature: number, from: number): number | undefined {
  for (let at = content.indexOf(0x50, from); at >= 0 && at + 4 <= content.length;) {
    if (view.getUint32(at, true) === signature) return at;
    at = content.indexOf(0x50, at + 1);
  }
  return undefined;
}

// The descriptor that is missing, and a directory that has this entry alone.
function endOfEntry(content: Uint8Array, { at, dataStart }: Entry): Uint8Array {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const nameBytes = view.getUint16(at + 26, true);
  const nameStart = at + LOCAL_HEADER_BYTES;
  const crcAndSizes: Field[] = [[4, 0], [4, content.length - dataStart], [4, UNKNOWN_SIZE]];
  const common = [4, 6, 8, 10, 12].map((offset): Field => [2, view.getUint16(at + offset, true)]);
  const unused: Field[] = [[2, 0], [2, 0], [2, 0], [2, 0], [4, 0]]; // extra field, comment, disk, attributes
  const descriptor = littleEndian([[4, DESCRIPTOR], ...crcAndSizes]);
  const directory = littleEndian([
    [4, 0x02014b50],
    [2, view.getUint16(at + 4, true)],
    ...common,
    ...crcAndSizes,
    [2, nameBytes],
    ...unused,
    [4, at],
  ]);
  const start = content.length + descriptor.length;
  const end = littleEndian([
    [4, 0x06054b50],
    ...[[2, 0], [2, 0], [2, 1], [2, 1]] as Field[], // disks, entries
    [4, directory.length + nameBytes],
    [4, start],
    [2, 0],
  ]);
  const name = content.subarray(nameStart, nameStart + nameBytes);
  return Uint8Array.from([...descriptor, ...directory, ...name, ...end]);
}

type Field = readonly [width: number, value: number];

function littleEndian(fields: readonly Field[]): number[] {
  return fields.flatMap(([width, value]) =>
    Array.from({ length: width }, (_, index) => Math.floor(value / 2 ** (8 * index)) & 0xff)
  );
}
