import assert from "node:assert/strict";
import { type CfgDocument, type CfgEntry, readCfg } from "./cfg_reader.ts";

/** What `testdata/record.py` writes. */
type RecordedOption =
  & { readonly line: number; readonly inherited?: true }
  & ({ readonly value: string | null } | { readonly error: string });
type Recording =
  | { readonly sections: Readonly<Record<string, Readonly<Record<string, RecordedOption>>>> }
  | { readonly error: string; readonly lines: readonly number[] };

const testdata = new URL("testdata/", import.meta.url);
const cases = [...Deno.readDirSync(testdata)]
  .filter(({ name }) => name.endsWith(".cfg"))
  .map(({ name }) => name.slice(0, -".cfg".length))
  .sort();

function readCase(name: string): string {
  // Keeps the byte order mark, which is for the reader to skip.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return decoder.decode(Deno.readFileSync(new URL(`${name}.cfg`, testdata)));
}

/** Exception of Python → words of the message. */
const WORDING: Readonly<Record<string, RegExp>> = {
  AttributeError: /: the key has no value to continue, /,
  DuplicateOptionError: /^Cannot set .+ again: |: a key should stand before the delimiter$/,
  DuplicateSectionError: /^Cannot open section .+ again: /,
  InterpolationDepthError: / nested more than 10 deep, /,
  InterpolationMissingOptionError: / names no key of this section /,
  InterpolationSyntaxError: / is not a reference: /,
  MissingSectionHeaderError:
    /: a section such as \[core\] should be opened before it$|: the name of a section should end with "\]"$/,
  ParsingError: /: a key should stand before the delimiter$/,
  TypeError: / names a key that has no value$/,
};

function assertProblem(document: CfgDocument, line: number, error: string, start: string) {
  const messages = document.problems.filter((problem) => problem.line === line).map(({ message }) => message);
  const isNamed = messages.some((message) => message.startsWith(start) && WORDING[error]!.test(message));
  assert.ok(isNamed, `no ${error} on line ${line}, but ${JSON.stringify(messages)}`);
}

function messageOf(text: string): string {
  const { problems } = readCfg(text, "x.cfg");
  assert.equal(problems.length, 1, JSON.stringify(problems));
  return problems[0]!.message;
}

function assertRead(document: CfgDocument, sections: Extract<Recording, { sections: unknown }>["sections"]) {
  const expected = new Map<string, Map<string, CfgEntry>>();
  const failed = new Set<number>();
  for (const [section, options] of Object.entries(sections)) {
    const entries = new Map<string, CfgEntry>();
    for (const [option, recorded] of Object.entries(options)) {
      if ("error" in recorded) {
        failed.add(recorded.line);
        assertProblem(document, recorded.line, recorded.error, `Cannot interpolate "${option}" of `);
        continue;
      }
      const { value, line, inherited = false } = recorded;
      entries.set(option, { value: value ?? undefined, file: "x.cfg", line, isInherited: inherited });
    }
    expected.set(section, entries);
  }
  assert.deepEqual(document.sections, expected);
  assert.deepEqual(new Set(document.problems.map(({ line }) => line)), failed);
}

for (const name of cases) {
  Deno.test(`reads testdata/${name}.cfg as Python does`, () => {
    const recording: Recording = JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, testdata)));
    const document = readCfg(readCase(name), "x.cfg");
    if ("sections" in recording) assertRead(document, recording.sections);
    else {
      assert.ok(recording.lines.length > 0);
      for (const line of recording.lines) assertProblem(document, line, recording.error, "Cannot ");
    }
  });
}

Deno.test("every failure that Python knows is among the cases", () => {
  const errors = new Set<string>();
  for (const name of cases) {
    const text = Deno.readTextFileSync(new URL(`${name}.json`, testdata));
    for (const [, error] of text.matchAll(/"error": "(\w+)"/g)) errors.add(error!);
  }
  assert.deepEqual([...errors].sort(), Object.keys(WORDING));
  assert.ok(cases.length >= 100);
});

