"""Prints as JSON what pefile finds in every PE file below a folder.

Usage: python3 pefile_answers.py FOLDER. Needs `pip install pefile` (MIT licence, https://pypi.org/project/pefile/).
"""

import json
import os
import sys

import pefile


def text(value):
    return None if value is None else bytes(value).decode("latin-1")


def imports(pe, name):
    return [
        {
            "library": text(library.dll),
            "functions": [
                {"name": None if function.import_by_ordinal else text(function.name), "ordinal": function.ordinal, "hint": function.hint}
                for function in library.imports
            ],
        }
        for library in getattr(pe, name, [])
    ]


def exports(pe):
    directory = getattr(pe, "DIRECTORY_ENTRY_EXPORT", None)
    return [
        {"ordinal": symbol.ordinal, "name": text(symbol.name), "rva": symbol.address, "forwarder": text(symbol.forwarder)}
        for symbol in sorted(directory.symbols if directory else [], key=lambda symbol: symbol.ordinal)
    ]


def identifier(entry):
    return entry.id if entry.name is None else entry.name.decode()


def resources(pe):
    found = []
    for kind in getattr(pe, "DIRECTORY_ENTRY_RESOURCE", None) and pe.DIRECTORY_ENTRY_RESOURCE.entries or []:
        for name in kind.directory.entries if hasattr(kind, "directory") else []:
            for language in name.directory.entries if hasattr(name, "directory") else []:
                if hasattr(language, "data"):
                    data = language.data.struct
                    ids = [identifier(kind), identifier(name), identifier(language)]
                    found.append({"ids": ids, "rva": data.OffsetToData, "sizeBytes": data.Size})
    return found


def versions(pe):
    tables = []
    for info in getattr(pe, "FileInfo", []):
        for block in info:
            for table in getattr(block, "StringTable", []):
                texts = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in table.entries.items()}
                tables.append({"language": table.LangID.decode(), "texts": texts})
    return tables


def answer(path):
    try:
        pe = pefile.PE(path)
    except Exception:
        return None
    rich = pe.parse_rich_header()
    overlay = pe.get_overlay_data_start_offset()
    return {
        "delayedImports": imports(pe, "DIRECTORY_ENTRY_DELAY_IMPORT"),
        "exports": exports(pe),
        "imageBase": str(pe.OPTIONAL_HEADER.ImageBase),
        "importHash": pe.get_imphash(),
        "imports": imports(pe, "DIRECTORY_ENTRY_IMPORT"),
        "machine": pe.FILE_HEADER.Machine,
        "overlayOffset": overlay,
        "resources": resources(pe),
        "richKey": int.from_bytes(rich["key"], "little") if rich else None,
        "sections": [[text(section.Name).rstrip("\0"), section.VirtualAddress, section.SizeOfRawData] for section in pe.sections],
        "versions": versions(pe),
    }


def main(folder):
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            found = answer(path)
            if found is not None:
                files[os.path.relpath(path, folder)] = found
    json.dump({"tool": "pefile", "version": pefile.__version__, "files": files}, sys.stdout, sort_keys=True)


main(sys.argv[1])
