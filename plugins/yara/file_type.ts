/**
 * The value of the external variable `filetype`: the words that Loki and THOR use, which rules compare with.
 *
 * @module
 */

/** Leading bytes, as characters of one byte, and their word; the first that fits counts. */
const BY_HEAD: readonly (readonly [head: string, word: string])[] = [
  ["MZ", "EXE"],
  ["\x7fELF", "ELF"],
  ["\xfe\xed\xfa\xce", "MACH-O"],
  ["\xfe\xed\xfa\xcf", "MACH-O"],
  ["\xce\xfa\xed\xfe", "MACH-O"],
  ["\xcf\xfa\xed\xfe", "MACH-O"],
  ["%PDF", "PDF"],
  ["{\\rt", "RTF"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"],
  ["PK\x03\x04\x14\x00\x06\x00", "Office"],
  ["PK\x03\x04", "ZIP"],
  ["Rar!\x1a\x07", "RAR"],
  ["7z\xbc\xaf\x27\x1c", "7Zip"],
  ["\x1f\x8b\x08", "GZIP"],
  ["BZh", "BZip2"],
  ["MSCF", "CAB"],
  ["GIF8", "GIF"],
  ["\xff\xd8\xff", "JPEG"],
  ["CWS", "SWF"],
  ["FWS", "SWF"],
  ["ZWS", "SWF"],
  ["L\x00\x00\x00\x01\x14\x02\x00", "LNK"],
  ["\xca\xfe\xba\xbe", "Class"],
  ["MDMP", "MDMP"],
  ["regf", "Registry Hive"],
  ["ElfFile", "EVTX"],
  ["<?php", "PHP"],
  ["<?xml", "XML"],
  ["#!/", "UNIX SCRIPT"],
];

/** Types that only libmagic can distinguish. */
const BY_MEDIA_TYPE: Readonly<Record<string, string>> = {
  "application/java-archive": "JAR",
  "application/x-tar": "TAR",
  "application/x-mach-binary": "MACH-O",
  "application/x-dosexec": "EXE",
  "text/rtf": "RTF",
  "text/x-msdos-batch": "BATCH",
  "text/x-php": "PHP",
  "text/x-python": "Python",
  "text/x-script.python": "Python",
  "text/xml": "XML",
};

/** The word for a payload, from its first bytes or else from the media type that the mimetype plugin found. */
export function fileType(content: Uint8Array, mediaType: string | undefined): string | undefined {
  const head = BY_HEAD.find(([bytes]) => startsWith(content, bytes));
  if (head) return head[1];
  return mediaType !== undefined && Object.hasOwn(BY_MEDIA_TYPE, mediaType)
    ? BY_MEDIA_TYPE[mediaType]
    : undefined;
}

function startsWith(content: Uint8Array, bytes: string): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (content[i] !== bytes.charCodeAt(i)) return false;
  }
  return true;
}
