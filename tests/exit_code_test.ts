/**
 * Exit codes of `scan` and `run`, side by side.
 *
 * @module
 */

import assert from "node:assert/strict";
import { runInShell, runStoq, type StoqRun, TempFolder } from "./run_stoq.ts";

const manifest = (name: string, roles: readonly string[]) =>
  JSON.stringify({ name, version: "1.0.0", description: "For tests", roles, api: 1 });

const plugin = (name: string, roles: readonly string[], code: string) => ({
  [`plugins/${name}/manifest.json`]: manifest(name, roles),
  [`plugins/${name}/mod.ts`]: code,
});

const FILES: Readonly<Record<string, string>> = {
  "in/a": "hello",
  "blocked": "a file where a folder should be",
  "routes.yar": 'rule r { meta: plugin = "peinfo" condition: true }',
  "broken.yar": "rule r { condition: nothing_known }",
  ...plugin("syntax", ["worker"], "export default () => ({ scan( }"),
  ...plugin("picky", ["worker"], 'export default () => { throw new Error("not with these options"); };'),
  ...plugin("grumpy", ["worker"], 'export default () => ({ scan() { throw new Error("not today"); } });'),
  ...plugin(
    "full",
    ["connector", "dest-archiver"],
    'export default () => ({ save() { throw new Error("disk full"); }, archive() { throw new Error("disk full"); } });',
  ),
  ...plugin(
    "unready",
    ["connector", "dest-archiver", "decorator", "dispatcher"],
    'throw new Error("not installed right");',
  ),
};

interface Case {
  readonly what: string;
  readonly words: readonly string[];
  readonly code: number;
  /** What standard error must say. */
  readonly says?: readonly RegExp[];
  /** Whether nothing may have been scanned. */
  readonly isRefused?: boolean;
}

const refused = (what: string, words: readonly string[], ...says: RegExp[]): Case => ({
  what,
  words,
  code: 2,
  says,
  isRefused: true,
});

const CASES: readonly Case[] = [
  { what: "a scan without an error", words: ["-a", "hash"], code: 0 },
  { what: "a worker that fails", words: ["-a", "grumpy"], code: 0 },
  {
    what: "a worker that fails, with --fail-on-error",
    words: ["-a", "grumpy", "--fail-on-error"],
    code: 1,
    says: [/--fail-on-error/, /not today/],
  },
  {
    what: "a route to a plugin that is not installed, with --fail-on-error",
    words: ["-R", "yara", "--plugin-opts", "yara:dispatch_rules=routes.yar", "--fail-on-error"],
    code: 0,
  },
  {
    what: "a connector that fails",
    words: ["-a", "hash", "-C", "full"],
    code: 1,
    says: [/full: connector:failed to save: .*disk full/],
  },
  {
    what: "an archiver that fails",
    words: ["-a", "hash", "-A", "full"],
    code: 1,
    says: [/full: archiver:failed to archive: .*disk full/],
  },
  {
    what: "a folder of results that can't be made",
    words: ["-a", "hash", "-C", "filedir", "--plugin-opts", "filedir:results_dir=blocked"],
    code: 1,
    says: [/filedir: connector:failed to save: /],
  },
  refused(
    "rules that do not exist",
    ["-a", "yara", "--plugin-opts", "yara:worker_rules=/nope"],
    /^stoq: Plugin "yara" failed to load: .*\/nope/,
  ),
  refused("a syntax error in a plugin", ["-a", "hash", "syntax"], /Plugin "syntax" failed to load/),
  refused(
    "options that a factory refuses, and a module that throws: both at once",
    ["-s", "picky", "-C", "unready"],
    /Plugin "picky" failed to load: .*not with these options/,
    /Plugin "unready" failed to load: .*not installed right/,
  ),
  refused(
    "an archiver that does not load",
    ["-a", "hash", "-A", "unready"],
    /Plugin "unready" failed to load/,
  ),
  refused(
    "a decorator that does not load",
    ["-a", "hash", "-D", "unready"],
    /Plugin "unready" failed to load/,
  ),
  refused("a dispatcher that does not load", ["-R", "unready"], /Plugin "unready" failed to load/),
  refused(
    "a plugin folder that does not exist",
    ["-a", "hash", "--plugin-dir", "nope"],
    /^stoq: --plugin-dir: Plugin folder ".*\/nope" can't be used: it does not exist\n$/,
  ),
  refused(
    "an unknown plugin",
    ["-a", "hahs"],
    /--always-dispatch: no plugin "hahs" is installed, did you mean "hash"\?/,
  ),
  refused("an unknown flag", ["-a", "hash", "--nonsense"], /"--nonsense" is not a flag/),
];

