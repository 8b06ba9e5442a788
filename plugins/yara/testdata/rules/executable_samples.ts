/**
 * Samples for the rules of `rules/dispatcher.yar` about programs, installers and archives behind something else.
 *
 * @module
 */

import { CAB, RAR4, RAR5, SEVEN_ZIP, TAIL_OF_ZIP, zipEnd } from "./container_samples.ts";
import { hex, hit, join, layout, le, miss, patch, type Sample } from "./sample.ts";

const STUB = "This program cannot be run in DOS mode.\r\r\n$";
const DOS_HEADER = layout(128, { 0: "MZ", 0x3C: le(128, 4), 0x4E: STUB });
/** A program for Windows: headers alone. */
export const PE = join(DOS_HEADER, layout(384, { 0: "PE\0\0", 4: hex("4c01 0300") }));
const ELF = layout(256, { 0: hex("7f454c46 020101") });
/** A compound file whose directory is at 1024. */
export const OLE = layout(2048, { 0: hex("d0cf11e0a1b11ae1"), 30: le(9, 2), 48: le(1, 4) });
/** A picture without content. */
export const PNG = layout(64, { 0: hex("89504e470d0a1a0a") });
const NSIS = hex("efbeadde 4e756c6c736f6674496e7374");
const MSI_CLASS = hex("84100c0000000000c000000000000046");

