/**
 * The formats that this build of 7-Zip reads, by 7-Zip's names.
 *
 * @module
 */

/**
 * Every format, as `7zz i` lists them, without those that 7-Zip opens by file extension only. `Msi` is ours: 7-Zip
 * calls Windows installers `Compound`, like any OLE document.
 */
export const FORMATS: readonly string[] = [
  ..."7z APFS APM Ar Arj bzip2 Cab Chm COFF Compound Cpio CramFS Dmg ELF Ext FAT FLV GPT gzip HFS Hxs".split(
    " ",
  ),
  ..."IHex Iso LP Lzh lzma lzma86 MachO MBR Msi MsLZ Mub Nsis NTFS PE Ppmd QCOW Rar Rar5 Rpm Sparse".split(
    " ",
  ),
  ..."SquashFS SWF SWFc tar TE Udf UEFIc UEFIf VDI VHD VHDX VMDK wim Xar xz Z zip zstd".split(" "),
];

/**
 * Formats left alone unless asked for: programs and objects, whose sections are no files, media whose parts
 * are none either, and OLE documents.
 */
export const DEFAULT_EXCLUDED_FORMATS: readonly string[] = [
  ..."COFF Compound ELF FLV MachO PE SWF SWFc TE".split(" "),
];

/** Which formats to try. */
export interface FormatChoice {
  /** Only these; absent means all. */
  readonly formats?: readonly string[] | undefined;
  /** All but these; absent means {@linkcode DEFAULT_EXCLUDED_FORMATS}, or none when `formats` is given. */
  readonly excludedFormats?: readonly string[] | undefined;
}

/**
 * The formats not to try, in 7-Zip's spelling.
 *
 * @throws {RangeError} when a name is none of {@linkcode FORMATS}, whatever its case
 */
export function excludedBy(choice: FormatChoice): Set<string> {
  const only = choice.formats?.map(canonicalFormat);
  const fallback = only === undefined ? DEFAULT_EXCLUDED_FORMATS : [];
  const excluded = new Set((choice.excludedFormats ?? fallback).map(canonicalFormat));
  if (only !== undefined) {
    for (const format of FORMATS) if (!only.includes(format)) excluded.add(format);
  }
  return excluded;
}

function canonicalFormat(name: string): string {
  const found = FORMATS.find((format) => format.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new RangeError(`Cannot choose format "${name}": it should be one of ${FORMATS.join(", ")}`);
}

/**
 * The format whose reader threw, from the mangled name of the C++ type: `N8NArchive3N7z19CInArchiveExceptionE`
 * is `NArchive::N7z::CInArchiveException`, so `7z`.
 */
export function formatOfException(typeName: string): string | undefined {
  const namespace = /^N8NArchive(\d+)/.exec(typeName);
  if (namespace === null) return undefined;
  const start = namespace[0].length;
  const name = typeName.slice(start + 1, start + Number(namespace[1])).toLowerCase();
  return FORMATS.find((format) => format.toLowerCase() === name);
}

const SIGNATURES: readonly (readonly [format: string, offset: number, bytes: string])[] = [
  ["7z", 0, "7z\xbc\xaf\x27\x1c"],
  ["zip", 0, "PK\x03\x04"],
  ["Rar5", 0, "Rar!\x1a\x07\x01\x00"],
  ["Rar", 0, "Rar!\x1a\x07\x00"],
  ["gzip", 0, "\x1f\x8b\x08"],
  ["bzip2", 0, "BZh"],
  ["xz", 0, "\xfd7zXZ\x00"],
  ["Cab", 0, "MSCF\0\0\0\0"],
  ["zstd", 0, "\x28\xb5\x2f\xfd"],
  ["Ar", 0, "!<arch>\n"],
  ["Rpm", 0, "\xed\xab\xee\xdb"],
  ["wim", 0, "MSWIM\0\0\0"],
  ["Xar", 0, "xar!\0"],
  ["tar", 257, "ustar"],
  ["Iso", 32769, "CD001"],
];

/** The format whose signature stands where it should, for bytes that 7-Zip would not open. */
export function formatOfSignature(content: Uint8Array): string | undefined {
  return SIGNATURES.find(([, offset, bytes]) =>
    Array.from(bytes).every((char, index) => content[offset + index] === char.charCodeAt(0))
  )?.[0];
}
