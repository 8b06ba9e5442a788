/**
 * Samples for the rules of `rules/dispatcher.yar` about archives, compressed streams and disks, with the pieces of
 * which other samples are made.
 *
 * @module
 */

import { hex, hit, join, layout, le, miss, patch, type Sample } from "./sample.ts";

const ZIP_ENTRY = join(hex("504b0304"), new Uint8Array(26));
const ZIP_CENTRAL = join(hex("504b0102"), new Uint8Array(42));
/** End record of a directory of `size` bytes. */
export const zipEnd = (size: number) =>
  layout(22, { 0: hex("504b0506"), 8: le(1, 2), 10: le(1, 2), 12: le(size, 4) });
/** A zip from its only entry to its end. */
export const TAIL_OF_ZIP = join(ZIP_ENTRY, "a", ZIP_CENTRAL, "a", zipEnd(47));
/** A whole zip whose only entry is called `name`. */
export const zipWith = (name: string) =>
  join(ZIP_ENTRY, name, ZIP_CENTRAL, name, "[Content_Types].xml", zipEnd(46 + name.length + 19));
const TAR_V7 = layout(512, {
  0: "notes.txt",
  100: "0000644\x000001750\x000001750\x0000000000014\x0014371573221\x00006453\x00 0",
});
/** Numbers of the first tar: blanks before, a blank and a NUL behind. */
const TAR_V7_BLANKS = layout(512, {
  0: "notes.txt",
  100: "   644 \x00  1750 \x00  1750 \x00         14  4371573221   6453\x00 0",
});
const CPIO_NEWC = "07070100000f3a000081a4000003e8000003e800000001";
const CPIO_BINARY = layout(64, { 0: hex("c771"), 6: le(0x81A4, 2), 20: le(6, 2), 26: "a.txt\0" });
const INTEL_HEX = ":10010000214601360121470136007EFE09D2190140\n:00000001FF\n";
const FAT = layout(512, {
  0: hex("eb3c90"),
  11: le(512, 2),
  13: hex("04"),
  14: le(1, 2),
  16: hex("02"),
  21: hex("f8"),
  510: hex("55aa"),
});
const MBR = layout(4096, { 446: hex("80"), 450: hex("0c"), 454: le(2, 4), 458: le(4, 4), 510: hex("55aa") });
const EXT = layout(2048, { 0x400: le(16, 4), 0x404: le(64, 4), 0x438: hex("53ef"), 0x43A: le(1, 2) });
/** A cabinet: a header that adds up. */
export const CAB = layout(64, { 0: "MSCF", 8: le(64, 4), 16: le(44, 4), 24: hex("0301"), 26: le(1, 2) });
/** A 7z: a header that adds up. */
export const SEVEN_ZIP = layout(64, { 0: hex("377abcaf271c0004"), 12: le(8, 8), 20: le(24, 8) });
/** RAR 4 up to its main header. */
export const RAR4 = join(hex("526172211a0700"), hex("cf90 73 0000 0d00"), new Uint8Array(16));
/** RAR 5 up to its main header. */
export const RAR5 = join(hex("526172211a070100"), hex("3392b5e5 0a 01 05 06"), new Uint8Array(16));

