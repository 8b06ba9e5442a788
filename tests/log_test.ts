/** Logs through the entry points: the command line with a real file, and two libraries in one process. */

import assert from "node:assert/strict";
import { Stoq, type StoqOptions } from "../mod.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";

/** A worker that runs some code, as files below `plugins`. */
function worker(name: string, code: string): Record<string, string> {
  const manifest = { name, version: "1.0.0", description: "A worker", roles: ["worker"], api: 1 };
  return {
    [`plugins/${name}/manifest.json`]: JSON.stringify(manifest),
    [`plugins/${name}/mod.ts`]: `export default (_, { log }) => ({ scan(payload) { ${code} return {}; } });`,
  };
}

function linesOf(folder: TempFolder, name: string): string[] {
  return Deno.readTextFileSync(folder.at(name)).split("\n").slice(0, -1);
}

const CFG = `[core]
plugin_dir_list = plugins
log_dir = logs
log_syntax = json
log_maxbytes = 1 kB
log_backup_count = 2
`;

Deno.test("a scan writes its log to the files that stoq.cfg names, and only plugins' lines to standard error", async () => {
  const chatty =
    'for (let i = 0; i < 40; i++) log.info("line " + i); log.warn("a\\nb\\u001b[2J"); throw new Error("no");';
  using folder = new TempFolder({ "stoq.cfg": CFG, "input": "x", ...worker("chatty", chatty) });
  const words = ["scan", folder.at("input"), "-a", "chatty", "--format", "jsonl"];
  const { code, stdout, stderr } = await runStoq(words, { env: { STOQ_HOME: folder.path } });
  assert.equal(code, 0);
  const { scan_id: scanId, errors } = JSON.parse(stdout);
  assert.equal(errors.length, 1);
  const names = [...Deno.readDirSync(folder.at("logs"))].map(({ name }) => name).sort();
  assert.deepEqual(names, ["stoq.log", "stoq.log.1", "stoq.log.2"]);
  const filed = names.toReversed().flatMap((name) => linesOf(folder, `logs/${name}`)).map((line) =>
    JSON.parse(line)
  );
  const failure = filed.at(-1);
  assert.deepEqual(
    [failure.name, failure.levelname, failure.code, failure.plugin, failure.scan_id],
    ["stoq", "WARNING", "plugin-failed", "chatty", scanId],
  );
  assert.equal(filed.at(-2).message, "a\nb\x1b[2J");
  const shown = stderr.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assert.equal(shown.length, 41);
  assert.deepEqual(filed.slice(0, -1), shown.slice(1 - filed.length));
});

Deno.test("a log folder that can't be written is a configuration error, and stoq test reports it", async () => {
  using folder = new TempFolder({ "input": "x", "file": "" });
  const env = { STOQ_LOG_DIR: folder.at("file/logs") };
  const problem = `log_dir "${folder.at("file/logs")}" can't be written: `;
  const provider = ["-P", "filedir", "--plugin-opts", `filedir:source_dir=${folder.path}`];
  for (const words of [["scan", folder.at("input"), "-a", "hash"], ["run", ...provider, "-a", "hash"]]) {
    const { code, stdout, stderr } = await runStoq(words, { env });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.ok(stderr.startsWith(`stoq: ${problem}`));
  }
  const tested = await runStoq(["test", "hash", "--format", "json"], { env });
  assert.equal(tested.code, 1);
  assert.match(tested.stdout, /can't be written/);
  await using stoq = new Stoq({ logDir: folder.at("file/logs"), alwaysDispatch: ["hash"] });
  await assert.rejects(stoq.scan("x"), { name: "StoqError", code: "invalid-configuration" });
});

Deno.test("list and a test of the installation leave the log alone", async () => {
  using folder = new TempFolder();
  const env = { STOQ_LOG_DIR: folder.at("logs") };
  assert.equal((await runStoq(["list"], { env })).code, 0);
  assert.throws(() => Deno.statSync(folder.at("logs")), Deno.errors.NotFound);
});

const LOUD = 'log.warn(new TextDecoder().decode(payload.content)); log.debug("unheard");';

Deno.test("two instances in one process log to two folders, each line once and in its own", async () => {
  using folder = new TempFolder(worker("loud", LOUD));
  const open = (name: string, options: StoqOptions) =>
    new Stoq({
      stoqHome: folder.path,
      logDir: folder.at(name),
      alwaysDispatch: ["loud"],
      pluginDirList: [folder.at("plugins")],
      isolation: "none",
      ...options,
    });
  {
    await using first = open("first", {});
    await using second = open("second", { logSyntax: "json" });
    await using silent = open("silent", { logLevel: "error" });
    await Promise.all([first.scan("one"), second.scan("two"), silent.scan("three"), first.scan("four")]);
  }
  assert.deepEqual(linesOf(folder, "first/stoq.log").map((line) => line.replace(/^\S+ /, "")).sort(), [
    "WARNING] stoq.loud: four",
    "WARNING] stoq.loud: one",
  ]);
  const [line, ...others] = linesOf(folder, "second/stoq.log");
  assert.deepEqual([JSON.parse(line!).message, others], ["two", []]);
  assert.deepEqual(linesOf(folder, "silent/stoq.log"), []);
});

Deno.test("output and log lines of a plugin in a process have its name, and a flood of them is cut", async () => {
  const flood =
    'console.log("printed"); Deno.stdout.writeSync(new TextEncoder().encode("past the console\\n"));' +
    'for (let i = 0; i < 5_000; i++) log.info("flood " + i);';
  using folder = new TempFolder(worker("flood", flood));
  {
    await using stoq = new Stoq({
      stoqHome: folder.path,
      logDir: folder.at("logs"),
      alwaysDispatch: ["flood"],
      pluginDirList: [folder.at("plugins")],
      isolation: "process",
      logMaxbytes: Infinity,
    });
    const { errors } = await stoq.scan("x");
    assert.deepEqual(errors, []);
  }
  const lines = linesOf(folder, "logs/stoq.log");
  assert.ok(lines.every((line) => line.includes("] stoq.flood: ")));
  for (const text of ["printed", "past the console", "flood 0", "flood 900"]) {
    assert.ok(lines.some((line) => line.endsWith(`: ${text}`)), text);
  }
  const dropped = lines.filter((line) => / lines were dropped: /.test(line));
  const counted = dropped.reduce((sum, line) => sum + Number(/(\d+) lines were/.exec(line)![1]), 0);
  assert.equal(lines.length - dropped.length + counted, 5_002);
  assert.ok(dropped.length <= 2 && counted >= 3_000);
});
