import assert from "node:assert/strict";
import { type ConfigurationError, Stoq } from "../../mod.ts";
import { runInShell, runStoq, type StoqRunOptions, TempFolder } from "../run_stoq.ts";

const NAME_WITH_CONTROLS = "new\nline\x1b[31m\u202egpj";
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]/;

/** A run that must be refused: code 2, nothing on stdout, lines for people and no stack trace on stderr. */
async function refused(words: readonly string[], options?: StoqRunOptions): Promise<string> {
  const { code, stdout, stderr } = await runStoq(words, options);
  assert.deepEqual([code, stdout], [2, ""], stderr);
  assert.doesNotMatch(stderr, /Uncaught|\.ts:\d/);
  assert.doesNotMatch(stderr, CONTROLS);
  assert.ok(stderr.split("\n").slice(0, -1).every((line) => /^(?:stoq: | {2})/.test(line)), stderr);
  return stderr;
}

Deno.test("odd PATHs are refused with a message", async () => {
  using folder = new TempFolder({ empty: "" });
  assert.match(
    await refused(["scan", ".", "-a", "hash"], { cwd: folder.path }),
    /^stoq: There is nothing to scan: 1 file is empty/,
  );
  for (const file of ["empty", "/dev/null", NAME_WITH_CONTROLS, "a".repeat(5000)]) {
    const stderr = await refused(["scan", file, "-a", "hash"], { cwd: folder.path });
    assert.match(stderr, /^stoq: Can't scan "/);
    assert.ok(stderr.length < 500, stderr);
  }
  assert.match(await refused(["scan", "", "-a", "hash"]), /^stoq: A PATH must not be empty/);
});

Deno.test("a PATH that exists and can't be read is a loss: exit 1", async () => {
  using folder = new TempFolder();
  Deno.symlinkSync("loop", folder.at("loop"));
  for (const file of ["loop", "/proc/self/mem"]) {
    const { code, stdout, stderr } = await runStoq(["scan", file, "-a", "hash"], { cwd: folder.path });
    assert.deepEqual([code, stdout], [1, ""], file);
    assert.match(stderr, /^stoq: Can't scan ".*": .+\n$/);
  }
});

Deno.test("behind -- a PATH may be called -, -- or -a, and hold controls in its name", async () => {
  for (const name of ["-", "--", "-a", "--isolation=none", "a=b", NAME_WITH_CONTROLS]) {
    using folder = new TempFolder({ [name]: "hello" });
    const { code, stdout } = await runInShell(["scan", "-a", "hash"], `cd '${folder.path}' && "$@" -- *`);
    assert.equal(code, 0, name);
    assert.equal(JSON.parse(stdout).results[0].payload_meta.extra_data.filename, name);
  }
});

/** A plugin that leaves a trace as soon as its code is loaded in this process, under a name of its own or of a shipped one. */
const TRACING = (name: string, trace: string) => ({
  [`in/.p/${name}/manifest.json`]: JSON.stringify({
    name,
    version: "1.0.0",
    description: "For tests",
    roles: ["worker"],
    api: 1,
    permissions: { write: [trace] },
  }),
  [`in/.p/${name}/mod.ts`]: `Deno.writeTextFileSync(${JSON.stringify(trace)}, "");
    export default () => ({ scan: () => ({ results: 1 }) });`,
});

/** A folder with hostile names in \`in\`, and untrusted plugins in \`in/.p\`. */
class HostileFolder extends TempFolder {
  constructor(names: readonly string[]) {
    super();
    const trace = this.at("trace");
    const plugins = { ...TRACING("evil", trace), ...TRACING("hash", trace) };
    for (const [path, content] of Object.entries(plugins)) this.write(path, content);
    this.write("in/sample.txt", "hello");
    for (const name of names) this.write(`in/${name}`, "x");
  }

  /** Runs \`stoq\` by a shell in \`in\`, which must be refused without a trace; returns what standard error said. */
  async refuses(words: readonly string[], glob = "*", env = {}): Promise<string> {
    const { code, stdout, stderr } = await runInShell(words, `cd '${this.at("in")}' && "$@" ${glob}`, env);
    assert.equal(this.has("trace"), false, "an untrusted plugin was run");
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.doesNotMatch(stderr, CONTROLS);
    return stderr;
  }
}

Deno.test("the untrusted plugin leaves a trace when the user asks for it", async () => {
  using folder = new HostileFolder([]);
  const words = ["scan", "--isolation=none", "--plugin-dir=.p", "-aevil", "sample.txt"];
  const { code, stderr } = await runStoq(words, { cwd: folder.at("in") });
  assert.deepEqual([code, folder.has("trace")], [0, true], stderr);
});

const HOSTILE_NAMES: Readonly<Record<string, readonly string[]>> = {
  "flags that run an untrusted plugin in this process": ["--isolation=none", "--plugin-dir=.p", "-aevil"],
  "flags in short forms": ["--isol=none", "--plug=.p", "-sevil"],
  "a flag and its value": ["-a", "evil", "--plugin-dir=.p"],
  "a plugin folder that replaces shipped plugins": ["--plugin-dir=.p", "--isolation=none"],
  "a grant for a plugin": ["--sandbox=hash:read=*", "--plugin-dir=.p"],
  "options of a plugin": ["--plugin-opts=hash:algorithms=md5"],
  "standard input": ["-"],
  "the end of the flags": ["--"],
  "the help": ["--help"],
  "the help in short": ["-h"],
  "metadata with a line of its own": ["--request-source=x\nstoq: 1 done"],
  "controls": ["-a\x1b[2Jevil", "-\x1b]0;x\x07"],
  "characters that can't be seen": ["-\u202ea", "--\u200bx=\u2066y"],
  "no flag at all": ["-z", "--nonsense=1"],
};

for (const [what, names] of Object.entries(HOSTILE_NAMES)) {
  Deno.test(`a folder that holds files named like ${what} is refused, and behind -- it is not`, async () => {
    using folder = new HostileFolder(names);
    const stderr = await folder.refuses(["scan", "-a", "hash"]);
    const lines = stderr.trimEnd().split("\n");
    const named = names.filter((name) => name.startsWith("-"));
    assert.equal(lines.length, named.length, stderr);
    for (const line of lines) assert.match(line, /^stoq: "-.*" is a file: write \.\/-/);
    for (const name of names) {
      const { code, stdout } = await runStoq(["scan", "--always", "hash", "--", name], {
        cwd: folder.at("in"),
      });
      // With the file "--" there a single -- may be that file.
      if (names.includes("--")) assert.equal(code, 0, name);
      assert.equal(JSON.parse(stdout).results[0].payload_meta.extra_data.filename, name);
    }
    assert.equal(folder.has("trace"), false);
  });
}

Deno.test("a configuration file among hostile files is not read", async () => {
  using folder = new HostileFolder(["--config-file=c"]);
  folder.write("in/c", "[core]\nplugin_dir_list = .p\nalways_dispatch = evil\nisolation = none\n");
  assert.match(await folder.refuses(["scan"]), /"--config-file=c" is a file/);
});

Deno.test("a folder named like a flag, and a link that leads nowhere, count as files", async () => {
  using folder = new HostileFolder(["--plugin-dir=./p"]);
  Deno.symlinkSync("/nonexistent", folder.at("in/-aevil"));
  const stderr = await folder.refuses(["scan"], "*/* -*");
  assert.equal(
    stderr,
    'stoq: "--plugin-dir=./p" is a file: write ./--plugin-dir=./p, or put -- before the files\n' +
      'stoq: "--plugin-dir=." is a file: write ./--plugin-dir=., or put -- before the files\n' +
      'stoq: "-aevil" is a file: write ./-aevil, or put -- before the files\n',
  );
});

Deno.test("a name that begins with - is refused, UTF-8 or not", async () => {
  using folder = new HostileFolder([]);
  // The plugins are where the damaged name leads.
  Deno.renameSync(folder.at("in/.p"), folder.at("in/.p\ufffd"));
  const touched = await runInShell(
    [],
    `cd '${folder.at("in")}' && touch -- "$(printf -- '--plugin-dir=.p\\377')"`,
  );
  assert.doesNotMatch(touched.stderr, /touch/);
  const stderr = await folder.refuses(["scan", "-a", "hash", "--isolation", "none"]);
  assert.match(
    stderr,
    /^stoq: "--plugin-dir=\.p\ufffd" is a file: write \.\/--plugin-dir=\.p\ufffd, or put -- before/,
  );
});

Deno.test("hostile names are refused by every command", async () => {
  using folder = new HostileFolder(["--isolation=none", "--plugin-dir=.p", "-aevil"]);
  const run = ["run", "-P", "filedir", "-C", "filedir", "--plugin-opts", "filedir:source_dir=."];
  for (const words of [run, ["list"], ["test"], ["install"], ["uninstall"]]) {
    const stderr = await folder.refuses(words);
    assert.equal(stderr.match(/ is a file: write /g)?.length, 3, words[0]);
    assert.equal(folder.has("in/results"), false);
  }
});

Deno.test("names from another folder can't choose whose code runs once a PATH is named", async () => {
  using folder = new HostileFolder(["--isolation=none", "--plugin-dir=in/.p", "-ahash"]
    .map((name) => name.replaceAll("/", "\u2215")));
  const script = `cd '${folder.path}' && "$@" in/sample.txt --isolation=none --plugin-dir=in/.p -ahash`;
  const { code, stdout, stderr } = await runInShell(["scan"], script);
  assert.deepEqual([code, stdout, folder.has("trace")], [2, "", false]);
  assert.equal(
    stderr,
    ["--isolation", "--plugin-dir"].map((flag) =>
      `stoq: ${flag} must stand before the first PATH, which is "in/sample.txt": after it the flag may be the name of a file\n`
    ).join(""),
  );
});

Deno.test("the report shows no control of a name", async () => {
  using folder = new TempFolder({ [NAME_WITH_CONTROLS]: "hello" });
  const { code, stdout } = await runStoq(["scan", NAME_WITH_CONTROLS, "-a", "hash", "--format", "text"], {
    cwd: folder.path,
  });
  assert.equal(code, 0);
  assert.match(stdout, /new\\x0aline\\x1b\[31m/);
  assert.doesNotMatch(stdout, CONTROLS);
});

Deno.test("a configuration that is no text or has bad values is refused with a message", async () => {
  const references = (from: number) => `%(a${from})s`.repeat(10);
  const bomb = Array.from({ length: 9 }, (_, index) => `a${index + 1} = ${references(index)}\n`).join("");
  const texts: Record<string, string | Uint8Array> = {
    "binary": new Uint8Array(10_000).map((_, index) => index * 7),
    "UTF-16": new Uint8Array(new Uint16Array([..."\ufeff[core]\n"].map((char) => char.charCodeAt(0))).buffer),
    "controls": "[core]\nalways_dispatch = a\0\x1b[31m\u202e\n",
    "a word of 1 MB": `[core]\nalways_dispatch = ${"h".repeat(1_000_000)}\n`,
    "expanding references": `[core]\na0 = xxxxxxxxxx\n${bomb}log_level = %(a9)s\n`,
    "circular references": "[core]\na = %(b)s\nb = %(a)s\n",
    "prototypes": "[__proto__]\nx = 1\n[core]\n__proto__ = 1\nconstructor = 2\n",
    "limits": "[limits]\npayload_bytes = -1\npayloads = 1e999\nplugin_timeout = NaN\nrequest_timeout = 0\n",
  };
  for (const [what, text] of Object.entries(texts)) {
    using folder = new TempFolder({ "stoq.cfg": text, file: "x" });
    await refused(["scan", "file"], { cwd: folder.path, env: { STOQ_HOME: folder.path } })
      .catch((error) => assert.fail(`${what}: ${error.message}`));
  }
});

Deno.test("bad values in the environment and in flags are refused with a message", async () => {
  using folder = new TempFolder({ file: "x" });
  const scan = ["scan", folder.at("file"), "-a", "hash"];
  assert.match(await refused(scan, { env: { STOQ_MAX_RECURSION: "-1" } }), /STOQ_MAX_RECURSION/);
  assert.match(await refused(scan, { env: { STOQ_PAYLOAD_BYTES: "1e400" } }), /STOQ_PAYLOAD_BYTES/);
  assert.match(await refused([...scan, "--timeout", "Infinity"]), /--timeout/);
  assert.match(await refused([...scan, "--plugin-opts", "__proto__:x=1", "hash:__proto__=2"]), /__proto__/);
  assert.match(
    await refused([...scan, `\x1b[31m${"b".repeat(10)}`, "--", "second", "third"]),
    /^stoq: Can't scan "\\x1b\[31mb+": it does not exist\nstoq: Can't scan "second"/,
  );
});

Deno.test("twenty thousand words are read, and request metadata may have any key", async () => {
  using folder = new TempFolder({ file: "x" });
  const words = Array<string>(20_000).fill("hash");
  const extra = ["__proto__=1", "constructor=2", "\x1b=\x1b"];
  const { code, stdout } = await runStoq([
    "scan",
    folder.at("file"),
    "-a",
    ...words,
    "--request-extra",
    ...extra,
  ]);
  assert.equal(code, 0);
  assert.deepEqual(Object.entries(JSON.parse(stdout).request_meta.extra_data), [
    ["__proto__", "1"],
    ["constructor", "2"],
    ["\x1b", "\x1b"],
  ]);
});

Deno.test("broken plugin folders of every kind are reported and skipped", async () => {
  const good = { name: "good", version: "1.0.0", description: "For tests", roles: ["worker"], api: 1 };
  using folder = new TempFolder({
    "good/manifest.json": JSON.stringify(good),
    "good/mod.ts": "export default () => ({ scan: () => ({ results: 1 }) });",
    "binary/manifest.json": Uint8Array.of(0xff, 0xfe, 0),
    "deep/manifest.json": "[".repeat(500_000),
    "proto/manifest.json": `{"__proto__":{},${JSON.stringify(good).slice(1)}`,
    "controls/manifest.json": JSON.stringify({ ...good, "\x1b[31m\n": 1 }),
    "manifest_folder/manifest.json/file": "x",
    [`${NAME_WITH_CONTROLS}/manifest.json`]: "{",
    file: "x",
  });
  Deno.symlinkSync(".", folder.at("self"));
  Deno.symlinkSync("/nonexistent", folder.at("gone"));
  const { code, stdout, stderr } = await runStoq([
    ...["scan", "-a", "good", "hash"],
    ...["--plugin-dir", folder.path, folder.at("file")],
  ]);
  assert.deepEqual([code, JSON.parse(stdout).results[0].workers.good], [0, 1]);
  assert.equal(stderr.match(/was skipped/g)?.length, 5);
  assert.doesNotMatch(stderr, CONTROLS);
});

Deno.test("a STOQ_HOME that is a file and a stoq.cfg that is a directory are refused with a message", async () => {
  using folder = new TempFolder({ "home": "a file", "odd/stoq.cfg/x": "x", "file": "x" });
  const scan = ["scan", folder.at("file"), "-a", "hash"];
  assert.equal(
    await refused(scan, { env: { STOQ_HOME: folder.at("home") } }),
    `stoq: STOQ_HOME "${folder.at("home")}" can't be used: it is a file, must be a directory\n`,
  );
  assert.equal(
    await refused(scan, { env: { STOQ_HOME: folder.at("odd") } }),
    `stoq: Configuration file "${
      folder.at("odd/stoq.cfg")
    }" can't be read: it is a directory, must be a file\n`,
  );
  const words = ["scan", "--config-file", folder.path, folder.at("file")];
  assert.match(await refused(words), /it is a directory, must be a file/);
  using stoq = new Stoq({ stoqHome: folder.at("home"), alwaysDispatch: ["hash"] });
  await assert.rejects(stoq.scan("x"), { code: "invalid-configuration" });
});

Deno.test("of twenty thousand problems the first 20 are listed, the others counted", async () => {
  const options = Array.from({ length: 20_000 }, (_, index) => `key${index} = 1\n`);
  using folder = new TempFolder({ "stoq.cfg": `[core]\n${options.join("")}`, "file": "x" });
  const env = { STOQ_HOME: folder.path };
  const lines = (await refused(["scan", folder.at("file")], { env })).trimEnd().split("\n");
  assert.equal(lines.length, 21);
  assert.match(lines[0]!, /stoq\.cfg line 2: "key0" is not an option of \[core\]/);
  assert.equal(lines[20], "stoq: and 19,980 more");
  const list = await runStoq(["list"], { env });
  assert.equal(list.code, 2);
  assert.match(list.stderr, /\nstoq: and 19,980 more\n$/);
  using stoq = new Stoq({ stoqHome: folder.path });
  await assert.rejects(stoq.scan("x"), (error: ConfigurationError) => {
    assert.equal(error.problems.length, 20_000);
    assert.match(error.message, /\nand 19,980 more$/);
    return true;
  });
});
