/*
  Private rules that the dispatch rules of every plugin may use. `deno task gen` joins this file and plugins/<name>/dispatch.yar,
  sorted by plugin, to dispatcher.yar. A plugin's rules may use these rules and their own, no rule of another plugin.

  meta.plugin     the worker that scans the payload: the plugin whose folder holds the rule
  meta.save       "false" keeps destination archivers from storing the payload; no shipped rule sets it: the
                  operator decides what is evidence
  meta.xor_plaintext_for_string_<id>
                  what a match of $<id> reads without its XOR key, from which the yara plugin computes the key
  meta.reference  the format's specification, or the code that defines it

  Rules compile without a warning on YARA 4.2 and on YARA-X. A rule reads fixed offsets before it searches for patterns.
  A wrong route costs a call of the worker and often an error record, so a magic number of two or three bytes is
  confirmed by the fields after it. Loops over matches are bounded, because the sender chooses how many there are.
*/

private rule text_payload {
  meta:
    description = "No NUL or other low control byte among 16 bytes of the start and 16 spread over the payload, or the byte order mark of UTF-16LE"
  condition:
    filesize >= 16 and (
      uint16(0) == 0xFEFF or
      (for all i in (0..15) : (uint8(i * 7 % filesize) > 8) and for all i in (0..15) : (uint8(filesize * i \ 16) > 8))
    )
}

private rule pe_payload {
  meta:
    description = "Portable Executable: the header that e_lfanew points at is inside the payload"
    reference = "https://learn.microsoft.com/en-us/windows/win32/debug/pe-format"
  condition:
    (uint16be(0) == 0x4D5A or uint16be(0) == 0x5A4D) and uint32be(uint32(0x3C)) == 0x50450000
}

private rule elf_payload {
  meta:
    description = "ELF of a known class, byte order and version"
    reference = "https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html"
  condition:
    uint32be(0) == 0x7F454C46 and (uint8(4) == 1 or uint8(4) == 2) and (uint8(5) == 1 or uint8(5) == 2) and
    uint8(6) == 1
}
