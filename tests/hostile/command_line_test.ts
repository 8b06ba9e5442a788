import assert from "node:assert/strict";
import { type ConfigurationError, Stoq } from "../../mod.ts";
import { runStoq, type StoqRunOptions, TempFolder } from "../run_stoq.ts";

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

Deno.test("odd FILEs are refused in words", async () => {
  using folder = new TempFolder({ empty: "" });
  Deno.symlinkSync("loop", folder.at("loop"));
  const files = [
    "",
    ".",
    "empty",
    "loop",
    "/dev/null",
    "/proc/self/mem",
    NAME_WITH_CONTROLS,
    "a".repeat(5000),
  ];
  for (const file of files) {
    assert.match(await refused(["scan", file, "-a", "hash"], { cwd: folder.path }), /can't scan/);
  }
});

Deno.test("a FILE may be called -- or -a, and hold controls in its name", async () => {
  for (const name of ["--", "-a", NAME_WITH_CONTROLS]) {
    using folder = new TempFolder({ [name]: "hello" });
    const { code, stdout } = await runStoq(["scan", "-a", "hash", "--", name], { cwd: folder.path });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).results[0].payload_meta.extra_data.filename, name);
  }
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

Deno.test("a configuration that is no text, or says nonsense, is refused in words", async () => {
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

Deno.test("nonsense in the environment and in flags is refused in words", async () => {
  using folder = new TempFolder({ file: "x" });
  const scan = ["scan", folder.at("file"), "-a", "hash"];
  assert.match(await refused(scan, { env: { STOQ_MAX_RECURSION: "-1" } }), /STOQ_MAX_RECURSION/);
  assert.match(await refused(scan, { env: { STOQ_PAYLOAD_BYTES: "1e400" } }), /STOQ_PAYLOAD_BYTES/);
  assert.match(await refused([...scan, "--timeout", "Infinity"]), /--timeout/);
  assert.match(await refused([...scan, "--plugin-opts", "__proto__:x=1", "hash:__proto__=2"]), /__proto__/);
  assert.match(
    await refused([...scan, `\x1b[31m${"b".repeat(10)}`, "--", "second", "third"]),
    /one FILE|no plugin/,
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

Deno.test("broken plugin folders are told and skipped, whatever is in them", async () => {
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
    ...["scan", folder.at("file"), "-a", "good", "hash"],
    ...["--plugin-dir", folder.path, folder.at("file"), "/nonexistent"],
  ]);
  assert.deepEqual([code, JSON.parse(stdout).results[0].workers.good], [0, 1]);
  assert.equal(stderr.match(/was skipped/g)?.length, 7);
  assert.doesNotMatch(stderr, CONTROLS);
});

Deno.test("a STOQ_HOME that is a file and a stoq.cfg that is a directory are refused in words", async () => {
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
  assert.match(await refused([...scan, "--config-file", folder.path]), /it is a directory, must be a file/);
  using stoq = new Stoq({ stoqHome: folder.at("home"), alwaysDispatch: ["hash"] });
  await assert.rejects(stoq.scan("x"), { code: "invalid-configuration" });
});

Deno.test("of twenty thousand problems the first are told, the others counted", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `key${index} = 1\n`);
  using folder = new TempFolder({ "stoq.cfg": `[core]\n${lines.join("")}`, "file": "x" });
  const env = { STOQ_HOME: folder.path };
  const told = (await refused(["scan", folder.at("file")], { env })).trimEnd().split("\n");
  assert.equal(told.length, 21);
  assert.match(told[0]!, /stoq\.cfg line 2: "key0" is not an option of \[core\]/);
  assert.equal(told[20], "stoq: and 19,980 more");
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
