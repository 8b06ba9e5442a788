"""Writes a RAR 5 archive by the format's description (https://www.rarlab.com/technote.htm), without packing."""
import struct
import sys
import zlib


def vint(number):
    out = b""
    while True:
        low, number = number & 0x7F, number >> 7
        out += bytes([low | (0x80 if number else 0)])
        if not number:
            return out


def block(kind, body, data=None, extra=b""):
    flags = (1 if extra else 0) | (2 if data is not None else 0)
    head = vint(kind) + vint(flags)
    head += vint(len(extra)) if extra else b""
    head += vint(len(data)) if data is not None else b""
    head += body + extra
    size = vint(len(head))
    return struct.pack("<I", zlib.crc32(size + head)) + size + head + (data or b"")


def file(name, data, mode=0o100644, extra=b""):
    body = vint(2 | 4) + vint(len(data)) + vint(mode) + struct.pack("<II", 0x66000000, zlib.crc32(data))
    return block(2, body + vint(0) + vint(1) + vint(len(name)) + name, data, extra)


def symlink(target):
    record = vint(5) + vint(1) + vint(0) + vint(len(target)) + target
    return vint(len(record)) + record


archive = b"Rar!\x1a\x07\x01\x00" + block(1, vint(0))
archive += file(b"a.txt", b"hello world\n") + file(b"../../up.txt", b"up\n")
archive += file(b"link", b"", 0o120777, symlink(b"/etc/passwd")) + block(5, vint(0))
open(sys.argv[1], "wb").write(archive)
