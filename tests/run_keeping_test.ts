import assert from "node:assert/strict";
import { Stoq } from "../mod.ts";
import { DirmonRun, type DirmonRunOptions, namesIn, put, scannedIn } from "./dirmon_run.ts";
import { hasProcFolder, inSession, until } from "./processes.ts";
import { TempFolder } from "./run_stoq.ts";

const DELETE = "dirmon:after_scan=delete";

function files(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`in/${nameOf(index)}`, `content ${index}`]),
  );
}

function nameOf(index: number): string {
  return `file-${String(index).padStart(4, "0")}`;
}

/** Larger than what a pipe holds, in every response: no line is written that its reader has not begun to take. */
const LONG_RESPONSES = ["--request-extra", `note=${"x".repeat(100_000)}`];

for (
  const [where, words] of [["--format jsonl", ["--format", "jsonl"]], ["-C stdout", [
    "-C",
    "stdout",
  ]]] as const
) {
  Deno.test(`${where} into a pipe whose reader goes: no file is deleted whose result it did not take`, async () => {
    using folder = new TempFolder(files(20));
    await using run = DirmonRun.start(folder, {
      words: ["-a", "hash", ...words, ...LONG_RESPONSES],
      pluginOpts: [DELETE],
      env: { STOQ_MAX_DELIVERIES: "1" },
      // The reader takes less than one response and goes.
      script: 'mkfifo pipe; head -c 1000 pipe > taken & exec "$@" > pipe',
    });
    await run.says(/Broken pipe|its reader has closed it/);
    // Of that response the rest may be in the pipe, and of no other anything.
    assert.ok(namesIn(folder, "in").length >= 19);
    const code = await run.stop();
    assert.ok([1, 130].includes(code), String(code));
    assert.ok(namesIn(folder, "in").length >= 19);
  });

  Deno.test(`${where} into a full device: every file stays, and the failures are reported`, async () => {
    using folder = new TempFolder(files(5));
    await using run = DirmonRun.start(folder, {
      words: ["-a", "hash", ...words],
      pluginOpts: [DELETE],
      env: { STOQ_MAX_DELIVERIES: "1" },
      script: 'exec "$@" > /dev/full',
    });
    await run.says(/No space left on device/);
    const code = await run.stop();
    assert.ok([1, 130].includes(code), String(code));
    assert.equal(namesIn(folder, "in").length, 5);
    assert.match(run.stderr, /^stoq: 0 done/m);
  });
}

for (const words of [["--format", "jsonl"], ["-C", "stdout"]]) {
  for (const [what, redirection] of [["closed", ">&-"], ["the null device", "> /dev/null"]]) {
    Deno.test({
      name: `${words.join(" ")} where standard output is ${what} keeps nothing, and no file is gone`,
      ignore: Deno.build.os === "windows",
      async fn() {
        using folder = new TempFolder(files(2));
        await using run = DirmonRun.start(folder, {
          words: ["-a", "hash", ...words],
          pluginOpts: [DELETE],
          script: `exec "$@" ${redirection}`,
        });
        assert.equal(await run.ended(), 2);
        assert.match(run.stderr, /^stoq: Provider "dirmon" removes .*, but nothing keeps the results/m);
        assert.equal(namesIn(folder, "in").length, 2);
      },
    });
  }
}

