/* --------------------------------------------------------------- archives */

rule archive_zip : archive {
  meta:
    description = "Zip, jar, apk, OOXML, OpenDocument and EPUB included; whole, empty or spanned"
    plugin = "decompress"
    save = "true"
    reference = "https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT"
  condition:
    uint16be(0) == 0x504B and (
      uint16be(2) == 0x0304 or uint16be(2) == 0x0506 or uint16be(2) == 0x0606 or
      uint32be(2) == 0x0708504B or uint32be(2) == 0x3030504B
    )
}

rule archive_7z : archive {
  meta:
    description = "7z"
    plugin = "decompress"
    save = "true"
    reference = "https://www.7-zip.org/sdk.html (7zFormat.txt)"
  condition:
    uint32be(0) == 0x377ABCAF and uint16be(4) == 0x271C
}

rule archive_rar : archive {
  meta:
    description = "RAR 1.5 to 4 and RAR 5"
    plugin = "decompress"
    save = "true"
    reference = "https://www.rarlab.com/technote.htm"
  condition:
    uint32be(0) == 0x52617221 and uint16be(4) == 0x1A07 and (uint8(6) == 0 or uint16be(6) == 0x0100)
}

rule archive_cab : archive {
  meta:
    description = "Microsoft cabinet"
    plugin = "decompress"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/previous-versions/bb417343(v=msdn.10)"
  condition:
    uint32be(0) == 0x4D534346 and uint32(4) == 0 and uint32(12) == 0 and uint8(25) == 1
}

rule archive_tar : archive {
  meta:
    description = "tar with a POSIX or GNU header"
    plugin = "decompress"
    save = "true"
    reference = "https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html"
  condition:
    uint32be(257) == 0x75737461 and uint8(261) == 0x72
}

rule archive_tar_v7 : archive {
  meta:
    description = "V7 tar: it has no magic number, so every numeric field of the first header is checked"
    plugin = "decompress"
    save = "true"
    reference = "https://www.gnu.org/software/tar/manual/html_node/Standard.html"
  condition:
    filesize >= 512 and uint8(0) > 0x20 and uint8(257) == 0 and
    for all i in (107, 115, 123, 135, 147) : (uint8(i) & 0xDF == 0) and
    for all i in (105, 134, 146, 153) : (uint8(i) & 0xF8 == 0x30) and
    for all i in (148..153) : (uint8(i) & 0xF8 == 0x30 or uint8(i) == 0x20) and
    for all i in (100..105) : (uint8(i) & 0xF8 == 0x30 or uint8(i) == 0x20) and
    for all i in (124..134) : (uint8(i) & 0xF8 == 0x30 or uint8(i) == 0x20) and
    for all i in (136..146) : (uint8(i) & 0xF8 == 0x30 or uint8(i) == 0x20)
}

rule archive_cpio : archive {
  meta:
    description = "cpio: ASCII headers, or binary ones of a little-endian machine"
    plugin = "decompress"
    save = "true"
    reference = "https://man.freebsd.org/cgi/man.cgi?query=cpio&sektion=5"
  condition:
    (uint32be(0) == 0x30373037 and uint8(4) == 0x30 and
      (uint8(5) == 0x31 or uint8(5) == 0x32 or uint8(5) == 0x37) and
      for all i in (6..17) : ((uint8(i) >= 0x30 and uint8(i) <= 0x39) or (uint8(i) | 0x20 >= 0x61 and uint8(i) | 0x20 <= 0x66)))
    or
    (uint16(0) == 0x71C7 and uint16(6) & 0xF000 > 0 and uint16(20) > 1 and uint16(20) <= 1024 and
      uint8(25 + uint16(20)) == 0)
}

rule archive_ar : archive {
  meta:
    description = "ar: Debian packages, static and import libraries"
    plugin = "decompress"
    save = "true"
    reference = "https://man.freebsd.org/cgi/man.cgi?query=ar&sektion=5"
  strings:
    $magic = "!<arch>\n"
  condition:
    $magic at 0 and filesize > 68
}

