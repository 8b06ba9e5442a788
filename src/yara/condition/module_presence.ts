/**
 * Whether a module of YARA-X certainly finds nothing to speak of, seen from the first bytes. In doubt it finds something.
 *
 * @module
 */

/** Bytes of a DOS header; shorter files are no PE. */
const DOS_HEADER_BYTES = 64;
/** Bytes of the signature and the file header. */
const PE_HEADER_BYTES = 24;
/** Offset of the offset of the PE header. */
const E_LFANEW = 0x3c;

/** Whether the module's members are all absent for this content. */
export function moduleIsAbsent(module: string, content: Uint8Array): boolean {
  switch (module) {
    case "pe":
      return isNoPe(content);
    case "elf":
      return !startsWith(content, 0, [0x7f, 0x45, 0x4c, 0x46]);
    default:
      return false;
  }
}

/** YARA-X wants `MZ`, a complete DOS header, and where it points to a complete file header that begins with `PE\0\0`. */
function isNoPe(content: Uint8Array): boolean {
  if (content.length < DOS_HEADER_BYTES || !startsWith(content, 0, [0x4d, 0x5a])) return true;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const headerAt = view.getUint32(E_LFANEW, true);
  return headerAt + PE_HEADER_BYTES > content.length || !startsWith(content, headerAt, [0x50, 0x45, 0, 0]);
}

function startsWith(content: Uint8Array, offset: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => content[offset + i] === byte);
}
