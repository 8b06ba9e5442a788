#!/usr/bin/env python3
"""Records what Python's own configparser makes of every .cfg file of this folder, one .json beside each.

Run with Python 3.11 after adding a case: python3 record.py (later versions of Python name some failures differently).
With a folder as argument it records that folder instead.

A recording is either
    {"sections": {section: {option: {"value": string or null, "line": n}
                                 or {"error": class, "line": n}}}}       where the file could be read,
                                                  "inherited": true too, when it is from [DEFAULT], or
    {"error": class, "lines": [n, ...]}                                  where it could not.
"""

import configparser
import json
import pathlib
import sys


class RecordingParser(configparser.ConfigParser):
    """stoQ's parser, which also notes the line of every option; configparser tells it for failures only."""

    def __init__(self):
        self.lines = {}
        super().__init__(allow_no_value=True)

    def optionxform(self, optionstr):
        option = super().optionxform(optionstr)
        reader = sys._getframe(1)
        if reader.f_code.co_name == "_read":
            self.lines.setdefault((reader.f_locals["sectname"], option), reader.f_locals["lineno"])
        return option

    def origin_of(self, section, option):
        if (section, option) in self.lines:
            return {"line": self.lines[section, option]}
        return {"line": self.lines[self.default_section, option], "inherited": True}


def failed_lines(error):
    if isinstance(error, configparser.ParsingError) and hasattr(error, "errors"):
        return [line for line, _ in error.errors]
    trace = error.__traceback__
    while trace.tb_frame.f_code.co_name != "_read":
        trace = trace.tb_next
    return [trace.tb_frame.f_locals["lineno"]]


def record_option(parser, section, option):
    origin = parser.origin_of(section, option)
    try:
        return {"value": parser.get(section, option), **origin}
    except (configparser.Error, TypeError) as error:  # TypeError: a reference to an option without a value
        return {"error": type(error).__name__, **origin}


def record(path):
    parser = RecordingParser()
    try:
        # utf-8-sig, because we forgive a byte order mark; stoQ itself takes it for a line without section header.
        with open(path, encoding="utf-8-sig") as file:
            parser.read_file(file)
    except (configparser.Error, AttributeError) as error:  # AttributeError: continuation of an option without a value
        return {"error": type(error).__name__, "lines": failed_lines(error)}
    return {
        "sections": {
            section: {option: record_option(parser, section, option) for option in parser.options(section)}
            for section in parser.sections()
        }
    }


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    folder = folder if folder.is_dir() else folder.parent
    for path in sorted(folder.glob("*.cfg")):
        path.with_suffix(".json").write_text(json.dumps(record(path), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