for (const words of [["--format", "jsonl"], ["-C", "stdout"]]) {
  Deno.test({
    name: `${
      words.join(" ")
    } behind a line that was cut has lines of its own, and behind a whole one no empty one`,
    ignore: !hasProcFolder,
    async fn() {
      for (const before of ['{"cut": "x', '{"whole": 1}\n', ""]) {
        using folder = new TempFolder({ ...files(2), "out": before });
        await using run = DirmonRun.start(folder, {
          words: ["-a", "hash", ...words],
          pluginOpts: [DELETE],
          script: 'exec "$@" >> out',
        });
        await until("both files are deleted", () => namesIn(folder, "in").length === 0);
        await run.stop();
        const text = Deno.readTextFileSync(folder.at("out"));
        const lineBefore = before === "" ? "" : `${before.trimEnd()}\n`;
        assert.equal(text.slice(0, lineBefore.length), lineBefore);
        // The connector writes several lines for each response.
        const responses = text.slice(lineBefore.length).split(/(?<=\n)(?=\{)/).map((part) =>
          JSON.parse(part)
        );
        assert.equal(responses.length, 2);
      }
    },
  });
}

Deno.test("a run that keeps nothing refuses dirmon to delete, and no file is gone", async () => {
  using folder = new TempFolder(files(2));
  await using run = DirmonRun.start(folder, { words: ["-a", "hash"], pluginOpts: [DELETE] });
  assert.equal(await run.ended(), 2);
  assert.match(
    run.stderr,
    /^stoq: Provider "dirmon" removes what it delivered \(after_scan = delete\), but nothing keeps/m,
  );
  assert.equal(namesIn(folder, "in").length, 2);
});

Deno.test("where a rule says that payloads are not archived and nothing else keeps them, they stay", async () => {
  using folder = new TempFolder({
    "in/kept": "plain",
    "in/unkept": "secret",
    "rules.yar": 'rule Secret { meta: plugin = "hash" save = "False" strings: $a = "secret" condition: $a }',
  });
  await using run = DirmonRun.start(folder, {
    words: ["-a", "hash", "-R", "yara", "-A", "filedir"],
    pluginOpts: [DELETE, "yara:dispatch_rules=rules.yar"],
  });
  await run.says(/not archived/);
  await until("the other one is archived and deleted", () => !folder.has("in/kept"));
  await run.stop();
  assert.deepEqual(namesIn(folder, "in"), ["unkept"]);
  assert.match(run.stderr, /^stoq: 1 done, 1 failed/m);
});

for (
  const [role, word, method] of [["connector", "-C", "save"], ["dest-archiver", "-A", "archive"]] as const
) {
  Deno.test(`a ${role} that may not write where it keeps things costs no file`, async () => {
    using folder = new TempFolder({
      ...files(3),
      "keeper/manifest.json": JSON.stringify({
        name: "keeper",
        version: "1.0.0",
        description: "Writes where it may not",
        roles: [role],
        api: 1,
      }),
      "keeper/mod.ts":
        `export default () => ({ ${method}() { Deno.writeTextFileSync("/tmp/stoq-keeper", ""); } });`,
    });
    await using run = DirmonRun.start(folder, {
      words: ["-a", "hash", word, "./keeper"],
      pluginOpts: [DELETE],
      env: { STOQ_MAX_DELIVERIES: "1" },
    });
    await run.says(/failed to (save|archive): NotCapable: Requires write access/);
    await run.stop();
    assert.equal(namesIn(folder, "in").length, 3);
    assert.match(run.stderr, /^stoq: 0 done/m);
  });
}

/** A folder in which nothing can be created, not even by root. */
const UNWRITABLE = "/proc/nonexistent/results";

Deno.test("results that can't be written are tried again, and a final failure moves the file with its reasons", async () => {
  using folder = new TempFolder({ "in/sub/a": "a" });
  await using run = DirmonRun.start(folder, {
    pluginOpts: [DELETE, "dirmon:failed_dir=failed", `filedir:results_dir=${UNWRITABLE}`],
    env: { STOQ_MAX_DELIVERIES: "2" },
  });
  await until("the file is moved", () => folder.has("failed/sub/a") && !folder.has("in/sub/a"));
  await run.stop();
  assert.match(run.stderr, /^stoq: 0 done, 1 failed, 1 retried/m);
  assert.equal(Deno.readTextFileSync(folder.at("failed/sub/a")), "a");
  const report = JSON.parse(Deno.readTextFileSync(folder.at("failed/sub/a.stoq-error.json")));
  assert.equal(report.attempts, 2);
  assert.equal(report.errors[0].plugin, "filedir");
  assert.match(report.errors[0].error, /failed to save/);
});

Deno.test("without failed_dir a final failure leaves the file, and does not deliver it again", async () => {
  using folder = new TempFolder({ "in/a": "a", results: "a file where the folder should be" });
  await using run = DirmonRun.start(folder, {
    pluginOpts: [DELETE, "dirmon:poll_interval=0.05"],
    env: { STOQ_MAX_DELIVERIES: "1" },
  });
  await run.says(/failed to save/);
  Deno.removeSync(folder.at("results"));
  put(folder, "in/b", "b");
  await until("the next file is deleted", () => !folder.has("in/b"));
  await run.stop();
  assert.deepEqual([namesIn(folder, "in"), scannedIn(folder)], [["a"], ["b"]]);
  assert.match(run.stderr, /^stoq: 1 done, 1 failed, 2 payloads/m);
});

Deno.test("results that can be written the second time are kept, and then the file is deleted", async () => {
  using folder = new TempFolder({ "in/a": "a", results: "a file where the folder should be" });
  await using run = DirmonRun.start(folder, { pluginOpts: [DELETE] });
  await run.says(/failed to save/);
  assert.ok(folder.has("in/a"));
  Deno.removeSync(folder.at("results"));
  await until("the file is deleted", () => !folder.has("in/a"));
  assert.deepEqual(scannedIn(folder), ["a"]);
  await run.stop();
  assert.match(run.stderr, /^stoq: 1 done, [1-4] retried/m);
});

Deno.test("a scanned file that can't be moved stays, is an error of the run, and does not come again", async () => {
  using folder = new TempFolder({ "in/sub/a": "a", "done/sub": "a file where a folder should be" });
  await using run = DirmonRun.start(folder, {
    pluginOpts: ["dirmon:after_scan=move", "dirmon:move_dir=done", "dirmon:poll_interval=0.05"],
  });
  await run.says(/could not be settled: move the scanned file/);
  put(folder, "in/b", "b");
  await until("the next file is moved", () => folder.has("done/b"));
  await run.stop();
  assert.ok(folder.has("in/sub/a"));
  assert.deepEqual(scannedIn(folder), ["a", "b"]);
});

Deno.test("filedir delivers all that fails again and then ends, with any queue and number of consumers", async () => {
  using folder = new TempFolder(files(12));
  await Promise.all([[1, 1], [1, 4], [3, 1], [3, 2], [100, 20]].map(async ([maxQueue, providerConsumers]) => {
    await using stoq = new Stoq({
      stoqHome: "/proc/nonexistent/stoq-home",
      providers: ["filedir"],
      alwaysDispatch: ["hash"],
      maxQueue,
      providerConsumers,
      pluginOpts: { filedir: { sourceDir: folder.at("in") } },
    });
    const saves = new Map<unknown, number>();
    const summary = await stoq.run({
      save: ({ results }) => {
        const { filename } = results[0]!.payloadMeta.extraData;
        saves.set(filename, (saves.get(filename) ?? 0) + 1);
        return saves.get(filename) === 1 ? Promise.reject(new Error("not yet")) : Promise.resolve();
      },
    });
    const { done, failed, retried } = summary;
    assert.deepEqual({ done, failed, retried }, { done: 12, failed: 0, retried: 12 });
    assert.deepEqual([...saves.values()], Array(12).fill(2));
  }));
});

Deno.test("a run of filedir that is stopped while failures wait ends, and counts them as left", async () => {
  using folder = new TempFolder(files(3));
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    providers: ["filedir"],
    alwaysDispatch: ["hash"],
    pluginOpts: { filedir: { sourceDir: folder.at("in") } },
  });
  const stop = new AbortController();
  let settled = 0;
  const summary = await stoq.run({
    stop: stop.signal,
    save: () => Promise.reject(new Error("never")),
    onEvent: ({ kind }) => {
      if (kind === "settled" && ++settled === 3) stop.abort();
    },
  });
  assert.deepEqual([summary.done, summary.failed, summary.abandoned], [0, 0, 3]);
});