Deno.test("a damaged file keeps what is good and names each problem with its line, in order", () => {
  const text = `stray = 1
another
[DEFAULT]
home = /opt
[core]
a = %(nothing)s
b = 1
  more
b = 2
  of the second
flag
  continued
= nameless
c = %(home)s
[yara]
d = 50%
[core]
e = 2
c = 3
`;
  const { sections, problems } = readCfg(text, "dir/stoq.cfg");
  const entry = (value: string | undefined, line: number, isInherited = false) => ({
    value,
    file: "dir/stoq.cfg",
    line,
    isInherited,
  });
  assert.deepEqual(
    sections,
    new Map([
      [
        "core",
        new Map([
          ["home", entry("/opt", 4, true)],
          ["b", entry("1\nmore", 7)],
          ["flag", entry(undefined, 11)],
          ["c", entry("/opt", 14)],
          ["e", entry("2", 18)],
        ]),
      ],
      ["yara", new Map([["home", entry("/opt", 4, true)]])],
    ]),
  );
  assert.deepEqual(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`), [
    'dir/stoq.cfg:1: Cannot read "stray = 1": a section such as [core] should be opened before it',
    'dir/stoq.cfg:6: Cannot interpolate "a" of section "core": "%(nothing)s" names no key of this section or of ' +
    "[DEFAULT], a percent sign that is meant literally should be %%",
    'dir/stoq.cfg:9: Cannot set "b" of section "core" again: it is on line 7 already, which is kept',
    'dir/stoq.cfg:12: Cannot add "continued" to "flag" of section "core": the key has no value to continue, ' +
    "it should end in =, or this line should not be indented",
    'dir/stoq.cfg:13: Cannot read "= nameless": a key should stand before the delimiter',
    'dir/stoq.cfg:16: Cannot interpolate "d" of section "yara": "%" is not a reference: write %(name)s, or %% ' +
    "for a percent sign",
    'dir/stoq.cfg:17: Cannot open section "core" again: it is on line 5 already',
    'dir/stoq.cfg:19: Cannot set "c" of section "core" again: it is on line 14 already, which is kept',
  ]);
});

Deno.test("a default that fails alike in every section is one problem", () => {
  const { problems } = readCfg("[DEFAULT]\nbad = %(none)s\n[a]\n[b]\nnone = 1\n[c]\n", "x.cfg");
  assert.deepEqual(problems.map(({ line }) => line), [2]);
});

Deno.test("a message cuts long text and escapes control and direction characters", () => {
  const message = messageOf(`[a]\nk = %\u001b[2J\u202e\u0085"${"x".repeat(5000)}\n`);
  assert.match(message, /"%\\x1b\[2J\\u\{202e\}\\x85"x{70,80}…"/);
  assert.ok(message.length < 300);
});

Deno.test("references that multiply are cut off, without harm to other values", () => {
  const multiply = (leaf: string) => {
    const level = (index: number) => `k${index} = ${`%(k${index + 1})s`.repeat(40)}\n`;
    const levels = Array.from({ length: 9 }, (_, index) => level(index)).join("");
    return readCfg(`[a]\n${levels}k9 = ${leaf}\nlast = %(k9)s\n`, "x.cfg");
  };
  for (const leaf of ["ha", "", "%%"]) {
    const { sections, problems } = multiply(leaf);
    assert.match(
      problems[0]!.message,
      /^Cannot interpolate "k0" of section "a": its references expand to more than/,
    );
    assert.ok(sections.get("a")?.has("last"));
    assert.equal(sections.get("a")?.get("k8")?.value, leaf.replace("%%", "%").repeat(40));
  }
});

Deno.test("many values that are each just small enough are cut off as well", () => {
  const values = Array.from({ length: 50 }, (_, index) => `k${index} = ${"%(big)s".repeat(99)}\n`).join("");
  const { sections, problems } = readCfg(`[a]\nbig = ${"x".repeat(10_000)}\n${values}after = 1\n`, "x.cfg");
  // A value without references costs nothing: 10,000 characters of "big".
  const total = [...sections.get("a")!.values()].reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  assert.ok(total <= 10_010_001, `${total} characters`);
  assert.equal(problems.length + sections.get("a")!.size, 52);
  assert.equal(sections.get("a")?.get("after")?.value, "1");
});

Deno.test("many sections do not multiply with many defaults", () => {
  const defaults = Array.from({ length: 1000 }, (_, index) => `d${index} = 1\n`).join("");
  const names = Array.from({ length: 1000 }, (_, index) => `[s${index}]\nk = %(d1)s\n`).join("");
  const { sections, problems } = readCfg(`[DEFAULT]\n${defaults}${names}`, "x.cfg");
  const entries = [...sections.values()].reduce((sum, section) => sum + section.size, 0);
  assert.equal(entries, 100 * 1000 + 1000);
  assert.equal(sections.get("s999")?.get("k")?.value, "1");
  assert.deepEqual(problems.map(({ line }) => line), [1002 + 2 * 100]);
  assert.match(problems[0]!.message, /^Cannot add \[DEFAULT\] to section "s100" and those after it: /);
});

Deno.test("long runs of one character end", () => {
  const count = 300_000;
  for (const run of [" ", "\t", "%", "%(", "%(x", "[", "]", "=", "\r", "\n", "\u00a0", "#", "%(x)s"]) {
    const long = run.repeat(count);
    for (
      const text of [
        long,
        `[a]\nk = ${long}.`,
        `[a]\nk${long}.`,
        `[${long}]\nk = 1`,
        `[a]\nk = x\n ${long}.${long}`,
      ]
    ) {
      const { sections, problems } = readCfg(text, "x.cfg");
      assert.ok(sections.size <= 1);
      assert.ok(problems.length <= 2);
    }
  }
});

/** What holds of every document, however damaged its text. */
function assertSane(text: string) {
  const { sections, problems } = readCfg(text, "x.cfg");
  const lineCount = text.split(/\r\n|\r|\n/).length;
  const isLine = (line: number) => Number.isInteger(line) && line >= 1 && line <= lineCount;
  let last = 1;
  for (const { line, message } of problems) {
    assert.ok(isLine(line) && line >= last, JSON.stringify(text));
    assert.match(message, /^Cannot [^\n]+: [^\n]+$/);
    last = line;
  }
  for (const section of sections.values()) {
    for (const [key, { line }] of section) {
      assert.ok(isLine(line) && key !== "" && key === key.toLowerCase(), JSON.stringify(text));
    }
  }
}

Deno.test("a text cut at any offset is read without an exception", () => {
  for (const name of cases) {
    const text = readCase(name);
    // One case is 5,000 times the same character.
    for (let end = 0; end <= Math.min(text.length, 2000); end++) assertSane(text.slice(0, end));
  }
});

Deno.test("a text with any character replaced is read without an exception", () => {
  for (const name of cases) {
    const text = readCase(name);
    for (let at = 0; at < Math.min(text.length, 500); at++) {
      for (const char of "\n[]=%() #") assertSane(text.slice(0, at) + char + text.slice(at + 1));
    }
  }
});

Deno.test("a section whose bracket is not closed is said to be that", () => {
  const { problems } = readCfg("[core\nmax_recursion = 3\n", "stoq.cfg");
  assert.deepEqual(problems.map(({ message }) => message), [
    'Cannot read "[core": the name of a section should end with "]"',
  ]);
});
