/**
 * Reads `stoq.cfg` and `.stoq` files: the dialect of Python's `configparser.ConfigParser(allow_no_value=True)`.
 *
 * Tests compare it with recordings of Python 3.11, see `testdata/record.py`. It differs in two ways: it continues after a
 * problem, and it skips a byte order mark at the start.
 *
 * @module
 */

import { Interpolator, type Lookup, quoted, type RawValue, rawValue } from "./interpolation.ts";

/** The value of a key, and its place. */
export interface CfgEntry {
  /** After interpolation; lines of a long value are separated by `\n`. `key =` is `""`, `key` alone is `undefined`. */
  readonly value: string | undefined;
  readonly file: string;
  /** Line of the key, counted from 1; for a value from `[DEFAULT]` its line there. */
  readonly line: number;
  /** Whether the value is from `[DEFAULT]`, and so perhaps not meant for this section. */
  readonly isInherited: boolean;
}

/** A part of a file that can't be used. */
export interface CfgProblem {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What failed and what is expected, without file and line. */
  readonly message: string;
}

/** The values of a file, and its problems. */
export interface CfgDocument {
  /** Section → key in lower case → value. `[DEFAULT]` is not a section: its values are in all others. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, CfgEntry>>;
  /** By line; empty when Python would have read the file and every value in it. */
  readonly problems: readonly CfgProblem[];
}

/** Most values that the sections of a file may inherit: many sections times many defaults would not fit in memory. */
const MAX_INHERITED_ENTRIES = 100_000;

/**
 * Reads a configuration text; `file` is its name for messages.
 *
 * Never throws. It keeps the valid parts of a damaged text and the first of duplicate keys, and drops values whose references fail.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { readCfg } from "./cfg_reader.ts";
 *
 * const { sections, problems } = readCfg("[core]\nhome = /opt\nlog_dir = %(home)s/logs\n= lost\n", "stoq.cfg");
 * assert.equal(sections.get("core")?.get("log_dir")?.value, "/opt/logs");
 * assert.deepEqual(problems.map(({ line }) => line), [4]);
 * ```
 */
export function readCfg(text: string, file: string): CfgDocument {
  const problems: CfgProblem[] = [];
  const report: Report = (line, message) => problems.push({ file, line, message });
  const parser = new LineParser(report);
  text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).forEach((line, index) => parser.take(line, index + 1));
  const resolver = new SectionResolver(parser.defaults, file, report);
  const sections = new Map<string, ReadonlyMap<string, CfgEntry>>();
  for (const section of parser.sections.values()) sections.set(section.name, resolver.resolve(section));
  return { sections, problems: problems.sort((a, b) => a.line - b.line) };
}

type Report = (line: number, message: string) => void;

/** A key as it is written, with the lines of its value; `undefined` for a key without value. */
interface WrittenEntry {
  readonly key: string;
  readonly line: number;
  readonly lines: string[] | undefined;
}

interface WrittenSection {
  readonly name: string;
  readonly line: number;
  readonly entries: Map<string, WrittenEntry>;
}

/** Reads a text line by line, with checks in the order of Python's. */
class LineParser {
  readonly defaults: WrittenSection = { name: "DEFAULT", line: 0, entries: new Map() };
  readonly sections = new Map<string, WrittenSection>();
  #section: WrittenSection | undefined;
  /** The key that indented lines continue. */
  #entry: WrittenEntry | undefined;
  #indent = 0;
  #hasStrayLine = false;
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  take(text: string, line: number): void {
    const content = strip(text);
    if (content === "") {
      this.#entry?.lines?.push("");
      return;
    }
    if (content.startsWith("#") || content.startsWith(";")) return;
    const indent = indentOf(text);
    if (this.#section !== undefined && this.#entry !== undefined && indent > this.#indent) {
      this.#continue(this.#section, this.#entry, content, line);
      return;
    }
    this.#indent = indent;
    const name = readHeader(content);
    if (name !== undefined) this.#open(name, line);
    else if (this.#section !== undefined) this.#entry = this.#define(this.#section, content, line);
    else this.#stray(content, line);
  }

  #continue(section: WrittenSection, entry: WrittenEntry, content: string, line: number): void {
    if (entry.lines !== undefined) entry.lines.push(content);
    else {
      this.#report(
        line,
        `Cannot add ${quoted(content)} to ${place(entry.key, section)}: the key has no value to continue, ` +
          "it should end in =, or this line should not be indented",
      );
    }
  }

  #open(name: string, line: number): void {
    const known = name === this.defaults.name ? this.defaults : this.sections.get(name);
    if (known !== undefined && known !== this.defaults) {
      this.#report(line, `Cannot open section ${quoted(name)} again: it is on line ${known.line} already`);
    }
    this.#section = known ?? { name, line, entries: new Map() };
    this.#entry = undefined;
    if (known === undefined) this.sections.set(name, this.#section);
  }

  #define(section: WrittenSection, content: string, line: number): WrittenEntry | undefined {
    const entry = readEntry(content, line);
    if (entry.key === "") {
      this.#report(line, `Cannot read ${quoted(content)}: a key should stand before the delimiter`);
      return undefined;
    }
    const known = section.entries.get(entry.key);
    if (known === undefined) section.entries.set(entry.key, entry);
    else {
      this.#report(
        line,
        `Cannot set ${place(entry.key, section)} again: it is on line ${known.line} already, which is kept`,
      );
    }
    // Indented lines continue the duplicate; otherwise they would be read as keys.
    return entry;
  }

  #stray(content: string, line: number): void {
    if (this.#hasStrayLine) return;
    this.#hasStrayLine = true;
    const reason = content.startsWith("[")
      ? 'the name of a section should end with "]"'
      : "a section such as [core] should be opened before it";
    this.#report(line, `Cannot read ${quoted(content)}: ${reason}`);
  }
}

