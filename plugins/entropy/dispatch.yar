/* The worker gets what can hold a region of 16,384 bytes that the format should not have, and decides on the details. */

rule plain_markup : text {
  meta:
    description = "Markup (HTML, XML, SVG, HTA) of 16,384 bytes or more: begins with <, a byte order mark before it or not"
    plugin = "entropy"
    save = "true"
    reference = "https://html.spec.whatwg.org/, https://www.w3.org/TR/xml/"
  condition:
    filesize >= 16384 and (
      (uint8(0) == 0x3C and (uint8(1) == 0x21 or uint8(1) == 0x3F or (uint8(1) | 0x20 >= 0x61 and uint8(1) | 0x20 <= 0x7A))) or
      uint32be(0) == 0xEFBBBF3C or uint32be(0) == 0xFFFE3C00
    )
}

rule plain_batch : script {
  meta:
    description = "Batch file of 16,384 bytes or more that begins with @echo off"
    plugin = "entropy"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/echo"
  condition:
    filesize >= 16384 and uint8(0) == 0x40 and uint32be(1) | 0x20202020 == 0x6563686F and
    uint32be(5) | 0x20202020 == 0x206F6666
}

rule plain_shortcut : document {
  meta:
    description = "Windows shortcut of 16,384 bytes or more"
    plugin = "entropy"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-shllink/16cb4ca1-9339-4d0c-a68d-bf1d6cc0f943"
  condition:
    filesize >= 16384 and uint32be(0) == 0x4C000000 and uint32be(4) == 0x01140200 and
    uint32be(8) == 0 and uint32be(12) == 0xC0000000 and uint32be(16) == 0x00000046
}

rule plain_bitmap : media {
  meta:
    description = "Bitmap of 16,384 bytes or more with 24 or 32 bits for each pixel and no compression"
    plugin = "entropy"
    save = "true"
    reference = "https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage"
  condition:
    filesize >= 16384 and uint16be(0) == 0x424D and uint32(14) >= 40 and uint32(14) <= 124 and
    (uint16(28) == 24 or uint16(28) == 32) and (uint32(30) == 0 or uint32(30) == 3)
}