/** How often the main process is killed: `STOQ_KILLS=200 deno test -A tests/run_keeping_test.ts --filter kill` for more than this. */
const KILLS = Number(Deno.env.get("STOQ_KILLS") ?? 6);
const FILES_PER_KILL = KILLS > 10 ? 300 : 100;

const KILLED: DirmonRunOptions = {
  // One that runs in the main process and one that runs apart.
  words: ["-a", "hash", "mimetype", "-C", "filedir"],
  pluginOpts: [DELETE],
};

Deno.test({
  name:
    "a run that is killed at any moment leaves no runner, no file without a complete result, and the rest to the next run",
  ignore: !hasProcFolder,
  async fn() {
    const figures: { moment: number; left: number; results: number; outlivedMs: number }[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // From the very start to the last files; between two results it may be anywhere.
      const moment = Math.floor(Math.random() * FILES_PER_KILL);
      using folder = new TempFolder(files(FILES_PER_KILL));
      const outlivedMs = await killAt(folder, moment);
      const left = namesIn(folder, "in");
      const results = new Set(scannedIn(folder));
      for (let index = 0; index < FILES_PER_KILL; index++) {
        const name = nameOf(index);
        assert.ok(
          left.includes(name) || results.has(name),
          `${name} is lost, killed after ${moment} results`,
        );
      }
      figures.push({ moment, left: left.length, results: results.size, outlivedMs });
      await using run = DirmonRun.start(folder, KILLED);
      await until("the next run has deleted all files", () => namesIn(folder, "in").length === 0);
      await run.stop();
      const scanned = new Set(scannedIn(folder).map(ownNameOf));
      assert.equal(scanned.size, FILES_PER_KILL, `killed after ${moment} results`);
    }
    if (Deno.env.has("STOQ_KILLS")) console.table(figures);
  },
});

/** A kill between the renaming and the removal of a kept file leaves it under another name, under which it is scanned again. */
function ownNameOf(name: string): string {
  return name.replace(/^stoq-[0-9a-f]{8}-[0-9a-f-]{36}-/, "");
}

/** Kills a run when it has made a number of results; gives the milliseconds for which its processes outlived it. */
async function killAt(folder: TempFolder, results: number): Promise<number> {
  // In a session of its own, by which all that it started can be found.
  await using run = DirmonRun.start(folder, { ...KILLED, script: 'exec setsid "$@"' });
  while (namesIn(folder, "results").length < results) await new Promise((resolve) => setTimeout(resolve, 1));
  if (results === 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
  const start = performance.now();
  await run.kill();
  await until("its runners end", () => inSession(run.pid).length === 0);
  return Math.round(performance.now() - start);
}