rule archive_rpm : archive {
  meta:
    description = "RPM package"
    plugin = "decompress"
    save = "true"
    reference = "https://rpm-software-management.github.io/rpm/manual/format_v4.html"
  condition:
    uint32be(0) == 0xEDABEEDB and uint8(4) <= 4 and uint16be(6) <= 1
}

rule archive_arj : archive {
  meta:
    description = "ARJ"
    plugin = "decompress"
    save = "true"
    reference = "https://github.com/FarGroup/FarManager/blob/master/plugins/multiarc/arc.doc/arj.txt"
  condition:
    uint16be(0) == 0x60EA and uint16(2) >= 30 and uint16(2) <= 2600 and uint8(4) >= 30 and uint8(10) == 2
}

rule archive_lzh : archive {
  meta:
    description = "LHA / LZH"
    plugin = "decompress"
    save = "true"
    reference = "https://github.com/jca02266/lha/blob/master/header.doc.md"
  condition:
    uint32be(2) & 0xFFFFFF00 == 0x2D6C6800 and uint8(6) == 0x2D and uint8(20) <= 3
}

rule archive_wim : archive {
  meta:
    description = "Windows imaging format"
    plugin = "decompress"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-7/dd799284(v=ws.10)"
  strings:
    $magic = { 4D 53 57 49 4D 00 00 00 }
  condition:
    $magic at 0
}

rule archive_xar : archive {
  meta:
    description = "xar: macOS installer packages"
    plugin = "decompress"
    save = "true"
    reference = "https://github.com/mackyle/xar/wiki/xarformat"
  condition:
    uint32be(0) == 0x78617221 and uint16be(4) >= 28 and uint16be(4) < 4096 and uint16be(6) <= 1
}

/* ----------------------------------------------------- compressed streams */

rule compressed_gzip : compressed {
  meta:
    description = "gzip"
    plugin = "decompress"
    save = "true"
    reference = "https://www.rfc-editor.org/rfc/rfc1952"
  condition:
    uint16be(0) == 0x1F8B and uint8(2) == 8 and uint8(3) < 0x20
}

rule compressed_bzip2 : compressed {
  meta:
    description = "bzip2, empty streams included"
    plugin = "decompress"
    save = "true"
    reference = "https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf"
  condition:
    uint32be(0) & 0xFFFFFF00 == 0x425A6800 and uint8(3) >= 0x31 and uint8(3) <= 0x39 and
    (uint32be(4) == 0x31415926 or uint32be(4) == 0x17724538)
}

rule compressed_xz : compressed {
  meta:
    description = "xz"
    plugin = "decompress"
    save = "true"
    reference = "https://tukaani.org/xz/xz-file-format.txt"
  condition:
    uint32be(0) == 0xFD377A58 and uint16be(4) == 0x5A00
}

rule compressed_zstd : compressed {
  meta:
    description = "Zstandard frame"
    plugin = "decompress"
    save = "true"
    reference = "https://www.rfc-editor.org/rfc/rfc8878"
  condition:
    uint32(0) == 0xFD2FB528
}

rule compressed_z : compressed {
  meta:
    description = "compress (.Z), 9 to 16 bits a code"
    plugin = "decompress"
    save = "true"
    reference = "https://pubs.opengroup.org/onlinepubs/9699919799/utilities/compress.html"
  condition:
    uint16be(0) == 0x1F9D and uint8(2) & 0x60 == 0 and uint8(2) & 0x1F >= 9 and uint8(2) & 0x1F <= 16
}

rule compressed_lzma : compressed {
  meta:
    description = "LZMA without a container: usual properties, a dictionary of 2^n or 3*2^n bytes, a size that is unknown or under 4 GiB"
    plugin = "decompress"
    save = "true"
    reference = "https://www.7-zip.org/sdk.html (lzma-specification.txt)"
  condition:
    uint16be(0) == 0x5D00 and uint8(2) == 0 and uint8(13) == 0 and uint32(1) > 0 and
    (uint32(1) & (uint32(1) - 1)) & ((uint32(1) & (uint32(1) - 1)) - 1) == 0 and
    (uint32(9) == 0 or (uint32(9) == 0xFFFFFFFF and uint32(5) == 0xFFFFFFFF))
}