const ARCHIVES: readonly Sample[] = [
  hit("archive_zip", "zip", layout(64, { 0: "PK\x03\x04" }), "0-3"),
  hit("archive_zip", "empty zip", zipEnd(0), "0-3"),
  hit("archive_zip", "zip64 end record first", layout(64, { 0: "PK\x06\x06" }), "0-3"),
  hit("archive_zip", "spanned zip", layout(64, { 0: "PK\x07\x08PK\x03\x04" }), "0-5"),
  hit("archive_zip", "zip of one span", layout(64, { 0: "PK00PK\x03\x04" }), "0-5"),
  miss("archive_zip", "zip directory without entries", layout(64, { 0: "PK\x01\x02" })),
  miss("archive_zip", "zip one byte in", layout(64, { 1: "PK\x03\x04" })),
  hit("archive_7z", "7z", layout(32, { 0: hex("377abcaf271c") }), "0-5"),
  miss("archive_7z", "7z with another last byte", layout(32, { 0: hex("377abcaf271d") })),
  hit("archive_rar", "RAR 4", RAR4, "0-6"),
  hit("archive_rar", "RAR 5", RAR5, "0-7"),
  miss("archive_rar", "RAR of a version to come", patch(RAR4, { 6: hex("02") })),
  miss("archive_rar", "RAR 5 with a broken mark", patch(RAR5, { 7: hex("01") })),
  hit("archive_cab", "cabinet", CAB, "0-7 12-15 25"),
  miss("archive_cab", "cabinet with a reserved field", patch(CAB, { 4: hex("01") })),
  miss("archive_cab", "cabinet of version 2", patch(CAB, { 25: hex("02") })),
  hit("archive_tar", "POSIX tar", layout(512, { 0: "notes.txt", 257: "ustar" }), "257-261"),
  miss("archive_tar", "tar mark one byte early", layout(512, { 0: "notes.txt", 256: "ustar" })),
  hit("archive_tar_v7", "old tar", TAR_V7, "100-105 107 115 123-135 136-153"),
  miss("archive_tar_v7", "old tar with a decimal checksum", patch(TAR_V7, { 150: "9" })),
  miss("archive_tar_v7", "old tar without a name", patch(TAR_V7, { 0: "\0" })),
  miss("archive_tar_v7", "old tar with an open size field", patch(TAR_V7, { 135: "1" })),
  hit("archive_tar_v7", "old tar with blanks", TAR_V7_BLANKS),
  miss("archive_tar_v7", "old tar header with a new mark", patch(TAR_V7, { 257: "ustar" }), "archive_tar"),
  miss("archive_tar_v7", "blanks and zeros", join("a".padEnd(160), new Uint8Array(400))),
  miss("archive_tar_v7", "old tar cut short", TAR_V7.slice(0, 500)),
  hit("archive_cpio", "cpio, new ASCII", CPIO_NEWC, "0-17"),
  hit("archive_cpio", "cpio, old ASCII", CPIO_NEWC.replace("070701", "070707"), "5"),
  hit("archive_cpio", "cpio, binary", CPIO_BINARY, "0-1"),
  miss("archive_cpio", "cpio of an unknown kind", CPIO_NEWC.replace("070701", "070703")),
  miss("archive_cpio", "text that begins with cpio's number", "070701 is the number of a part in this list"),
  miss("archive_cpio", "binary cpio with an open name", patch(CPIO_BINARY, { 31: "x" })),
  hit("archive_cpio", "cpio with checksums", CPIO_NEWC.replace("070701", "070702")),
  miss("archive_cpio", "cpio with a letter too far", CPIO_NEWC.replace("3a", "3g")),
  miss("archive_cpio", "cpio with a colon", CPIO_NEWC.replace("3a", "3:")),
  miss("archive_cpio", "cpio with a slash", CPIO_NEWC.replace("3a", "3/")),
  miss("archive_cpio", "binary cpio without a file type", patch(CPIO_BINARY, { 6: le(0x01A4, 2) })),
  miss("archive_cpio", "binary cpio with an empty name", patch(CPIO_BINARY, { 20: le(1, 2), 26: "\0" })),
  miss("archive_cpio", "binary cpio with a huge name", layout(2048, { 0: CPIO_BINARY, 20: le(1025, 2) })),
  hit("archive_ar", "ar", layout(100, { 0: "!<arch>\n" }), "0-7"),
  miss("archive_ar", "ar without members", layout(8, { 0: "!<arch>\n" })),
  miss("archive_ar", "thin ar", layout(100, { 0: "!<thin>\n" })),
  hit("archive_rpm", "RPM", layout(96, { 0: hex("edabeedb 0300 0000") }), "0-4 6"),
  miss("archive_rpm", "RPM of an unknown type", layout(96, { 0: hex("edabeedb 0300 0002") })),
  hit("archive_arj", "ARJ", layout(64, { 0: hex("60ea 2a00 1e"), 10: hex("02") }), "0-1 10"),
  miss(
    "archive_arj",
    "ARJ that begins with a file header",
    layout(64, { 0: hex("60ea 2a00 1e"), 10: hex("00") }),
  ),
  miss("archive_arj", "ARJ with a huge header", layout(64, { 0: hex("60ea 290a 1e"), 10: hex("02") })),
  miss("archive_arj", "ARJ with a tiny header", layout(64, { 0: hex("60ea 1d00 1e"), 10: hex("02") })),
  miss("archive_arj", "ARJ with a tiny first header", layout(64, { 0: hex("60ea 2a00 1d"), 10: hex("02") })),
  hit("archive_lzh", "LHA", layout(64, { 2: "-lh5-", 20: hex("02") }), "2-4 6"),
  miss("archive_lzh", "LHA method without its hyphen", layout(64, { 2: "-lh5+", 20: hex("02") })),
  miss("archive_lzh", "LHA header of level 4", layout(64, { 2: "-lh5-", 20: hex("04") })),
  hit("archive_wim", "WIM", layout(208, { 0: "MSWIM\0\0\0" }), "0-7"),
  miss("archive_wim", "WIM mark as text", layout(208, { 0: "MSWIM   " })),
  hit("archive_xar", "xar", layout(64, { 0: hex("78617221 001c 0001") }), "0-4 6"),
  miss("archive_xar", "xar with a short header", layout(64, { 0: hex("78617221 001b 0001") })),
  hit("compressed_gzip", "gzip", layout(32, { 0: hex("1f8b0800") }), "0-3"),
  miss("compressed_gzip", "gzip of an unknown method", layout(32, { 0: hex("1f8b0700") })),
  miss("compressed_gzip", "gzip with a reserved flag", layout(32, { 0: hex("1f8b0820") })),
  hit("compressed_bzip2", "bzip2", "BZh91AY&SY\0\0\0\0", "0-7"),
  hit("compressed_bzip2", "bzip2 of nothing", join("BZh1", hex("177245385090")), "0-7"),
  miss("compressed_bzip2", "bzip2 of level 0", "BZh01AY&SY\0\0\0\0"),
  miss("compressed_bzip2", "bzip2 of level 10", "BZh:1AY&SY\0\0\0\0"),
  miss("compressed_bzip2", "bzip2 mark without a block", "BZh9 is not enough"),
  hit("compressed_xz", "xz", layout(32, { 0: hex("fd377a585a00") }), "0-5"),
  miss("compressed_xz", "xz with another last byte", layout(32, { 0: hex("fd377a585a01") })),
  hit("compressed_zstd", "Zstandard", layout(32, { 0: hex("28b52ffd") }), "0-3"),
  miss("compressed_zstd", "Zstandard 0.7", layout(32, { 0: hex("27b52ffd") })),
  hit("compressed_z", "compress, 16 bits", layout(32, { 0: hex("1f9d90") }), "0-1"),
  miss("compressed_z", "compress, 17 bits", layout(32, { 0: hex("1f9d91") })),
  miss("compressed_z", "compress, 8 bits", layout(32, { 0: hex("1f9d88") })),
  miss("compressed_z", "compress with a reserved bit", layout(32, { 0: hex("1f9db0") })),
  hit(
    "compressed_lzma",
    "LZMA, size unknown",
    join(hex("5d00008000"), hex("ffffffffffffffff00"), "body"),
    "0-2 5-13",
  ),
  hit(
    "compressed_lzma",
    "LZMA, size known",
    join(hex("5d00006000"), le(70000, 8), hex("00"), "body"),
    "9-13",
  ),
  miss(
    "compressed_lzma",
    "LZMA with a dictionary of odd size",
    join(hex("5d00008580"), le(70000, 8), hex("00")),
  ),
  miss(
    "compressed_lzma",
    "LZMA with a range coder that begins at 1",
    join(hex("5d00008000"), le(70000, 8), hex("01")),
  ),
  miss("compressed_lzma", "LZMA of more than 4 GiB", join(hex("5d00008000"), le(2 ** 33, 8), hex("00"))),
  miss("compressed_lzma", "LZMA without a dictionary", join(hex("5d00000000"), le(70000, 8), hex("00"))),
  miss(
    "compressed_lzma",
    "LZMA of nearly unknown size",
    join(hex("5d00008000"), hex("feffffffffffffff00"), "body"),
  ),
  hit("compressed_legacy", "COMPRESS.EXE", layout(32, { 0: hex("535a444488f0273341") }), "0-8"),
  hit("compressed_legacy", "PPMd", layout(32, { 0: hex("8fafac84") }), "0-3"),
  hit(
    "compressed_legacy",
    "LZMA86",
    join(hex("015d00008000"), hex("ffffffffffffffff00"), "body"),
    "0-3 6-14",
  ),
  miss("compressed_legacy", "COMPRESS.EXE, method B", layout(32, { 0: hex("535a444488f0273342") })),
  miss(
    "compressed_legacy",
    "LZMA86 with filter 2",
    join(hex("025d00008000"), hex("ffffffffffffffff00"), "body"),
  ),
  hit("compressed_legacy", "LZMA86, size known", join(hex("005d00008000"), le(70000, 8), hex("00"), "body")),
  miss(
    "compressed_legacy",
    "LZMA86 of more than 4 GiB",
    join(hex("005d00008000"), le(2 ** 33, 8), hex("00")),
  ),
  hit("encoded_intel_hex", "Intel HEX", INTEL_HEX, "0-44"),
  hit("encoded_intel_hex", "Intel HEX of Windows", INTEL_HEX.replaceAll("\n", "\r\n"), "43-45"),
  miss("encoded_intel_hex", "Intel HEX with a letter too far", INTEL_HEX.replace("FE", "FG")),
  miss("encoded_intel_hex", "Intel HEX with a slash", INTEL_HEX.replace("FE", "F/")),
  miss("encoded_intel_hex", "Intel HEX with a record of 17 bytes", INTEL_HEX.replace(":10", ":11")),
  miss("encoded_intel_hex", "Intel HEX that begins with an address", INTEL_HEX.replace("000021", "000221")),
  miss("encoded_intel_hex", "Intel HEX with an at sign", INTEL_HEX.replace("FE", "F@")),
  miss("encoded_intel_hex", "Intel HEX followed by text", INTEL_HEX.replace("\n:", "\n;")),
];

