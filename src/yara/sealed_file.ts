/**
 * A file of sections under one digest: how a compiled rule set lies on the disk.
 *
 * Layout, numbers in little endian: 8 bytes of magic, version (32 bits), 4 bytes of zero, SHA-256 of the table; the table:
 * number of sections and 4 bytes of zero, then of each section offset and length (32 bits each) and SHA-256; the sections,
 * each at a multiple of 8, with zeros between them. Each section has its own digest, so that sections need not be joined,
 * and digests are computed in parallel.
 *
 * @module
 */

/** Format of the file and of what is in it; another one is not read. */
export const SEALED_FILE_VERSION = 2;
/** Most sections of a file. */
export const MAX_SECTIONS = 64;

const MAGIC = new TextEncoder().encode("stoQyara");
const DIGEST_AT = MAGIC.length + 8;
const DIGEST_BYTES = 32;
const COUNT_AT = DIGEST_AT + DIGEST_BYTES;
const TABLE_AT = COUNT_AT + 8;
const ENTRY_BYTES = 8 + DIGEST_BYTES;
const ALIGNMENT = 8;

/** The sections of a file, or a phrase that says why it can't be trusted. */
export type Unsealed = { readonly sections: readonly Uint8Array<ArrayBuffer>[] } | {
  readonly damage: string;
};

/** The parts of a file with these sections, to be written one behind the other. */
export async function sealSections(sections: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const digests = await Promise.all(sections.map(digestOf));
  const head = new Uint8Array(aligned(TABLE_AT + sections.length * ENTRY_BYTES));
  const view = new DataView(head.buffer);
  head.set(MAGIC);
  view.setUint32(MAGIC.length, SEALED_FILE_VERSION, true);
  view.setUint32(COUNT_AT, sections.length, true);
  const parts: Uint8Array[] = [head];
  let end = head.length;
  for (const [index, section] of sections.entries()) {
    const entry = TABLE_AT + index * ENTRY_BYTES;
    view.setUint32(entry, end, true);
    view.setUint32(entry + 4, section.length, true);
    head.set(digests[index]!, entry + 8);
    const padding = aligned(section.length) - section.length;
    parts.push(section, new Uint8Array(padding));
    end += section.length + padding;
  }
  head.set(await digestOf(head.subarray(COUNT_AT)), DIGEST_AT);
  return parts;
}

/** Takes the sections out of a file; they are views of it. What is not exactly as it was sealed is damage. */
export async function unsealSections(file: Uint8Array<ArrayBuffer>): Promise<Unsealed> {
  if (file.length < TABLE_AT || MAGIC.some((byte, at) => file[at] !== byte)) {
    return { damage: "it is no such file" };
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint32(MAGIC.length, true);
  if (version !== SEALED_FILE_VERSION) {
    return { damage: `its version is ${version}, should be ${SEALED_FILE_VERSION}` };
  }
  const count = view.getUint32(COUNT_AT, true);
  const headBytes = aligned(TABLE_AT + count * ENTRY_BYTES);
  if (count > MAX_SECTIONS || headBytes > file.length) return { damage: `it names ${count} sections` };
  const digest = await digestOf(file.subarray(COUNT_AT, headBytes));
  if (!isEqual(digest, file.subarray(DIGEST_AT, COUNT_AT))) {
    return { damage: "its digest does not fit its table" };
  }
  return await sectionsOf(file, view, count, headBytes);
}

async function sectionsOf(
  file: Uint8Array<ArrayBuffer>,
  view: DataView,
  count: number,
  headBytes: number,
): Promise<Unsealed> {
  const sections: Uint8Array<ArrayBuffer>[] = [];
  let end = headBytes;
  for (let index = 0; index < count; index++) {
    const entry = TABLE_AT + index * ENTRY_BYTES;
    const at = view.getUint32(entry, true);
    const length = view.getUint32(entry + 4, true);
    const padded = at + aligned(length);
    if (at !== end || padded > file.length || file.subarray(at + length, padded).some((byte) => byte !== 0)) {
      return { damage: `its section ${index} lies elsewhere` };
    }
    sections.push(file.subarray(at, at + length));
    end = padded;
  }
  if (end !== file.length) return { damage: "it is longer than its sections" };
  const digests = await Promise.all(sections.map(digestOf));
  const damaged = digests.findIndex((digest, index) => {
    const entry = TABLE_AT + index * ENTRY_BYTES + 8;
    return !isEqual(digest, file.subarray(entry, entry + DIGEST_BYTES));
  });
  return damaged < 0 ? { sections } : { damage: `the digest of its section ${damaged} does not fit` };
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, at) => byte === b[at]);
}

async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}