rule compressed_legacy : compressed {
  meta:
    description = "Microsoft's COMPRESS.EXE (SZDD), 7-Zip's PPMd and LZMA86"
    plugin = "decompress"
    save = "true"
    reference = "https://www.7-zip.org/sdk.html"
  condition:
    (uint32be(0) == 0x535A4444 and uint32be(4) == 0x88F02733 and uint8(8) == 0x41) or
    (uint32be(0) == 0x8FAFAC84) or
    (uint32be(0) & 0xFEFFFFFF == 0x005D0000 and uint8(14) == 0 and
      (uint32(10) == 0 or (uint32(10) == 0xFFFFFFFF and uint32(6) == 0xFFFFFFFF)))
}

rule encoded_intel_hex : compressed {
  meta:
    description = "Intel HEX: a data record of 16 bytes, followed by another record"
    plugin = "decompress"
    save = "true"
    reference = "https://developer.arm.com/documentation/ka003292/latest"
  condition:
    uint16be(0) == 0x3A31 and uint8(2) == 0x30 and uint16be(7) == 0x3030 and
    ((uint8(43) == 0x0A and uint8(44) == 0x3A) or (uint16be(43) == 0x0D0A and uint8(45) == 0x3A)) and
    for all i in (1..42) : ((uint8(i) >= 0x30 and uint8(i) <= 0x39) or (uint8(i) >= 0x41 and uint8(i) <= 0x46))
}

/* -------------------------------------------------- discs, disks, file systems */

rule disc_iso_udf : disk {
  meta:
    description = "ISO 9660 or UDF image, 2048 bytes a sector"
    plugin = "decompress"
    save = "true"
    reference = "https://ecma-international.org/publications-and-standards/standards/ecma-167/"
  condition:
    (uint32be(0x8001) == 0x43443030 or uint32be(0x8001) == 0x42454130) and uint8(0x8005) == 0x31
}

rule disk_image : disk {
  meta:
    description = "Virtual disk: VHD, VHDX, VMDK, VDI, QCOW, Android sparse and super image"
    plugin = "decompress"
    save = "true"
    reference = "https://github.com/libyal/libvhdi, https://github.com/libyal/libvmdk, https://github.com/libyal/libqcow"
  condition:
    (uint32be(0) == 0x636F6E65 and uint32be(4) == 0x63746978) or
    (uint32be(filesize - 512) == 0x636F6E65 and uint32be(filesize - 508) == 0x63746978) or
    (uint32be(0) == 0x76686478 and uint32be(4) == 0x66696C65) or
    (uint32be(0) == 0x4B444D56 and uint32(4) <= 3) or
    (uint32be(0) == 0x514649FB and uint32be(4) <= 3) or
    (uint32be(0) == 0x3AFF26ED and uint16(4) == 1) or
    uint32be(64) == 0x7F10DABE or
    (uint32be(4096) == 0x67446C61 and uint32(4100) == 0x34)
}

rule disk_dmg : disk {
  meta:
    description = "Apple disk image: its trailer"
    plugin = "decompress"
    save = "true"
    reference = "https://newosxbook.com/DMG.html"
  condition:
    uint32be(filesize - 512) == 0x6B6F6C79 and uint32be(filesize - 508) == 4 and uint32be(filesize - 504) == 512
}

rule disk_partitions : disk {
  meta:
    description = "Disk with a partition table: GPT, MBR with a partition that begins inside the payload, Apple partition map"
    plugin = "decompress"
    save = "true"
    reference = "https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html"
  condition:
    (uint32be(512) == 0x45464920 and uint32be(516) == 0x50415254) or
    (uint16be(0) == 0x4552 and uint32be(512) == 0x504D0000) or
    (uint16be(510) == 0x55AA and uint8(450) > 0 and uint32(454) > 0 and uint32(458) > 0 and
      uint32(454) * 512 < filesize and
      for all i in (446, 462, 478, 494) : (uint8(i) & 0x7F == 0))
}

