"""Prints as JSON what olefile finds in every compound file below a folder.

Usage: python3 olefile_answers.py FOLDER. Needs `pip install olefile` (BSD licence, https://pypi.org/project/olefile/).
"""

import hashlib
import json
import os
import sys

import olefile


def answers(path):
    with open(path, "rb") as file:
        if file.read(8) != olefile.MAGIC:
            return None
    try:
        ole = olefile.OleFileIO(path)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    entries = []
    for names in ole.listdir(streams=True, storages=True):
        own = ole.direntries[ole._find(names)]
        entry = {
            "path": names,
            "type": "storage" if own.entry_type == olefile.STGTY_STORAGE else "stream",
            "sizeBytes": own.size,
            "clsid": own.clsid,
            "modifiedMs": own.modifyTime // 10_000,
        }
        if entry["type"] == "stream":
            try:
                entry["sha256"] = hashlib.sha256(ole.openstream(names).read()).hexdigest()
            except Exception as error:
                entry["sha256"] = f"{type(error).__name__}: {error}"
        entries.append(entry)
    entries.sort(key=lambda entry: entry["path"])
    return {"rootClsid": ole.root.clsid, "entries": entries}


def main(folder):
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            found = answers(path)
            if found is not None:
                files[os.path.relpath(path, folder)] = found
    json.dump({"tool": "olefile", "version": olefile.__version__, "files": files}, sys.stdout, sort_keys=True)


main(sys.argv[1])
