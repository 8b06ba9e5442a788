/**
 * Which media types can hold content or code, and which plugins parse them.
 *
 * @module
 */

import type { FormatTable } from "../core/contract/formats.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Media types, as libmagic names them, of formats that can hold content or code, whether or not a plugin parses them. Text, images, audio
 * and video are not among them.
 */
const CONTENT_TYPES: readonly string[] = [
  // Documents
  "application/pdf",
  "application/rtf",
  "text/rtf",
  "application/msword",
  "application/vnd.ms-excel",
  "application/vnd.ms-powerpoint",
  "application/vnd.ms-outlook",
  "application/vnd.ms-tnef",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "application/vnd.oasis.opendocument.text",
  "application/vnd.oasis.opendocument.spreadsheet",
  "application/vnd.oasis.opendocument.presentation",
  "application/cdfv2",
  "application/x-ole-storage",
  "application/onenote",
  "application/postscript",
  "application/epub+zip",
  "application/encrypted",
  "application/vnd.ms-office",
  "application/vnd.oasis.opendocument.graphics",
  "application/vnd.oasis.opendocument.base",
  "application/vnd.wordperfect",
  "application/x-hwp",
  "application/x-mobipocket-ebook",
  "application/x-ms-reader",
  "application/x-msaccess",
  // Mail
  "message/rfc822",
  "application/mbox",
  "message/news",
  "application/mac-binhex40",
  // Programs
  "application/vnd.microsoft.portable-executable",
  "application/x-dosexec",
  "application/x-ms-ne-executable",
  "application/x-executable",
  "application/x-pie-executable",
  "application/x-sharedlib",
  "application/x-object",
  "application/x-mach-binary",
  "application/x-java-applet",
  "application/java-vm",
  "application/vnd.android.package-archive",
  "application/x-shockwave-flash",
  "application/wasm",
  "application/x-bytecode.python",
  // Archives and images of disks
  "application/zip",
  "application/java-archive",
  "application/x-7z-compressed",
  "application/x-rar",
  "application/vnd.rar",
  "application/gzip",
  "application/x-tar",
  "application/x-bzip2",
  "application/x-xz",
  "application/zstd",
  "application/x-lzma",
  "application/x-lz4",
  "application/x-snappy-framed",
  "application/x-compress",
  "application/vnd.ms-cab-compressed",
  "application/vnd.debian.binary-package",
  "application/x-archive",
  "application/x-rpm",
  "application/x-cpio",
  "application/x-arj",
  "application/x-lzh-compressed",
  "application/x-iso9660-image",
  "application/x-ms-wim",
  "application/x-msi",
  "application/x-ace-compressed",
  "application/vnd.ms-htmlhelp",
  "application/x-ms-shortcut",
  "application/x-qemu-disk",
  "application/x-virtualbox-vhd",
  // Recorded network traffic
  "application/vnd.tcpdump.pcap",
  "application/x-pcapng",
];

/** Makes the table: the known formats, and what the manifests say that their workers parse. */
export function formatTableOf(manifests: Iterable<Manifest>): FormatTable {
  const parsers = new Map<string, string[]>(CONTENT_TYPES.map((mediaType) => [mediaType, []]));
  for (const { name, roles, media_types: mediaTypes = [] } of manifests) {
    if (!roles.includes("worker")) continue;
    for (const mediaType of mediaTypes) {
      const names = parsers.get(mediaType);
      if (names) names.push(name);
      else parsers.set(mediaType, [name]);
    }
  }
  return {
    canHoldContent: (mediaType) => parsers.has(mediaType),
    parsersOf: (mediaType) => parsers.get(mediaType) ?? [],
  };
}
