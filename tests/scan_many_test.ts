import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

const HOSTILE_PATHS = new URL("cases/path_traversal/input.zip", import.meta.url).pathname;

interface Line {
  readonly results: readonly {
    readonly payload_meta: { readonly extra_data: Readonly<Record<string, unknown>> };
  }[];
}

const filesOf = (stdout: string) =>
  stdout.trimEnd().split("\n").map((text) => (JSON.parse(text) as Line).results[0]!.payload_meta.extra_data);

Deno.test("several files give a line of JSON each, in the order of the command line", async () => {
  using folder = new TempFolder({ "b": "bb", "a": "aa" });
  for (const format of [[], ["--format", "json"], ["--format", "jsonl"]]) {
    const { code, stdout, stderr } = await runStoq(["scan", "-a", "hash", ...format, "--", "b", "a"], {
      cwd: folder.path,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(filesOf(stdout), [{ filename: "b" }, { filename: "a" }]);
  }
});

Deno.test("a folder is scanned with all folders below it; links are not followed", async () => {
  using folder = new TempFolder({ "in/b": "b", "in/a/z": "z", "in/a/y": "y", "in/empty": "", "out": "o" });
  await Deno.symlink(folder.at("out"), folder.at("in/link"));
  await Deno.symlink(folder.at("in"), folder.at("in/circle"));
  const { code, stdout, stderr } = await runStoq(["scan", "-a", "hash", "in"], { cwd: folder.path });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(filesOf(stdout), [
    { filename: "b", source_dir: "in" },
    { filename: "y", source_dir: "in/a" },
    { filename: "z", source_dir: "in/a" },
  ]);
});

Deno.test("what the scan itself writes below a folder is not scanned", async () => {
  using folder = new TempFolder({ "a": "aa" });
  const words = ["scan", "-a", "hash", "-C", "filedir", "--format", "jsonl", "."];
  for (const _ of [1, 2]) {
    const { code, stdout } = await runStoq(words, { cwd: folder.path });
    assert.equal(code, 0);
    assert.deepEqual(filesOf(stdout), [{ filename: "a", source_dir: "." }]);
  }
});

Deno.test("text has a line for each file, the findings, and a total", async () => {
  using folder = new TempFolder({ "note.txt": "hello", "sub/empty": "" });
  await Deno.copyFile(HOSTILE_PATHS, folder.at("sub/a.zip"));
  const words = ["scan", "-a", "decompress", "mimetype", "--format", "text", "."];
  const { code, stdout } = await runStoq(words, { cwd: folder.path });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^none {6}\.\/note\.txt · no blind spots\nhigh {6}\.\/sub\/a\.zip · 2 high, 1 low · no blind spots\n\n/,
  );
  assert.match(stdout, /\n\n\.\/sub\/a\.zip\nHIGH {2}2 high, 1 low · [^]*\nFindings\nhigh /);
  assert.match(stdout, /\n\n2 files · findings in 1: 2 high, 1 low · no blind spots · 5 errors · 1 empty\n$/);
});

Deno.test("a file that can't be read is a loss, and the others are scanned", async () => {
  using folder = new TempFolder({ "a": "aa", "b": "bb" });
  const { code, stdout, stderr } = await runStoq(
    ["scan", "-a", "hash", "--fail-on-blind-spots", folder.at("a"), "/proc/self/mem", folder.at("b")],
  );
  assert.equal(code, 1);
  assert.equal(filesOf(stdout).length, 2);
  assert.match(
    stderr,
    /^stoq: Can't scan "\/proc\/self\/mem": [^\n]*\nstoq: Not looked into: types-unknown ×2 /,
  );
});

Deno.test("a PATH that does not exist is found before anything is scanned", async () => {
  using folder = new TempFolder({ "a": "aa" });
  const { code, stdout, stderr } = await runStoq(["scan", "-a", "hash", "--", "a", "gone"], {
    cwd: folder.path,
  });
  assert.deepEqual([code, stdout, stderr], [2, "", 'stoq: Can\'t scan "gone": it does not exist\n']);
});