/** All samples of programs and of what programs carry. */
export const EXECUTABLE_SAMPLES: readonly Sample[] = [
  hit("executable_pe", "PE", PE, "0-1 128-131"),
  hit("executable_pe", "PE with its mark reversed", patch(PE, { 0: "ZM" }), "0-1"),
  miss("executable_pe", "DOS program", patch(DOS_HEADER, { 0x3C: le(0x10000, 4) })),
  miss("executable_pe", "program for Windows 3", patch(PE, { 128: "NE\0\0" })),
  hit("executable_elf", "ELF", ELF, "0-6"),
  miss("executable_elf", "ELF of class 3", patch(ELF, { 4: hex("03") })),
  miss("executable_elf", "ELF of version 0", patch(ELF, { 6: hex("00") })),
  hit("executable_elf", "ELF, 32 bits, big-endian", patch(ELF, { 4: hex("0102") })),
  hit(
    "executable_macho",
    "Mach-O, 64 bits",
    layout(64, { 0: hex("cffaedfe 07000001 03000000 02000000") }),
    "0-3 12-15",
  ),
  hit(
    "executable_macho",
    "Mach-O, PowerPC",
    layout(64, { 0: hex("feedface 00000012 00000000 00000002") }),
    "0-3 12-15",
  ),
  miss(
    "executable_macho",
    "Mach-O of file type 0",
    layout(64, { 0: hex("cffaedfe 07000001 03000000 00000000") }),
  ),
  hit("executable_macho", "Mach-O, 32 bits", layout(64, { 0: hex("cefaedfe 07000000 03000000 02000000") })),
  hit(
    "executable_macho",
    "Mach-O, PowerPC, 64 bits",
    layout(64, { 0: hex("feedfacf 01000012 00000000 00000002") }),
  ),
  miss(
    "executable_macho",
    "Mach-O of file type 17",
    layout(64, { 0: hex("cffaedfe 07000001 03000000 11000000") }),
  ),
  miss(
    "executable_macho",
    "Mach-O, PowerPC, of file type 0",
    layout(64, { 0: hex("feedface 00000012 00000000 00000000") }),
  ),
  miss(
    "executable_macho",
    "Mach-O, PowerPC, of file type 17",
    layout(64, { 0: hex("feedface 00000012 00000000 00000011") }),
  ),
  hit(
    "executable_macho_fat",
    "universal Mach-O",
    layout(64, { 0: hex("cafebabe 00000002 01000007") }),
    "0-7 9-11",
  ),
  miss(
    "executable_macho_fat",
    "universal Mach-O for an unknown family",
    layout(64, { 0: hex("cafebabe 00000002 01000063") }),
  ),
  hit(
    "executable_macho_fat",
    "universal Mach-O, 64 bits",
    layout(64, { 0: hex("cafebabf 00000002 01000007") }),
  ),
  miss(
    "executable_macho_fat",
    "universal Mach-O of nothing",
    layout(64, { 0: hex("cafebabe 00000000 01000007") }),
  ),
  miss(
    "executable_macho_fat",
    "universal Mach-O of 40",
    layout(64, { 0: hex("cafebabe 00000028 01000007") }),
  ),
  hit("executable_java_class", "Java class", layout(64, { 0: hex("cafebabe 00000034 0010") }), "0-3 6"),
  hit("executable_java_class", "Java class of JDK 1.0.2", layout(64, { 0: hex("cafebabe 0003002d 0010") })),
  miss("executable_java_class", "Java class of version 44", layout(64, { 0: hex("cafebabe 0000002c 0010") })),
  miss(
    "executable_java_class",
    "Java class without constants",
    layout(64, { 0: hex("cafebabe 00000034 0000") }),
  ),
  miss(
    "executable_java_class",
    "Java class of version 128",
    layout(64, { 0: hex("cafebabe 00000080 0010") }),
  ),
  hit("embedded_pe", "program behind text", join("some text ", DOS_HEADER)),
  hit("embedded_pe executable_pe", "program in a program", join(PE, PE)),
  hit(
    "embedded_pe",
    "program without a stub",
    join("text", layout(80, { 0: "MZ", 60: le(64, 4), 64: "PE\0\0" })),
  ),
  hit(
    "embedded_pe",
    "program with another stub",
    join("text", layout(144, { 0: "MZ", 60: le(128, 4), 128: "PE\0\0" })),
  ),
  miss("embedded_pe", "stub text far from any mark", join("MZ", new Uint8Array(300), STUB)),
  miss("embedded_pe", "stub text alone", join("some text ", STUB)),
  hit("executable_pe installer_nsis", "NSIS installer", join(PE, hex("00000000"), NSIS, new Uint8Array(64))),
  hit("installer_nsis", "NSIS data alone", join(hex("00000000"), NSIS, new Uint8Array(64))),
  miss("installer_nsis", "NSIS header off its boundary", join(PE, hex("0000000000"), NSIS), "executable_pe"),
  miss("installer_nsis", "NSIS header outside a program", join("12345678", NSIS)),
  miss("installer_nsis", "NSIS header at its boundary outside a program", layout(600, { 516: NSIS })),
  hit(
    "installer_msi",
    "Windows Installer package",
    patch(OLE, { 1104: MSI_CLASS }),
    "0-7 1104-1107 1112-1115",
  ),
  hit(
    "installer_msi",
    "Windows Installer package, large sectors",
    patch(layout(16384, { 0: OLE.slice(0, 512) }), {
      30: le(12, 2),
      8272: MSI_CLASS,
    }),
  ),
  miss(
    "installer_msi",
    "Installer class off the root entry",
    patch(OLE, { 1232: MSI_CLASS }),
    "document_ole",
  ),
  miss(
    "installer_msi",
    "Windows Installer package with odd sectors",
    patch(OLE, { 30: le(4, 2), 48: le(67, 4), 1168: MSI_CLASS }),
    "document_ole",
  ),
  hit("executable_pe self_extractor", "program with 7z", join(PE, SEVEN_ZIP)),
  hit("executable_elf self_extractor", "Linux program with 7z", join(ELF, SEVEN_ZIP)),
  hit("executable_pe self_extractor", "program with RAR 4", join(PE, RAR4)),
  hit("executable_pe self_extractor", "program with RAR 5", join(PE, RAR5)),
  hit("executable_pe self_extractor", "program with a cabinet", join(PE, CAB)),
  miss("self_extractor", "program with half a 7z", join(PE, SEVEN_ZIP.slice(0, 40)), "executable_pe"),
  miss("self_extractor", "program with half a cabinet", join(PE, CAB.slice(0, 50)), "executable_pe"),
  miss(
    "self_extractor",
    "program with a cabinet of no size",
    join(PE, patch(CAB, { 8: le(36, 4) })),
    "executable_pe",
  ),
  miss(
    "self_extractor",
    "program that knows RAR's mark",
    join(PE, hex("526172211a0700"), "UnRAR"),
    "executable_pe",
  ),
  miss("self_extractor", "7z in something else", join("text", SEVEN_ZIP)),
  hit("archive_zip_appended image_metadata", "picture with a zip", join(PNG, TAIL_OF_ZIP)),
  hit("archive_zip_appended executable_pe", "program with a zip", join(PE, TAIL_OF_ZIP)),
  miss("archive_zip_appended", "end of a zip without its directory", join(PNG, zipEnd(47)), "image_metadata"),
  miss(
    "archive_zip_appended",
    "zip far from the end",
    join(PNG, TAIL_OF_ZIP, new Uint8Array(66000)),
    "image_metadata",
  ),
  miss("archive_zip_appended", "OLE with a zip behind", join(OLE, TAIL_OF_ZIP), "document_ole"),
  hit("script_shebang script_with_archive", "script with gzip", join("#!/bin/sh\nexit\n", hex("1f8b0800"))),
  hit("script_shebang script_with_archive", "script with bzip2", "#!/bin/sh\nexit\nBZh91AY&SY"),
  hit(
    "script_shebang script_with_archive",
    "script with xz",
    join("#!/bin/sh\nexit\n", hex("fd377a585a0000")),
  ),
  miss(
    "script_with_archive",
    "gzip mark inside a line",
    join("#!/bin/sh\necho ", hex("1f8b0800")),
    "script_shebang",
  ),
  miss("script_with_archive", "gzip behind text", join("no script\n", hex("1f8b0800"))),
];