/** The value that is written for a key, its lines joined. */
type WrittenValue = RawValue & { readonly line: number };

/** Adds inherited values to each section, and replaces references. */
class SectionResolver {
  readonly #defaults: ReadonlyMap<string, WrittenValue>;
  readonly #file: string;
  readonly #report: Report;
  readonly #interpolator = new Interpolator();
  readonly #reported = new Set<string>();
  #inheritedEntries = 0;

  constructor(defaults: WrittenSection, file: string, report: Report) {
    this.#defaults = joinLines(defaults);
    this.#file = file;
    this.#report = report;
  }

  resolve(section: WrittenSection): ReadonlyMap<string, CfgEntry> {
    const own = joinLines(section);
    const written = new Map([...this.#inherited(section), ...own]);
    const lookup: Lookup = (name) => written.get(name) ?? this.#defaults.get(name);
    const entries = new Map<string, CfgEntry>();
    for (const [key, { line, value, hasPercent }] of written) {
      const result = hasPercent ? this.#interpolator.interpolate(value, lookup) : { value };
      if ("reason" in result) this.#reportOnce(line, result.reason, place(key, section));
      else entries.set(key, { value: result.value, file: this.#file, line, isInherited: !own.has(key) });
    }
    return entries;
  }

  #inherited(section: WrittenSection): ReadonlyMap<string, WrittenValue> {
    if (this.#inheritedEntries > MAX_INHERITED_ENTRIES) return new Map();
    this.#inheritedEntries += this.#defaults.size;
    if (this.#inheritedEntries <= MAX_INHERITED_ENTRIES) return this.#defaults;
    this.#report(
      section.line,
      `Cannot add [DEFAULT] to section ${quoted(section.name)} and those after it: ` +
        `the sections of a file should inherit at most ${MAX_INHERITED_ENTRIES} values`,
    );
    return new Map();
  }

  /** A default that fails in the same way in every section is reported once. */
  #reportOnce(line: number, reason: string, where: string): void {
    const mistake = `${line}:${reason}`;
    if (this.#reported.has(mistake)) return;
    this.#reported.add(mistake);
    this.#report(line, `Cannot interpolate ${where}: ${reason}`);
  }
}

function joinLines(section: WrittenSection): Map<string, WrittenValue> {
  const values = new Map<string, WrittenValue>();
  for (const { key, line, lines } of section.entries.values()) {
    values.set(key, { line, ...rawValue(lines && strip(lines.join("\n"), 0)) });
  }
  return values;
}

/** The name in `[name]`: up to the last bracket, spaces included; what follows that bracket is ignored. */
function readHeader(content: string): string | undefined {
  const close = content.lastIndexOf("]");
  return content.startsWith("[") && close >= 2 ? content.slice(1, close) : undefined;
}

function readEntry(content: string, line: number): WrittenEntry {
  const delimiter = content.search(/[=:]/);
  if (delimiter < 0) return { key: content.toLowerCase(), line, lines: undefined };
  const key = strip(content.slice(0, delimiter)).toLowerCase();
  return { key, line, lines: [strip(content.slice(delimiter + 1))] };
}

function place(key: string, section: WrittenSection): string {
  return `${quoted(key)} of section ${quoted(section.name)}`;
}

/** White space of Python's `str.strip`: `trim` would also remove U+FEFF, and would keep U+001C to U+001F and U+0085. */
function isSpace(char: string): boolean {
  const code = char.charCodeAt(0);
  return (code >= 0x1c && code <= 0x1f) || code === 0x85 || (char !== "\ufeff" && char.trim() === "");
}

/** Index of the first character that is not white space, or the length. */
function indentOf(text: string): number {
  let start = 0;
  while (start < text.length && isSpace(text.charAt(start))) start++;
  return start;
}

/** By hand, since `/\s+$/` takes quadratic time on a long run of spaces inside a line. */
function strip(text: string, start = indentOf(text)): string {
  let end = text.length;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
