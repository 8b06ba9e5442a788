import assert from "node:assert/strict";
import { DirmonRun, namesIn, put, scannedIn } from "./dirmon_run.ts";
import { until } from "./processes.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";

/** Makes a file whose name has a byte that is not UTF-8, which Deno itself can't. */
async function putUnnameable(folder: string): Promise<void> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `printf bad > "$1/$(printf '\\377bad')"`, "sh", folder],
  }).output();
  assert.ok(success);
}

Deno.test({
  name:
    "a name that is not UTF-8 does not end dirmon: its file is delivered, and those beside it and after it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using folder = new TempFolder({ "in/first": "first" });
    await using run = DirmonRun.start(folder);
    const isScanned = (name: string) => scannedIn(folder).includes(name);
    await until("the first file is scanned", () => isScanned("first"));
    await putUnnameable(folder.at("in"));
    put(folder, "in/beside", "beside");
    await until("the file beside it is scanned", () => isScanned("beside") && isScanned("\ufffdbad"));
    put(folder, "in/later", "later");
    await until("the file after it is scanned", () => isScanned("later"));
    await run.stop();
    assert.doesNotMatch(run.stderr, /Uncaught|TypeError/);
    assert.match(run.stderr, /stoq: 4 done/);
  },
});

for (const roles of [["-C", "filedir"], ["-A", "filedir"], ["-A", "filedir", "-C", "filedir"]]) {
  Deno.test(`dirmon on the working folder with ${roles.join(" ")} scans each file once`, async () => {
    using folder = new TempFolder({ "in/unused": "", "a": "a", "sub/b": "b" });
    const words = ["-a", "hash", ...roles];
    await using run = DirmonRun.start(folder, {
      words,
      source: ".",
      env: { STOQ_LOG_LEVEL: "info" },
    });
    const outputs = roles.filter((word) => word.startsWith("-")).map((flag) =>
      flag === "-C" ? "results" : "archive"
    );
    await until("all files are scanned", () => outputs.every((output) => filesBelow(folder.at(output)) >= 3));
    put(folder, "later", "later");
    await until(
      "the file after them is scanned",
      () => outputs.every((output) => filesBelow(folder.at(output)) >= 4),
    );
    for (const output of outputs) await run.says(noteOf(output));
    await run.stop();
    assert.match(run.stderr, /stoq: 4 done/);
    for (const output of outputs) {
      assert.equal(filesBelow(folder.at(output)), 4);
      assert.equal(run.stderr.split(noteOf(output)).length - 1, 1, run.stderr);
    }
  });
}

/** Matches the line of the log that says that a folder is left out. */
function noteOf(output: string): RegExp {
  return new RegExp(`leave out "[^"]*/${output}": this run writes there`);
}

/** Number of files below a folder. */
function filesBelow(folder: string): number {
  try {
    return [...Deno.readDirSync(folder)].reduce(
      (sum, { name, isDirectory }) => sum + (isDirectory ? filesBelow(`${folder}/${name}`) : 1),
      0,
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

Deno.test("filedir on the working folder scans the same files the second time", async () => {
  using folder = new TempFolder({ "a": "a", "sub/b": "b" });
  const pluginOpts = ["filedir:source_dir=.", "filedir:recursive=true"];
  const words = [
    "run",
    "-P",
    "filedir",
    "-A",
    "filedir",
    "-C",
    "filedir",
    "-a",
    "hash",
    "--plugin-opts",
    ...pluginOpts,
  ];
  for (let count = 1; count <= 2; count++) {
    const { code, stderr } = await runStoq(words, { cwd: folder.path });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^stoq: 2 done/m);
    assert.equal(namesIn(folder, "results").length, 2 * count);
  }
});

Deno.test("a source to which the run writes is refused, with both names", async () => {
  using folder = new TempFolder({ "results/in/a": "a" });
  for (const [provider, expected] of [["dirmon", 2], ["filedir", 1]] as const) {
    const pluginOpts = [`${provider}:source_dir=results/in`];
    const words = ["run", "-P", provider, "-C", "filedir", "-a", "hash", "--plugin-opts", ...pluginOpts];
    const { code, stderr } = await runStoq(words, { cwd: folder.path });
    assert.equal(code, expected, stderr);
    const [source, output] = ["results/in", "results"].map(folder.at.bind(folder));
    assert.ok(stderr.includes(`got "${source}" in "${output}"`), stderr);
  }
});

Deno.test("a folder or option that dirmon can't use is refused before the run begins", async () => {
  using folder = new TempFolder({ "in/a": "a", "file": "" });
  const cases: readonly (readonly [pluginOpts: readonly string[], reason: RegExp])[] = [
    [["dirmon:source_dir=gone"], /watch ".*\/gone": No such file or directory/],
    [["dirmon:source_dir=in", "dirmon:after_scan=move"], /the option move_dir must be set/],
    [["dirmon:source_dir=in", "dirmon:failed_dir=file/x"], /of the option failed_dir: Not a directory/],
    [["dirmon:source_dir=in", "dirmon:failed_dir=in"], /the option failed_dir must not be the source folder/],
  ];
  for (const [pluginOpts, reason] of cases) {
    const words = ["run", "-P", "dirmon", "-C", "filedir", "-a", "hash", "--plugin-opts", ...pluginOpts];
    const { code, stderr } = await runStoq(words, { cwd: folder.path });
    assert.equal(code, 2, stderr);
    assert.match(stderr, reason);
    assert.deepEqual(namesIn(folder, "results"), []);
  }
});
