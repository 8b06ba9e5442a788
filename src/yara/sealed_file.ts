/**
 * A file of sections under one digest: how a compiled rule set lies on the disk.
 *
 * Layout, numbers in little endian: 8 bytes of magic, version (32 bits), 4 bytes of zero, SHA-256 of all that follows,
 * number of sections and 4 bytes of zero, offset and length of each section (32 bits each), the sections, each at a
 * multiple of 8.
 *
 * @module
 */

/** Format of the file and of what is in it; another one is not read. */
export const SEALED_FILE_VERSION = 1;
/** Most sections of a file. */
export const MAX_SECTIONS = 64;

const MAGIC = new TextEncoder().encode("stoQyara");
const DIGEST_AT = MAGIC.length + 8;
const DIGEST_BYTES = 32;
const COUNT_AT = DIGEST_AT + DIGEST_BYTES;
const TABLE_AT = COUNT_AT + 8;
const ENTRY_BYTES = 8;
const ALIGNMENT = 8;

/** The sections of a file, or a phrase that says why it can't be trusted. */
export type Unsealed = { readonly sections: readonly Uint8Array<ArrayBuffer>[] } | {
  readonly damage: string;
};

/** Puts sections into a file. */
export async function sealSections(sections: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  let end = TABLE_AT + sections.length * ENTRY_BYTES;
  const places = sections.map((section) => {
    const at = aligned(end);
    end = at + section.length;
    return at;
  });
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  view.setUint32(MAGIC.length, SEALED_FILE_VERSION, true);
  view.setUint32(COUNT_AT, sections.length, true);
  for (const [index, section] of sections.entries()) {
    view.setUint32(TABLE_AT + index * ENTRY_BYTES, places[index]!, true);
    view.setUint32(TABLE_AT + index * ENTRY_BYTES + 4, section.length, true);
    file.set(section, places[index]!);
  }
  file.set(await digestOf(file), DIGEST_AT);
  return file;
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
  const expected = file.subarray(DIGEST_AT, COUNT_AT);
  const digest = await digestOf(file);
  if (expected.some((byte, at) => byte !== digest[at])) {
    return { damage: "its digest does not fit its content" };
  }
  return sectionsOf(file, view);
}

function sectionsOf(file: Uint8Array<ArrayBuffer>, view: DataView): Unsealed {
  const count = view.getUint32(COUNT_AT, true);
  if (count > MAX_SECTIONS || TABLE_AT + count * ENTRY_BYTES > file.length) {
    return { damage: `it names ${count} sections` };
  }
  const sections: Uint8Array<ArrayBuffer>[] = [];
  for (let index = 0; index < count; index++) {
    const at = view.getUint32(TABLE_AT + index * ENTRY_BYTES, true);
    const length = view.getUint32(TABLE_AT + index * ENTRY_BYTES + 4, true);
    if (at % ALIGNMENT !== 0 || at + length > file.length) {
      return { damage: `its section ${index} lies outside` };
    }
    sections.push(file.subarray(at, at + length));
  }
  return { sections };
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

async function digestOf(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", file.subarray(COUNT_AT)));
}