rule filesystem_fat_ntfs : disk {
  meta:
    description = "FAT or NTFS volume: jump, boot signature and a consistent BIOS parameter block"
    plugin = "decompress"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/windows-hardware/drivers/ (fatgen103), https://github.com/libyal/libfsntfs"
  condition:
    (uint8(0) == 0xEB or uint8(0) == 0xE9) and uint16be(510) == 0x55AA and (
      (uint32be(3) == 0x4E544653 and uint32be(7) == 0x20202020) or
      (for any size in (512, 1024, 2048, 4096) : (uint16(11) == size) and
        uint8(13) > 0 and uint8(13) & (uint8(13) - 1) == 0 and uint16(14) > 0 and
        (uint8(16) == 1 or uint8(16) == 2) and uint8(21) >= 0xF0)
    )
}

rule filesystem_ext : disk {
  meta:
    description = "ext2, ext3 or ext4 volume"
    plugin = "decompress"
    save = "true"
    reference = "https://www.kernel.org/doc/html/latest/filesystems/ext4/globals.html"
  condition:
    uint16(0x438) == 0xEF53 and uint32(0x400) > 0 and uint32(0x404) > 0 and uint32(0x418) <= 6 and
    uint16(0x43A) < 8 and uint32(0x44C) <= 1
}

rule filesystem_apple : disk {
  meta:
    description = "HFS, HFS+ or APFS volume"
    plugin = "decompress"
    save = "true"
    reference = "https://developer.apple.com/support/downloads/Apple-File-System-Reference.pdf, https://developer.apple.com/library/archive/technotes/tn/tn1150.html"
  condition:
    (uint32be(32) == 0x4E585342 and uint32(36) >= 4096 and uint32(36) <= 65536 and uint32(36) & 0xFFF == 0) or
    uint32be(1024) == 0x482B0004 or uint32be(1024) == 0x48580005 or
    (uint16be(1024) == 0x4244 and uint16be(1038) == 3 and uint32be(1044) > 0 and uint32be(1044) & 0x1FF == 0)
}

rule filesystem_squash_cram : disk {
  meta:
    description = "SquashFS (without LZ4, which 7-Zip does not read) or CramFS"
    plugin = "decompress"
    save = "true"
    reference = "https://dr-emann.github.io/squashfs/, https://www.kernel.org/doc/html/latest/filesystems/cramfs.html"
  strings:
    $cramfs = "Compressed ROMFS"
  condition:
    ((uint32be(0) == 0x68737173 or uint32be(0) == 0x73687371) and uint16(28) <= 4 and
      not (uint16(28) == 4 and uint16(20) == 5)) or
    ((uint32be(0) == 0x73717368 or uint32be(0) == 0x71736873) and uint16be(28) <= 4) or
    $cramfs at 16
}

rule firmware_uefi : disk {
  meta:
    description = "UEFI capsule or firmware volume"
    plugin = "decompress"
    save = "true"
    reference = "https://uefi.org/specs/PI/1.8/V3_Code_Definitions.html"
  strings:
    $capsule1 = { BD 86 66 3B 76 0D 30 40 B7 0E B5 51 9E 2F C5 A0 }
    $capsule2 = { 8B A6 3C 4A 23 77 FB 48 80 3D 57 8C C1 FE C4 4D }
    $capsule3 = { B9 82 91 53 B5 AB 91 43 B6 9A E3 A9 43 F7 2F CC }
    $volume1 = { D9 54 93 7A 68 04 4A 44 81 CE 0B F6 17 D8 90 DF }
    $volume2 = { 78 E5 8C 8C 3D 8A 1C 4F 99 35 89 61 85 C3 2D D3 }
  condition:
    for any of ($capsule*) : ($ at 0) or for any of ($volume*) : ($ at 16)
}

/* ------------------------------------------------------------- installers */

