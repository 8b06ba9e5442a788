import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

const caseInput = (path: string) => new URL(`cases/${path}`, import.meta.url).pathname;
const HOSTILE_PATHS = caseInput("path_traversal/input.zip");
const CUT = caseInput("truncated_gzip/input.tar.gz");
const LOCKED = caseInput("encrypted_zip_request_password/input.zip");
const UNPACK = ["-a", "decompress"];

Deno.test("--fail-on exits with 3 if there is a finding of that severity or worse", async () => {
  const met = await runStoq(["scan", ...UNPACK, "--fail-on", "medium", HOSTILE_PATHS]);
  assert.equal(met.code, 3);
  assert.equal(met.stderr, "stoq: Findings of severity medium or worse: 2 (--fail-on)\n");
  assert.equal(JSON.parse(met.stdout).summary.severity, "high");
  const notMet = await runStoq(["scan", ...UNPACK, "--fail-on", "critical", HOSTILE_PATHS]);
  assert.deepEqual([notMet.code, notMet.stderr], [0, ""]);
  const unknown = await runStoq(["scan", ...UNPACK, "--fail-on", "severe", HOSTILE_PATHS]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /info, low, medium, high, critical/);
});

Deno.test("--fail-on-blind-spots exits with 3, and with 1 if something else failed too", async () => {
  const words = ["scan", "-a", "decompress", "mimetype", "--fail-on-blind-spots"];
  const met = await runStoq([...words, CUT]);
  assert.deepEqual([met.code, met.stderr], [
    3,
    "stoq: Not looked into: truncated ×1 (--fail-on-blind-spots)\n",
  ]);
  const both = await runStoq([...words, "--fail-on-error", CUT]);
  assert.equal(both.code, 1);
  assert.match(both.stderr, /\(--fail-on-error\)\n.*\(--fail-on-blind-spots\)\n$/s);
});

Deno.test("run exits with 3 for the findings of all deliveries", async () => {
  using folder = new TempFolder({});
  for (const name of ["a.zip", "b.zip"]) await Deno.copyFile(HOSTILE_PATHS, folder.at(name));
  const { code, stderr } = await runStoq([
    ...["run", "-P", "filedir", ...UNPACK, "--format", "jsonl", "--fail-on", "high"],
    ...["--plugin-opts", `filedir:source_dir=${folder.path}`],
  ]);
  assert.equal(code, 3);
  assert.match(stderr, /^stoq: Findings of severity high or worse: 4 \(--fail-on\)$/m);
});

Deno.test("--password and --passwords-file are tried first, and never printed", async () => {
  using folder = new TempFolder({ "words.txt": "other word\ncorrect-horse\n" });
  const runs = [
    [["--password", "wrong", "--password=correct-horse"], 1],
    [["--passwords-file", folder.at("words.txt"), "--password", "a,b"], 2],
  ] as const;
  for (const [words, index] of runs) {
    const run = await runStoq(["scan", ...UNPACK, ...words, "--explain", LOCKED]);
    assert.equal(run.code, 0);
    const { results, summary } = JSON.parse(run.stdout);
    assert.deepEqual(results[0].workers.decompress.password, { origin: "user", index });
    assert.equal(results.length, 2);
    assert.ok(!summary.blind_spots.some(({ code }: { code: string }) => code === "encrypted"));
    assert.ok(!/correct-horse|wrong|other word|a,b/.test(run.stdout + run.stderr), run.stdout);
  }
});

Deno.test("a file of passwords that can't be read is found before the scan", async () => {
  const { code, stderr } = await runStoq(["scan", ...UNPACK, "--passwords-file", "/nonexistent", LOCKED]);
  assert.equal(code, 2);
  assert.match(stderr, /^stoq: --passwords-file "\/nonexistent" can't be read: /);
});
