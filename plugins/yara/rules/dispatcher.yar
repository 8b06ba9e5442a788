/*
  stoQ's dispatch rules: which plugins look at a payload.

  meta.plugin     names of workers, separated by commas
  meta.save       "false" keeps destination archivers from storing the payload; nothing here does, since what
                  is evidence is the operator's decision
  meta.xor_plaintext_for_string_<id>
                  what a hit of $<id> reads without its XOR key, from which the yara plugin computes the key
  meta.reference  the format's specification, or the code that defines it

  The rules compile without a warning on YARA 4.2 and on YARA-X. A rule looks at fixed offsets before it looks for
  patterns: in WebAssembly a read at an offset costs about 20 microseconds, a pattern that is not there costs nothing.
  A false route costs an error record, so a magic number of two or three bytes is confirmed by the fields after it.
  Loops over hits are bounded, because the number of hits is the sender's choice.
*/

/* ---------------------------------------------------------------- helpers */

private rule text_payload {
  meta:
    description = "No NUL or other low control byte among 16 bytes of the start and 16 spread over the payload, or the byte order mark of UTF-16LE"
  condition:
    filesize >= 16 and (
      uint16(0) == 0xFEFF or
      (for all i in (0..15) : (uint8(i * 7 % filesize) > 8) and for all i in (0..15) : (uint8(filesize * i \ 16) > 8))
    )
}

/* --------------------------------------------------------------- archives */