rule installer_nsis : archive {
  meta:
    description = "NSIS: first header, at a 512-byte boundary of an executable or at the start"
    plugin = "decompress"
    save = "true"
    reference = "https://nsis.sourceforge.io/Docs/ (exehead/fileform.h)"
  strings:
    $header = { EF BE AD DE 4E 75 6C 6C 73 6F 66 74 49 6E 73 74 }
  condition:
    $header at 4 or
    ($header and pe_payload and for any i in (1..16) : (@header[i] % 512 == 4))
}

rule installer_msi : archive {
  meta:
    description = "Windows Installer package, patch or transform: class id of the OLE root entry"
    plugin = "decompress"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/53989ce4-7b05-4f8d-829b-d08d6148375b"
  condition:
    uint32be(0) == 0xD0CF11E0 and uint32be(4) == 0xA1B11AE1 and (uint16(30) == 9 or uint16(30) == 12) and
    for any id in (0x000C1082, 0x000C1084, 0x000C1086) : (uint32(((uint32(48) + 1) << uint16(30)) + 80) == id) and
    uint32be(((uint32(48) + 1) << uint16(30)) + 88) == 0xC0000000
}

rule self_extractor : archive {
  meta:
    description = "Executable that contains a 7z, RAR or cabinet archive with a consistent header"
    plugin = "decompress"
    save = "true"
    reference = "https://www.7-zip.org/sdk.html (7zFormat.txt)"
  strings:
    $sevenzip = { 37 7A BC AF 27 1C 00 (02 | 03 | 04) [7] 00 00 00 }
    $rar4 = { 52 61 72 21 1A 07 00 [2] 73 [2] 0D 00 }
    $rar5 = { 52 61 72 21 1A 07 01 00 [4] ?? (01 | 04) }
    $cab = { 4D 53 43 46 00 00 00 00 [3] ?? 00 00 00 00 [4] 00 00 00 00 03 01 ( ?? 00 | ?? 01) }
  condition:
    (pe_payload or elf_payload) and (
      $rar4 or $rar5 or
      ($sevenzip and for any i in (1..16) :
        (@sevenzip[i] + 32 + uint32(@sevenzip[i] + 12) + uint32(@sevenzip[i] + 20) <= filesize)) or
      ($cab and for any i in (1..16) :
        (uint32(@cab[i] + 8) > 36 and @cab[i] + uint32(@cab[i] + 8) <= filesize))
    )
}

rule archive_zip_appended : archive {
  meta:
    description = "Zip appended to other data (self-extractor, Chrome extension, polyglot): end record near the end, its directory right before it"
    plugin = "decompress"
    save = "true"
    reference = "https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.16)"
  strings:
    $end = { 50 4B 05 06 00 00 00 00 }
  condition:
    $end in (filesize - 65557..filesize - 22) and not archive_zip and uint32be(0) != 0xD0CF11E0 and
    for any i in (0..15) : (uint32be(@end[#end - i] - uint32(@end[#end - i] + 12)) == 0x504B0102)
}

rule script_with_archive : archive {
  meta:
    description = "Shell script with a gzip, bzip2 or xz stream after a line end"
    plugin = "decompress"
    save = "true"
    reference = "https://makeself.io/"
  strings:
    $gzip = { 0A 1F 8B 08 (00 | 08) }
    $bzip2 = { 0A 42 5A 68 3? 31 41 59 26 53 59 }
    $xz = { 0A FD 37 7A 58 5A 00 00 }
  condition:
    uint16be(0) == 0x2321 and any of them
}

/* -------------------------------------------------------------- documents */

rule document_chm : document {
  meta:
    description = "Microsoft compiled help: CHM and Help 2 (hxs, lit)"
    plugin = "decompress"
    save = "true"
    reference = "https://www.nongnu.org/chmspec/latest/"
  condition:
    (uint32be(0) == 0x49545346 and uint32(4) == 3 and uint32(8) == 0x60) or
    (uint32be(0) == 0x49544F4C and uint32be(4) == 0x49544C53 and uint32(8) == 1)
}
