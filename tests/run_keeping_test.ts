import assert from "node:assert/strict";
import { Stoq } from "../mod.ts";
import { DirmonRun, files, namesIn, put, scannedIn } from "./dirmon_run.ts";
import { hasProcFolder, until } from "./processes.ts";
import { TempFolder } from "./run_stoq.ts";

const DELETE = "dirmon:after_scan=delete";

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