const DISKS: readonly Sample[] = [
  hit("disc_iso_udf", "ISO 9660", layout(0x8802, { 0x8000: "\x01CD001\x01" }), "32769-32773"),
  hit("disc_iso_udf", "UDF", layout(0x8802, { 0x8000: "\x00BEA01\x01" }), "32769-32773"),
  miss("disc_iso_udf", "ISO 9660 mark with another digit", layout(0x8802, { 0x8000: "\x01CD002\x01" })),
  hit("disk_image", "VHD, dynamic", layout(2048, { 0: "conectix" }), "0-7"),
  hit("disk_image", "VHD, fixed", layout(2048, { 1536: "conectix" }), "1536-1543"),
  hit("disk_image", "VHDX", layout(2048, { 0: "vhdxfile" }), "0-7"),
  hit("disk_image", "VMDK", layout(2048, { 0: join("KDMV", le(1, 4)) }), "0-3 7"),
  hit("disk_image", "QCOW 2", layout(2048, { 0: hex("514649fb 00000002") }), "0-4"),
  hit("disk_image", "VDI", layout(2048, { 64: hex("7f10dabe") }), "64-67"),
  hit("disk_image", "Android sparse image", layout(2048, { 0: hex("3aff26ed 0100") }), "0-5"),
  hit("disk_image", "Android super image", layout(8192, { 4096: hex("67446c61 34000000") }), "4096-4103"),
  miss("disk_image", "VHD footer not at the end", layout(2048, { 1535: "conectix" })),
  miss("disk_image", "VMDK of version 4", layout(2048, { 0: join("KDMV", le(4, 4)) })),
  miss("disk_image", "QCOW 4", layout(2048, { 0: hex("514649fb 00000004") })),
  hit("disk_dmg", "DMG", layout(2048, { 1536: hex("6b6f6c79 00000004 00000200") }), "1536-1547"),
  miss("disk_dmg", "DMG trailer of another size", layout(2048, { 1536: hex("6b6f6c79 00000004 00000100") })),
  hit("disk_partitions", "GPT", layout(2048, { 512: "EFI PART" }), "512-519"),
  hit("disk_partitions", "MBR", MBR, "510-511"),
  hit("disk_partitions", "Apple partition map", layout(2048, { 0: "ER", 512: "PM\0\0" }), "0-1 512-515"),
  miss("disk_partitions", "MBR whose partition is not in the payload", patch(MBR, { 454: le(8, 4) })),
  miss("disk_partitions", "MBR with a boot flag of 1", patch(MBR, { 446: hex("01") })),
  miss("disk_partitions", "MBR with an empty partition", patch(MBR, { 450: hex("00") })),
  miss("disk_partitions", "MBR whose partition begins at 0", patch(MBR, { 454: le(0, 4) })),
  miss("disk_partitions", "MBR whose partition has no sectors", patch(MBR, { 458: le(0, 4) })),
  miss("disk_partitions", "MBR without its signature", patch(MBR, { 510: hex("55ab") })),
  hit("filesystem_fat_ntfs", "FAT", FAT, "0 510-511"),
  hit(
    "filesystem_fat_ntfs",
    "NTFS",
    layout(512, { 0: hex("eb5290"), 3: "NTFS    ", 510: hex("55aa") }),
    "0 3-10 510-511",
  ),
  miss("filesystem_fat_ntfs", "FAT with 3 sectors a cluster", patch(FAT, { 13: hex("03") })),
  hit(
    "filesystem_fat_ntfs",
    "FAT with a long jump and one table",
    patch(FAT, { 0: hex("e9"), 16: hex("01") }),
  ),
  miss("filesystem_fat_ntfs", "FAT without clusters", patch(FAT, { 13: hex("00") })),
  miss("filesystem_fat_ntfs", "FAT without reserved sectors", patch(FAT, { 14: le(0, 2) })),
  miss("filesystem_fat_ntfs", "FAT with three tables", patch(FAT, { 16: hex("03") })),
  miss("filesystem_fat_ntfs", "FAT of an unknown medium", patch(FAT, { 21: hex("78") })),
  miss("filesystem_fat_ntfs", "FAT with 520 bytes a sector", patch(FAT, { 11: le(520, 2) })),
  miss("filesystem_fat_ntfs", "FAT without its signature", patch(FAT, { 510: hex("0000") })),
  miss("filesystem_fat_ntfs", "exFAT", layout(512, { 0: hex("eb7690"), 3: "EXFAT   ", 510: hex("55aa") })),
  hit("filesystem_ext", "ext", EXT, "1080-1081"),
  miss("filesystem_ext", "ext of revision 2", patch(EXT, { 0x44C: le(2, 4) })),
  miss("filesystem_ext", "ext without inodes", patch(EXT, { 0x400: le(0, 4) })),
  miss("filesystem_ext", "ext without blocks", patch(EXT, { 0x404: le(0, 4) })),
  miss("filesystem_ext", "ext with huge blocks", patch(EXT, { 0x418: le(7, 4) })),
  miss("filesystem_ext", "ext in an unknown state", patch(EXT, { 0x43A: le(8, 2) })),
  hit("filesystem_apple", "HFS+", layout(2048, { 1024: hex("482b0004") }), "1024-1027"),
  hit("filesystem_apple", "HFSX", layout(2048, { 1024: hex("48580005") }), "1024-1027"),
  hit(
    "filesystem_apple",
    "HFS",
    layout(2048, { 1024: "BD", 1038: hex("0003"), 1044: hex("00000800") }),
    "1024-1025 1038-1039",
  ),
  hit("filesystem_apple", "APFS", layout(4096, { 32: "NXSB", 36: le(4096, 4) }), "32-35 36"),
  miss("filesystem_apple", "HFS+ of version 5", layout(2048, { 1024: hex("482b0005") })),
  miss(
    "filesystem_apple",
    "HFS with odd blocks",
    layout(2048, { 1024: "BD", 1038: hex("0003"), 1044: hex("00000801") }),
  ),
  miss("filesystem_apple", "APFS with small blocks", layout(4096, { 32: "NXSB", 36: le(512, 4) })),
  miss("filesystem_apple", "APFS with huge blocks", layout(4096, { 32: "NXSB", 36: le(131072, 4) })),
  miss("filesystem_apple", "APFS without block size", layout(4096, { 32: "NXSB" })),
  miss("filesystem_apple", "HFS without block size", layout(2048, { 1024: "BD", 1038: hex("0003") })),
  hit(
    "filesystem_squash_cram",
    "SquashFS, xz",
    layout(96, { 0: "hsqs", 20: le(4, 2), 28: le(4, 2) }),
    "0-3 28",
  ),
  hit("filesystem_squash_cram", "SquashFS, big-endian", layout(96, { 0: "qshs", 28: hex("0003") }), "0-3 28"),
  hit(
    "filesystem_squash_cram",
    "CramFS",
    layout(96, { 0: hex("453dcd28"), 16: "Compressed ROMFS" }),
    "16-31",
  ),
  miss("filesystem_squash_cram", "SquashFS, LZ4", layout(96, { 0: "hsqs", 20: le(5, 2), 28: le(4, 2) })),
  miss(
    "filesystem_squash_cram",
    "SquashFS of version 5",
    layout(96, { 0: "hsqs", 20: le(4, 2), 28: le(5, 2) }),
  ),
  hit(
    "filesystem_squash_cram",
    "SquashFS 3, where 5 is no method",
    layout(96, { 0: "hsqs", 20: le(5, 2), 28: le(3, 2) }),
  ),
  hit(
    "filesystem_squash_cram",
    "SquashFS, changed mark",
    layout(96, { 0: "shsq", 20: le(2, 2), 28: le(4, 2) }),
  ),
  hit(
    "filesystem_squash_cram",
    "SquashFS, swapped mark",
    layout(96, { 0: "sqsh", 28: hex("0004") }),
  ),
  miss("filesystem_squash_cram", "text about CramFS", "The signature is Compressed ROMFS, at 16"),
  hit("firmware_uefi", "UEFI capsule", layout(64, { 0: hex("bd86663b760d3040b70eb5519e2fc5a0") }), "0-15"),
  hit("firmware_uefi", "UEFI volume", layout(64, { 16: hex("d954937a68044a4481ce0bf617d890df") }), "16-31"),
  miss(
    "firmware_uefi",
    "UEFI volume's id at the start",
    layout(64, { 0: hex("d954937a68044a4481ce0bf617d890df") }),
  ),
];

/** All samples of containers. */
export const CONTAINER_SAMPLES: readonly Sample[] = [...ARCHIVES, ...DISKS];
