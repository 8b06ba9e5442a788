import assert from "node:assert/strict";
import { Stoq } from "../mod.ts";
import { runStoq, startStoq, TempFolder } from "./run_stoq.ts";

const files = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`in/${index}.txt`, `content ${index}`]));

Deno.test("run scans every file of a folder and saves every response", async () => {
  using folder = new TempFolder(files(30));
  const words = [
    "run",
    "-P",
    "filedir",
    "-C",
    "filedir",
    "-a",
    "hash",
    "--plugin-opts",
    "filedir:source_dir=in",
  ];
  const { code, stdout, stderr } = await runStoq(words, { cwd: folder.path });
  assert.equal(code, 0);
  assert.equal(stdout, "");
  assert.match(stderr, /^stoq: 30 done, 30 payloads, 0\.0 MB, 0 errors, [\d.]+ s, [\d.]+\/s\n$/);
  const saved = [...Deno.readDirSync(folder.at("results"))].map(({ name }) =>
    JSON.parse(Deno.readTextFileSync(folder.at(`results/${name}`)))
  );
  const names = saved.map(({ results }) => results[0].payload_meta.extra_data.filename);
  assert.deepEqual(new Set(names), new Set(Object.keys(files(30)).map((path) => path.slice("in/".length))));
});

Deno.test("--format jsonl prints a line for each response", async () => {
  using folder = new TempFolder(files(5));
  const { code, stdout } = await runStoq(
    ["run", "-P", "filedir", "-a", "hash", "--format", "jsonl", "--plugin-opts", "filedir:source_dir=in"],
    { cwd: folder.path },
  );
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 5);
});

Deno.test("an empty file is a payload of size 0", async () => {
  using folder = new TempFolder({ "in/empty": "" });
  const { code, stdout } = await runStoq(
    ["run", "-P", "filedir", "-a", "hash", "--format", "jsonl", "--plugin-opts", "filedir:source_dir=in"],
    { cwd: folder.path },
  );
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).results[0].size, 0);
});

Deno.test("a run without provider, or with a FILE, does not start", async () => {
  const idle = await runStoq(["run", "-a", "hash"]);
  assert.deepEqual([idle.code, idle.stderr], [
    2,
    "stoq: run needs a provider: name one with -P, or as providers in stoq.cfg\n",
  ]);
  assert.match((await runStoq(["run", "x", "-P", "filedir"])).stderr, /^stoq: run takes no PATH, got "x"\n/);
});

Deno.test("a provider that has no source is refused before the run begins", async () => {
  for (const provider of ["dirmon", "filedir"]) {
    const { code, stderr } = await runStoq(["run", "-P", provider, "-a", "hash"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      new RegExp(`--plugin-opts ${provider}:source_dir=VALUE, or as .* in section \\[${provider}\\]`),
    );
  }
});

Deno.test("a provider that fails is reported, and the run exits with 1", async () => {
  const words = ["run", "-P", "filedir", "-a", "hash", "--plugin-opts", "filedir:source_dir=/no/such/folder"];
  const { code, stderr } = await runStoq(words);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^stoq: filedir: provider:failed to ingest: ingest "\/no\/such\/folder": No such file/m,
  );
});

Deno.test("results that can't be saved are failures, and the run exits with 1", async () => {
  using folder = new TempFolder({ ...files(2), results: "a file where the folder should be" });
  const { code, stderr } = await runStoq(
    ["run", "-P", "filedir", "-C", "filedir", "-a", "hash", "--plugin-opts", "filedir:source_dir=in"],
    { cwd: folder.path, env: { STOQ_MAX_DELIVERIES: "1" } },
  );
  assert.equal(code, 1);
  assert.match(stderr, /^stoq: 0 done, 2 failed, 2 payloads/m);
  assert.match(stderr, /^stoq: "[01]\.txt": filedir: connector:failed to save: /m);
  const rows = stderr.split("\n").filter((line) =>
    /^stoq: [a-z-]+ +2 +2 +0 {2}filedir: connector:failed/.test(line)
  );
  assert.equal(rows.length, 1, stderr);
});

Deno.test("a run that keeps nothing warns, and one that keeps or prints does not", async () => {
  using folder = new TempFolder(files(1));
  const words = ["run", "-P", "filedir", "-a", "hash", "--plugin-opts", "filedir:source_dir=in"];
  const noteOf = async (...more: string[]) => {
    const { code, stderr } = await runStoq([...words, ...more], { cwd: folder.path });
    assert.equal(code, 0, stderr);
    return /^stoq: Results are not kept: .*-C filedir.*-A filedir.*--format jsonl/.test(stderr);
  };
  assert.equal(await noteOf(), true);
  for (const more of [["-C", "filedir"], ["-A", "filedir"], ["--format", "jsonl"]]) {
    assert.equal(await noteOf(...more), false, more.join(" "));
  }
});

Deno.test("an interruption lets open deliveries finish, and the run exits with 130", async () => {
  using folder = new TempFolder({
    "plugins/endless/manifest.json": JSON.stringify({
      name: "endless",
      version: "1.0.0",
      description: "Delivers once, then waits",
      roles: ["provider"],
      api: 1,
    }),
    "plugins/endless/mod.ts": `export default () => ({
      async *ingest(signal) {
        yield { item: { kind: "payload", payload: { content: "x" } }, settle() { console.error("settled"); } };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });`,
  });
  const child = startStoq(["run", "-P", "endless", "-a", "hash", "--plugin-dir", folder.at("plugins")]);
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let stderr = "";
  while (!stderr.includes("settled")) stderr += (await reader.read()).value ?? assert.fail("ended early");
  child.kill("SIGTERM");
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) stderr += chunk.value;
  assert.equal((await child.status).code, 130);
  assert.match(stderr, /stoq: 1 done, 1 payload,/);
  await child.stdout.cancel();
});

Deno.test("the library runs providers and hands out every response", async () => {
  using folder = new TempFolder(files(4));
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    providers: ["filedir"],
    alwaysDispatch: ["hash"],
    pluginOpts: { filedir: { sourceDir: folder.at("in") } },
  });
  const digests = new Set<string | null>();
  const summary = await stoq.run({
    requestMeta: { source: "library" },
    onEvent: (event) => {
      if (event.kind === "scanned") digests.add(event.response.results[0]!.sha256);
    },
  });
  assert.deepEqual(summary, { done: 4, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 });
  assert.equal(digests.size, 4);
  await using idle = new Stoq({ stoqHome: "/proc/nonexistent/stoq-home" });
  await assert.rejects(idle.run(), { code: "no-providers" });
});
