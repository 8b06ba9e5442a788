"""Prints as JSON what Python's zipfile finds in every zip below a folder.

Usage: python3 zipfile_answers.py FOLDER. Needs nothing but Python.
"""

import json
import os
import platform
import sys
import zipfile


def answer(path):
    if not zipfile.is_zipfile(path):
        return None
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "comment": archive.comment.decode("latin-1"),
        "entries": [
            {
                "crc32": info.CRC,
                "externalAttributes": info.external_attr,
                "flags": info.flag_bits,
                "localOffset": info.header_offset,
                "method": info.compress_type,
                "modified": modified(info.date_time),
                "name": info.orig_filename,
                "packedBytes": info.compress_size,
                "sizeBytes": info.file_size,
            }
            for info in archive.infolist()
        ],
    }


def modified(time):
    year, month, day, *clock = time
    is_time = month > 0 and day > 0 and clock[2] < 60
    return f"{year}-{month:02}-{day:02}T{clock[0]:02}:{clock[1]:02}:{clock[2]:02}" if is_time else None


def main(folder):
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            found = answer(path)
            if found is not None:
                files[os.path.relpath(path, folder)] = found
    json.dump({"tool": "zipfile", "version": platform.python_version(), "files": files}, sys.stdout, sort_keys=True)


main(sys.argv[1])