/** How each command is given `in/a`. */
const COMMANDS: Readonly<Record<string, { before: readonly string[]; after: readonly string[] }>> = {
  scan: { before: ["scan", "--plugin-dir", "plugins"], after: ["--", "in/a"] },
  run: {
    before: [
      "run",
      "--plugin-dir",
      "plugins",
      "--plugin-opts",
      "dirmon:source_dir=in",
      "filedir:source_dir=in",
    ],
    after: ["-P", "filedir"],
  },
};

for (const [command, { before, after }] of Object.entries(COMMANDS)) {
  for (const { what, words, code, says = [], isRefused = false } of CASES) {
    Deno.test(`${command} exits with ${code} for ${what}`, async () => {
      using folder = new TempFolder(FILES);
      // A failure is final at once: retries are not the subject.
      const env = { STOQ_MAX_DELIVERIES: "1" };
      const run = await runStoq([...before, ...words, ...after], { cwd: folder.path, env });
      assert.equal(run.code, code, run.stderr);
      for (const text of says) assert.match(run.stderr, text);
      assert.doesNotMatch(run.stderr, /Uncaught|\.ts:\d+:\d+\)/);
      if (!isRefused) return;
      assert.equal(run.stdout, "");
      assert.doesNotMatch(run.stderr, /\d+ done/);
    });
  }
}

const CONFIGURATIONS: Readonly<Record<string, RegExp>> = {
  "always_dispatch = hash, peinfo": /stoq\.cfg line 3: always_dispatch: no plugin "peinfo" is installed/,
  "plugin_dir_list = /nonexistent/plugins":
    /stoq\.cfg line 3: plugin_dir_list: Plugin folder .* does not exist/,
  "always_dispatch = yara\n[yara]\nworker_rules = broken/gone.yar":
    /^stoq: Plugin "yara" failed to load: .*gone\.yar/,
  "connectors = filedir\n[filedir]\ndate_format = %%Q": /^stoq: Plugin "filedir" failed to load: .*%Q/m,
};

for (const [lines, says] of Object.entries(CONFIGURATIONS)) {
  Deno.test(`scan and run exit with 2 for a stoq.cfg with ${JSON.stringify(lines)}`, async () => {
    using folder = new TempFolder({ ...FILES, "home/stoq.cfg": `[core]\nproviders = filedir\n${lines}\n` });
    const env = { STOQ_HOME: folder.at("home") };
    for (const words of [["scan", "in/a"], ["run", "--plugin-opts", "filedir:source_dir=in"]]) {
      const { code, stdout, stderr } = await runStoq(words, { cwd: folder.path, env });
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\d+ done/);
    }
  });
}

Deno.test("a plugin that does not load keeps every file where it is, and no provider is started", async () => {
  using folder = new TempFolder({
    ...FILES,
    ...plugin(
      "feeder",
      ["provider"],
      `export default () => ({ async *ingest() { Deno.writeTextFileSync("started", ""); } });`,
    ),
  });
  const words = [
    "run",
    "--isolation",
    "none",
    "--plugin-dir",
    "plugins",
    "-P",
    "dirmon",
    "feeder",
    "-C",
    "filedir",
    "-a",
    "yara",
  ];
  const options = [
    "dirmon:source_dir=in",
    "dirmon:existing=true",
    "dirmon:after_scan=delete",
    "yara:worker_rules=/nope",
  ];
  const { code, stderr } = await runStoq([...words, "--plugin-opts", ...options], { cwd: folder.path });
  assert.equal(code, 2, stderr);
  assert.deepEqual([folder.has("in/a"), folder.has("started"), folder.has("results")], [true, false, false]);
});