rule archive_zip : archive {
  meta:
    description = "Zip, also as jar, apk, OOXML, OpenDocument, EPUB; whole, empty or spanned"
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
    description = "tar of the Seventh Edition: no magic number, so every numeric field of the first header is checked"
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
    description = "bzip2, also of nothing"
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
    description = "LZMA alone: usual properties, a dictionary of 2^n or 3*2^n bytes, a size that is unknown or under 4 GiB"
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
    description = "Intel HEX: begins with a data record of 16 bytes, which another record follows"
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
    description = "FAT or NTFS volume: jump, boot signature and a BIOS parameter block that adds up"
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

/* ------------------------------------------------------------ executables */

rule executable_pe : executable {
  meta:
    description = "Portable Executable: the header that e_lfanew points at is inside the payload"
    plugin = "peinfo"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/windows/win32/debug/pe-format"
  condition:
    (uint16be(0) == 0x4D5A or uint16be(0) == 0x5A4D) and uint32be(uint32(0x3C)) == 0x50450000
}

rule executable_elf : executable {
  meta:
    description = "ELF of a known class, byte order and version"
    plugin = "lief"
    save = "true"
    reference = "https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html"
  condition:
    uint32be(0) == 0x7F454C46 and (uint8(4) == 1 or uint8(4) == 2) and (uint8(5) == 1 or uint8(5) == 2) and
    uint8(6) == 1
}

rule executable_macho : executable {
  meta:
    description = "Mach-O of one architecture, either byte order"
    plugin = "lief, symhash"
    save = "true"
    reference = "https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h"
  condition:
    ((uint32be(0) == 0xFEEDFACE or uint32be(0) == 0xFEEDFACF) and uint32be(12) > 0 and uint32be(12) <= 16) or
    ((uint32(0) == 0xFEEDFACE or uint32(0) == 0xFEEDFACF) and uint32(12) > 0 and uint32(12) <= 16)
}

rule executable_macho_fat : executable {
  meta:
    description = "Universal Mach-O: as many architectures as exist, the first of a known family; a Java class has its version there"
    plugin = "lief, symhash"
    save = "true"
    reference = "https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/fat.h"
  condition:
    (uint32be(0) == 0xCAFEBABE or uint32be(0) == 0xCAFEBABF) and uint32be(4) > 0 and uint32be(4) < 40 and
    for any family in (7, 12, 18) : (uint32be(8) & 0xFFFFFF == family)
}

rule executable_java_class : executable {
  meta:
    description = "Java class file, of version 45 (JDK 1.0.2) or later"
    plugin = "javaclass"
    save = "true"
    reference = "https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html"
  condition:
    uint32be(0) == 0xCAFEBABE and uint16be(6) >= 45 and uint16be(6) < 128 and uint16be(8) > 0
}

rule embedded_pe : embedded {
  meta:
    description = "DOS header with its stub text, or with the PE header right where it ends or its usual stub does, beyond the payload's own header"
    plugin = "pecarve"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/windows/win32/debug/pe-format#ms-dos-stub-image-only"
  strings:
    $stub1 = { 4D 5A [30-190] 54 68 69 73 20 70 72 6F 67 72 61 6D 20 63 61 6E 6E 6F 74 20 62 65 }
    $stub2 = { 4D 5A [30-190] 54 68 69 73 20 70 72 6F 67 72 61 6D 20 6D 75 73 74 20 62 65 20 72 75 6E }
    $stub3 = { 5A 4D [30-190] 54 68 69 73 20 70 72 6F 67 72 61 6D 20 63 61 6E 6E 6F 74 20 62 65 }
    $stub4 = { 5A 4D [30-190] 54 68 69 73 20 70 72 6F 67 72 61 6D 20 6D 75 73 74 20 62 65 20 72 75 6E }
    $header1 = { (4D 5A | 5A 4D) [58] 40 00 00 00 50 45 00 00 }
    $header2 = { (4D 5A | 5A 4D) [58] 80 00 00 00 [64] 50 45 00 00 }
  condition:
    any of ($stub*, $header*) in (1..filesize)
}

/* ------------------------------------------------------------- installers */

rule installer_nsis : archive {
  meta:
    description = "NSIS: first header, at its 512-byte boundary in an executable or cut out of one"
    plugin = "decompress"
    save = "true"
    reference = "https://nsis.sourceforge.io/Docs/ (exehead/fileform.h)"
  strings:
    $header = { EF BE AD DE 4E 75 6C 6C 73 6F 66 74 49 6E 73 74 }
  condition:
    $header at 4 or
    ($header and executable_pe and for any i in (1..16) : (@header[i] % 512 == 4))
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
    description = "Executable with a 7z, RAR or cabinet archive in it, whose own header adds up"
    plugin = "decompress"
    save = "true"
    reference = "https://www.7-zip.org/sdk.html (7zFormat.txt)"
  strings:
    $sevenzip = { 37 7A BC AF 27 1C 00 (02 | 03 | 04) [7] 00 00 00 }
    $rar4 = { 52 61 72 21 1A 07 00 [2] 73 [2] 0D 00 }
    $rar5 = { 52 61 72 21 1A 07 01 00 [4] ?? (01 | 04) }
    $cab = { 4D 53 43 46 00 00 00 00 [3] ?? 00 00 00 00 [4] 00 00 00 00 03 01 ( ?? 00 | ?? 01) }
  condition:
    (executable_pe or executable_elf) and (
      $rar4 or $rar5 or
      ($sevenzip and for any i in (1..16) :
        (@sevenzip[i] + 32 + uint32(@sevenzip[i] + 12) + uint32(@sevenzip[i] + 20) <= filesize)) or
      ($cab and for any i in (1..16) :
        (uint32(@cab[i] + 8) > 36 and @cab[i] + uint32(@cab[i] + 8) <= filesize))
    )
}

rule archive_zip_appended : archive {
  meta:
    description = "Zip behind something else (self-extractor, Chrome extension, polyglot): end record near the end, its directory right before it"
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
    description = "Shell script that carries a gzip, bzip2 or xz stream after a line end"
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

rule document_ole : document {
  meta:
    description = "OLE compound file: Office 97 to 2003, Outlook messages; installers are left to installer_msi"
    plugin = "ole"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/"
  condition:
    uint32be(0) == 0xD0CF11E0 and uint32be(4) == 0xA1B11AE1 and not installer_msi
}

rule document_ole_vba : document {
  meta:
    description = "OLE compound file with a VBA project: its storage, a compressed module, or PowerPoint's record of it"
    plugin = "mraptor"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-ovba/"
  strings:
    $project = "_VBA_PROJECT" wide
    $module = { 00 41 74 74 72 69 62 75 74 00 65 20 56 42 }
    $powerpoint = { 02 00 00 04 0C 00 00 00 [4] 01 00 00 00 02 00 00 00 }
  condition:
    uint32be(0) == 0xD0CF11E0 and any of them
}

rule document_ooxml : document {
  meta:
    description = "Office Open XML: a word, xl, ppt or visio part in the zip directory"
    plugin = "ooxml"
    save = "true"
    reference = "https://ecma-international.org/publications-and-standards/standards/ecma-376/"
  strings:
    $types = "[Content_Types].xml"
    $word = { 50 4B 01 02 [42] 77 6F 72 64 2F }
    $excel = { 50 4B 01 02 [42] 78 6C 2F }
    $powerpoint = { 50 4B 01 02 [42] 70 70 74 2F }
    $visio = { 50 4B 01 02 [42] 76 69 73 69 6F 2F }
  condition:
    $types and ($word or $excel or $powerpoint or $visio) and archive_zip
}

rule document_ooxml_vba : document {
  meta:
    description = "Office Open XML with a VBA project, in the zip's names"
    plugin = "mraptor"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-offmacro2/"
  strings:
    $project = "vbaProject.bin" nocase
    $data = "vbaData.xml" nocase
  condition:
    any of them and archive_zip
}

rule document_xml_vba : document {
  meta:
    description = "Word 2003 XML or MHTML with an ActiveMime part, or such a part alone"
    plugin = "mraptor"
    save = "true"
    reference = "https://github.com/decalage2/oletools/wiki/olevba"
  strings:
    $mso = "<?mso-application progid="
    $mime = "MIME-Version:" nocase
    $activemime = "ActiveMime"
    $activemime64 = "QWN0aXZlTWlt"
  condition:
    ($activemime at 0) or ($activemime64 and ($mso in (0..1024) or $mime in (0..1024)))
}

rule document_rtf : document {
  meta:
    description = "Rich Text Format; Word asks for no more than these four bytes, others skip white space"
    plugin = "rtf"
    save = "true"
    reference = "https://www.microsoft.com/en-us/download/details.aspx?id=10725"
  strings:
    $rt = "{\\rt" nocase
  condition:
    $rt in (0..15) and (uint8(0) == 0x7B or uint8(0) <= 0x20 or uint16be(0) == 0xEFBB)
}

rule document_pdf : document {
  meta:
    description = "PDF; readers accept a header in the first 1024 bytes, where objects must follow to tell it from text about PDF"
    plugin = "pdf"
    save = "true"
    reference = "https://pdfa.org/resource/iso-32000-2/"
  strings:
    $header = "%PDF-"
    $object = /[0-9] obj\b/
    $end = "endobj"
  condition:
    $header at 0 or ($header in (1..1023) and $object and $end)
}

rule document_xdp : document {
  meta:
    description = "XML Data Package with a chunk, which holds a PDF in base64"
    plugin = "xdpcarve"
    save = "true"
    reference = "https://developer.adobe.com/document-services/docs/assets/5b15559b96303194340b99820d3a70fa/PDF_ISO_32000-2.pdf (XFA 3.3, XDP)"
  strings:
    $namespace = "http://ns.adobe.com/xdp/" ascii wide
    $chunk = "<chunk" ascii wide
  condition:
    $namespace in (0..4095) and $chunk and (uint8(0) == 0x3C or uint16be(0) == 0xEFBB or uint16(0) == 0xFEFF or uint8(0) <= 0x20)
}

rule document_onenote : document {
  meta:
    description = "OneNote section (.one)"
    plugin = "onenote"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-onestore/"
  condition:
    uint32be(0) == 0xE4525C7B and uint32be(4) == 0x8CD8A74D and uint32be(8) == 0xAEB15378
}

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

rule document_html : document {
  meta:
    description = "HTML: a doctype or html element near the start, or a fragment that begins with an element of a page"
    plugin = "html"
    save = "true"
    reference = "https://html.spec.whatwg.org/multipage/syntax.html"
  strings:
    $doctype = "<!doctype html" nocase ascii wide
    $html = /<html[\s>]/ nocase ascii wide
    $fragment = /<(script|iframe|body|head|meta|form|embed|object)[\s>]/ nocase
  condition:
    (uint8(0) == 0x3C or uint8(0) == 0x20 or uint8(0) == 0x0A or uint8(0) == 0x0D or uint8(0) == 0x09 or
      uint16be(0) == 0xEFBB or uint16(0) == 0xFEFF) and
    ($doctype in (0..2047) or $html in (0..2047) or $fragment in (0..3)) and text_payload
}

rule document_svg_script : document {
  meta:
    description = "SVG with a script or an HTML part"
    plugin = "html"
    save = "true"
    reference = "https://www.w3.org/TR/SVG2/interact.html#ScriptElement"
  strings:
    $svg = /<svg[\s>]/ nocase
    $script = /<(script|foreignObject)[\s>]/ nocase
  condition:
    $svg in (0..1023) and $script and text_payload
}

rule shortcut_lnk : document {
  meta:
    description = "Windows shortcut"
    plugin = "lnk"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-shllink/"
  condition:
    uint32(0) == 0x4C and uint32(4) == 0x00021401 and uint32(8) == 0 and uint32be(12) == 0xC0000000 and
    uint32be(16) == 0x00000046
}

rule shortcut_text : document {
  meta:
    description = "Internet shortcut (.url) or Excel web query (.iqy)"
    plugin = "iocextract"
    save = "true"
    reference = "https://www.cyanwerks.com/file-format-url.html"
  strings:
    $url = "[InternetShortcut]" nocase
    $iqy = /WEB\r?\n1\r?\nhttps?:/ nocase
  condition:
    $url in (0..256) or $iqy at 0
}

/* ------------------------------------------------------------------- mail */

rule mail_mbox : mail {
  meta:
    description = "mbox: a From line with its date, then header fields"
    plugin = "smtp"
    save = "true"
    reference = "https://www.rfc-editor.org/rfc/rfc4155"
  strings:
    $day = / (Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-9][0-9 ]/ private
    $field = /\n(From|To|Subject|Date|Message-ID|MIME-Version|Content-Type|Received|Return-Path):/ nocase private
  condition:
    uint32be(0) == 0x46726F6D and uint8(4) == 0x20 and $day in (5..255) and $field in (10..4095)
}

rule mail_message : mail {
  meta:
    description = "Internet message: three well-known header fields near the start, the payload begins with a field"
    plugin = "smtp"
    save = "true"
    reference = "https://www.rfc-editor.org/rfc/rfc5322"
  strings:
    $from = /(^|\n)From:/ nocase private
    $to = /(^|\n)To:/ nocase private
    $subject = /(^|\n)Subject:/ nocase private
    $date = /(^|\n)Date:/ nocase private
    $message_id = /(^|\n)Message-ID:/ nocase private
    $mime = /(^|\n)MIME-Version:/ nocase private
    $content = /(^|\n)Content-Type:/ nocase private
    $received = /(^|\n)Received:/ nocase private
    $return_path = /(^|\n)Return-Path:/ nocase private
    $delivered = /(^|\n)Delivered-To:/ nocase private
    $newsgroups = /(^|\n)Newsgroups:/ nocase private
  condition:
    3 of them and uint8(0) | 0x20 >= 0x61 and uint8(0) | 0x20 <= 0x7A and text_payload and
    3 of them in (0..16383) and not mail_mbox and for any i in (1..63) : (uint8(i) == 0x3A)
}

rule mail_tnef : mail {
  meta:
    description = "TNEF (winmail.dat)"
    plugin = "tnef"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-oxtnef/"
  condition:
    uint32(0) == 0x223E9F78 and (uint8(6) == 1 or uint8(6) == 2)
}

/* ---------------------------------------------------------------- scripts */

rule script_shebang : script {
  meta:
    description = "Script that names its interpreter"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html"
  strings:
    $interpreter = /\/(env )?(-S )?(ba|da|z|k|c|tc|a)?(sh|python|perl|ruby|node|php|lua|awk|sed|tclsh|osascript|pwsh|expect)/
  condition:
    uint16be(0) == 0x2321 and $interpreter in (2..63)
}

rule script_python : script {
  meta:
    description = "Python source: imports and definitions, or code that runs what it decodes"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://docs.python.org/3/reference/"
  strings:
    $import = /(^|\n)import [a-z_]{2}/ private
    $from = /\nfrom [.a-zA-Z_]{1,40} import / private
    $def = /\n {0,12}(async )?def [A-Za-z_]{1,40}\(/ private
    $class = /\nclass [A-Za-z_]{1,40}[(:]/ private
    $main = "__name__ == " private
    $self = "(self" private
    $exec = /\b(exec|eval|compile)\((base64|zlib|marshal|__import__|bytes|codecs|lambda)/ private
  condition:
    ($exec or $main or (($import or $from) and ($def or $class or $self))) and 2 of them and text_payload and
    not mail_message and uint8(0) != 0x3C
}

rule script_php : script {
  meta:
    description = "PHP"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://www.php.net/manual/en/language.basic-syntax.phptags.php"
  strings:
    $open = /<\?(php\s|=)/ nocase
  condition:
    $open in (0..255) and text_payload
}

rule script_batch : script {
  meta:
    description = "Command script of DOS and Windows"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/windows-commands"
  strings:
    $echo = "@echo off" nocase private
    $first = /^@?(rem|setlocal|set [a-z"])/ nocase private
    $run = /^@?(cmd|powershell|start|mshta|wscript|cscript|rundll32|regsvr32|certutil|bitsadmin|msiexec)(\.exe)? ["\/\-]/ nocase private
    $argument = /%~[dpnxfsatz]{0,8}[0-9*]/ nocase private
    $variable = /%(comspec|temp|tmp|appdata|userprofile|systemroot|windir|programfiles|errorlevel)%/ nocase private
    $substring = /%[a-z_]{1,20}:~ ?-?[0-9]/ nocase private
    $goto = /\n[ \t]?goto :?[a-z]/ nocase private
    $set = /\n@?set [a-z_"]/ nocase private
    $if = /\n@?if (not )?(exist|errorlevel|defined) / nocase private
  condition:
    text_payload and ($run or $echo in (0..1023) or 3 of ($argument, $variable, $substring, $goto, $set, $if) or
      ($first and any of ($argument, $variable, $substring, $goto, $set, $if)))
}

rule script_powershell : script {
  meta:
    description = "PowerShell: three idioms of the language, one of them a command"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/powershell/scripting/lang-spec/chapter-01"
  strings:
    $command1 = "New-Object " nocase ascii wide private
    $command2 = "Invoke-" nocase ascii wide private
    $command3 = "Write-Host" nocase ascii wide private
    $command4 = "Write-Output" nocase ascii wide private
    $command5 = "Get-ChildItem" nocase ascii wide private
    $command6 = "Get-Content" nocase ascii wide private
    $command7 = "Set-Variable" nocase ascii wide private
    $command8 = "Set-StrictMode" nocase ascii wide private
    $command9 = "Start-Process" nocase ascii wide private
    $command10 = "Start-Sleep" nocase ascii wide private
    $command11 = "Add-Type" nocase ascii wide private
    $command12 = "Test-Path" nocase ascii wide private
    $command13 = "Out-Null" nocase ascii wide private
    $command14 = "Get-WmiObject" nocase ascii wide private
    $command15 = /\bIEX\b/ nocase ascii wide private
    $env = "$env:" nocase ascii wide private
    $type1 = "[System." nocase ascii wide private
    $type2 = "[Convert]::" nocase ascii wide private
    $type3 = "[char[" nocase ascii wide private
    $type4 = "[byte[]" nocase ascii wide private
    $net = "Net.WebClient" nocase ascii wide private
    $preference = "$ErrorActionPreference" nocase ascii wide private
    $underscore = "$_." ascii wide private
    $param = /\bparam ?\(/ nocase ascii wide private
    $function = /\bfunction [A-Z][a-z]{2,12}-[A-Z]/ ascii wide private
  condition:
    3 of them and (any of ($command*) or $function) and text_payload and not script_python
}

rule script_vbscript : script {
  meta:
    description = "VBScript or VBA as text: an exported module, or three idioms"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/microsoft_general_purpose_programming_languages/ms-vbal/"
  strings:
    $attribute = "Attribute VB_Name = " private
    $idiom1 = "CreateObject(" nocase ascii wide private
    $idiom2 = "On Error Resume Next" nocase ascii wide private
    $idiom3 = "WScript." nocase ascii wide private
    $idiom4 = "Option Explicit" nocase ascii wide private
    $idiom5 = /\n[ \t]{0,16}End (Sub|Function|If|With)\r?\n/ nocase private
    $idiom6 = /\n[ \t]{0,16}Dim [a-z_]/ nocase private
    $idiom7 = /\n[ \t]{0,16}Set [a-z_]{1,20} ?= ?/ nocase private
    $idiom8 = /\b(Chr|ChrW|Execute|ExecuteGlobal|StrReverse|MsgBox|InputBox) ?\(/ nocase private
    $idiom9 = "GetObject(" nocase ascii wide private
  condition:
    ($attribute in (0..63) or 3 of ($idiom*)) and text_payload and uint8(0) != 0x3C and
    not script_python
}

rule script_windows_host : script {
  meta:
    description = "HTML application, Windows script file or scriptlet"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/previous-versions/ms536495(v=vs.85)"
  strings:
    $hta = /<hta:application[\s>\/]/ nocase ascii wide
    $wsf = /<(job|package|component|scriptlet|stylesheet|xsl:stylesheet)[\s>]/ nocase ascii wide
    $registration = /<registration[\s>]/ nocase ascii wide
    $script = /<(ms(xsl)?:)?script[\s>]/ nocase ascii wide
    $language = /language ?= ?["']?(jscript|vbscript|javascript|vbs)/ nocase ascii wide
  condition:
    ($hta or ($script and $language and ($wsf in (0..4095) or $registration in (0..4095)))) and text_payload
}

rule script_encoded : script {
  meta:
    description = "Script encoded by Microsoft's Script Encoder (vbe, jse)"
    plugin = "script"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/previous-versions/cbfz3598(v=vs.85)"
  strings:
    $start = /#@~\^[A-Za-z0-9+\/]{6}==/
    $end = "==^#~@"
  condition:
    $start in (0..4095) and $end
}

rule script_javascript : script {
  meta:
    description = "JavaScript or JScript in a file of its own: an ActiveX object, or a function or declaration and two idioms"
    plugin = "script, iocextract"
    save = "true"
    reference = "https://262.ecma-international.org/"
  strings:
    $activex = "new ActiveXObject" nocase private
    $code1 = "function(" private
    $code2 = "function (" private
    $code3 = /\bfunction [A-Za-z_$]/ private
    $code4 = /\b(var|let|const) [A-Za-z_$]/ private
    $code5 = "=> {" private
    $idiom1 = /["']use strict["']/ private
    $idiom2 = ".prototype." private
    $idiom3 = "module.exports" private
    $idiom4 = "String.fromCharCode" private
    $idiom5 = "document." private
    $idiom6 = "window." private
    $idiom7 = " === " private
    $idiom8 = "!== " private
    $idiom9 = "typeof " private
    $idiom10 = "console.log(" private
    $idiom11 = "JSON.parse(" private
    $idiom12 = ".charCodeAt(" private
    $idiom13 = "unescape(" private
    $idiom14 = /\beval\(/ private
    $idiom15 = /\brequire\(["']/ private
    $idiom16 = "parseInt(" private
    $idiom17 = "decodeURIComponent(" private
    $idiom18 = /\b_0x[0-9a-f]{4}/ private
    $idiom19 = "WScript." private
    $idiom20 = "setTimeout(" private
    $idiom21 = "}catch(" private
  condition:
    ($activex or (any of ($code*) and 2 of ($idiom*))) and text_payload and uint8(0) != 0x3C and
    not mail_message and not mail_mbox and not script_vbscript and not script_powershell and
    not script_batch and not script_python and not script_php
}

/* ------------------------------------------------------------------ flash */

rule flash_swf : document {
  meta:
    description = "Flash movie at the start or inside: signature, version, a length that fits, and the start of its body"
    plugin = "swfcarve"
    save = "true"
    reference = "https://open-flash.github.io/mirrors/swf-spec-19.pdf"
  strings:
    $plain = { 46 57 53 [4] 0? }
    $zlib = { 43 57 53 [4] 0? 78 (01 | 5E | 9C | DA) }
    $lzma = { 5A 57 53 [4] 0? [4] 5D 00 00 }
  condition:
    ($zlib and for any i in (1..64) : (uint8(@zlib[i] + 3) > 0 and uint8(@zlib[i] + 3) < 64)) or
    ($lzma and for any i in (1..64) : (uint8(@lzma[i] + 3) > 12 and uint8(@lzma[i] + 3) < 64)) or
    ($plain and for any i in (1..64) :
      (uint8(@plain[i] + 3) > 0 and uint8(@plain[i] + 3) < 64 and
        uint32(@plain[i] + 4) > 20 and @plain[i] + uint32(@plain[i] + 4) <= filesize and
        uint8(@plain[i] + 8) >= 0x08 and uint8(@plain[i] + 8) <= 0xC0))
}

/* ---------------------------------------------------------------- encoded */

rule encoded_xor_pe : encoded {
  meta:
    description = "Text of the DOS stub under a one-byte XOR key"
    plugin = "xordecode"
    save = "true"
    xor_plaintext_for_string_this_program = "This program"
    reference = "https://yara.readthedocs.io/en/stable/writingrules.html#xor-strings"
  strings:
    $this_program = "This program" xor(1-255)
  condition:
    $this_program
}

rule encoded_base64 : encoded {
  meta:
    description = "Base64 from end to end, of an executable, archive, document or script"
    plugin = "b64decode"
    save = "true"
    reference = "https://www.rfc-editor.org/rfc/rfc4648#section-4"
  strings:
    $start = /(TV(qQ|pQ|oA|ro|py|qA|pB)|UEsDB|0M8R4KGx|JVBERi0|H4sI|N3q8ryc|UmFyIRo|e1xydG|f0VMRg|PCFET0|PD94bW|PGh0bW|IyEv|TVNDRg|QlpoO)/
  condition:
    $start at 0 and filesize >= 64 and
    for all i in (0..63) : (
      (uint8(filesize * i \ 64) >= 0x2B and uint8(filesize * i \ 64) <= 0x7A) or
      uint8(filesize * i \ 64) == 0x0A or uint8(filesize * i \ 64) == 0x0D) and
    for all i in (1..3) : (
      (uint8(filesize - i) >= 0x2B and uint8(filesize - i) <= 0x7A) or
      uint8(filesize - i) == 0x0A or uint8(filesize - i) == 0x0D)
}

/* ------------------------------------------------------------------ media */

rule image_metadata : media {
  meta:
    description = "Image of a format that carries metadata: JPEG, PNG, GIF, TIFF, WebP, HEIF, AVIF, Photoshop"
    plugin = "exif"
    save = "true"
    reference = "https://exiftool.org/#supported"
  condition:
    uint32be(0) & 0xFFFFFF00 == 0xFFD8FF00 or
    (uint32be(0) == 0x89504E47 and uint32be(4) == 0x0D0A1A0A) or
    (uint32be(0) == 0x47494638 and (uint16be(4) == 0x3961 or uint16be(4) == 0x3761)) or
    uint32be(0) == 0x49492A00 or uint32be(0) == 0x4D4D002A or
    (uint32be(0) == 0x52494646 and uint32be(8) == 0x57454250) or
    (uint32be(0) == 0x38425053 and uint16be(4) <= 2) or
    (uint32be(4) == 0x66747970 and
      for any brand in (0x68656963, 0x68656978, 0x68657663, 0x6D696631, 0x6D736631, 0x61766966, 0x61766973) :
        (uint32be(8) == brand))
}