Deno.test("a plugin that does not load ends a scan although standard input has no end", async () => {
  using folder = new TempFolder(FILES);
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      // The writer holds the pipe open until the reader has gone.
      '{ while echo x 2> pipe-is-closed; do sleep 0.1; done; } | "$0" run -A --no-check "$1" scan -a syntax --plugin-dir plugins; echo "$?"',
      Deno.execPath(),
      new URL("../cli.ts", import.meta.url).href,
    ],
    cwd: folder.path,
    env: { STOQ_HOME: "/proc/nonexistent/stoq-home", NO_COLOR: "1" },
    stderr: "piped",
    stdout: "piped",
  });
  const { stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stdout), "2\n", new TextDecoder().decode(stderr));
});

/** Runs `stoq` by a shell that prints its exit code. */
async function inPipe(words: readonly string[], reader: string): Promise<StoqRun> {
  using folder = new TempFolder();
  const run = await runInShell(words, `{ "$@"; echo $? > ${folder.at("code")}; } | ${reader}`);
  return { ...run, code: Number(Deno.readTextFileSync(folder.at("code"))) };
}

Deno.test("a reader that closes its pipe loses what was not written: exit code 1, with one message", async () => {
  using folder = new TempFolder(FILES);
  const scan = ["scan", "-a", "hash", folder.at("in/a")];
  const run = [
    "run",
    "-P",
    "filedir",
    "-a",
    "hash",
    "--format",
    "jsonl",
    "--plugin-opts",
    `filedir:source_dir=${folder.at("in")}`,
  ];
  for (const words of [scan, run]) {
    const { code, stderr } = await inPipe(words, "true");
    assert.equal(code, 1, words[0]);
    assert.equal(stderr.match(/^stoq: Failed to write to standard output: Broken pipe/gm)?.length, 1, stderr);
    // A response that was written before the reader went is not lost.
    const whole = await inPipe(words, "cat");
    assert.deepEqual([whole.code, whole.stdout === ""], [0, false]);
  }
  for (const words of [["--help"], ["list"]]) assert.equal((await inPipe(words, "true")).code, 0, words[0]);
});

Deno.test("a run whose reader closes its pipe stops at once, and its files stay", async () => {
  const count = 300;
  using folder = new TempFolder(
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`in/${index}`, `content ${index}`])),
  );
  const options = ["source_dir=in", "existing=true", "settle_time=0.1", "after_scan=delete"].map((option) =>
    `dirmon:${option}`
  );
  const words = ["run", "-P", "dirmon", "-a", "hash", "--format", "jsonl", "--plugin-opts", ...options];
  const script = `cd '${folder.path}'; { "$@"; echo $? > code; } | head -n 1`;
  const { stdout, stderr } = await runInShell(words, script);
  assert.equal(Deno.readTextFileSync(folder.at("code")), "1\n");
  assert.equal(stdout.trimEnd().split("\n").length, 1);
  const [, done] = /^stoq: ([\d,]+) done, /m.exec(stderr) ?? assert.fail(stderr);
  const left = [...Deno.readDirSync(folder.at("in"))].length;
  // A file is deleted only after its line was written.
  assert.equal(left, count - Number(done));
  assert.ok(left > 0, stderr);
});

Deno.test("a file that can't be read is exit 1, one that does not exist is exit 2", async () => {
  using folder = new TempFolder({ file: "x" });
  Deno.symlinkSync("loop", folder.at("loop"));
  const scan = (path: string) => runStoq(["scan", "-a", "hash", path], { cwd: folder.path });
  assert.equal((await scan("loop")).code, 1);
  assert.equal((await scan("gone")).code, 2);
  assert.equal((await scan("gone\ufffd")).code, 2);
});

Deno.test("a provider in a process of its own is made once", async () => {
  using folder = new TempFolder({
    ...FILES,
    ...plugin(
      "feeder",
      ["provider"],
      `export default () => {
        console.log("made");
        return { async *ingest() { yield { item: { kind: "payload", payload: { content: "x" } }, settle() {} }; } };
      };`,
    ),
  });
  const words = [
    "run",
    "--isolation",
    "process",
    "--plugin-dir",
    "plugins",
    "-P",
    "feeder",
    "-C",
    "filedir",
    "-a",
    "hash",
  ];
  const { code, stderr } = await runStoq(words, { cwd: folder.path });
  assert.equal(code, 0, stderr);
  assert.equal(stderr.match(/stoq\.feeder: made/g)?.length, 1, stderr);
  assert.match(stderr, /^stoq: 1 done, /m);
});
