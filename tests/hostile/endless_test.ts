import assert from "node:assert/strict";
import { runInShell, runStoq, TempFolder } from "../run_stoq.ts";

const SMALL = { STOQ_PAYLOAD_BYTES: "1000" };
/** What is written without end, until what reads it goes away. */
const ENDLESS = "while :; do echo 0123456789; done";

/** Whether named pipes can be made. */
const hasPipes = Deno.build.os !== "windows";

function makePipe(path: string): void {
  const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
  assert.ok(success, "mkfifo");
}

interface Result {
  readonly sha256: string | null;
  readonly size: number;
  readonly workers: Readonly<Record<string, unknown>>;
}

function readResponse(stdout: string): { results: Result[]; codes: string[] } {
  const { results, errors } = JSON.parse(stdout);
  return { results, codes: errors.map(({ code }: { code: string }) => code) };
}

Deno.test({
  name: "a named pipe that is written without end is given up behind the limit",
  ignore: !hasPipes,
  fn: async () => {
    using folder = new TempFolder();
    makePipe(folder.at("pipe"));
    const script = `(${ENDLESS}) > ${folder.at("pipe")} 2> /dev/null & "$@"`;
    const { code, stdout } = await runInShell(["scan", folder.at("pipe"), "-a", "hash"], script, SMALL);
    const { results, codes } = readResponse(stdout);
    assert.deepEqual([code, codes], [0, ["limit-payload-bytes"]]);
    assert.deepEqual(results.map(({ size, sha256 }) => [size, sha256]), [[1001, null]]);
  },
});

Deno.test({
  name: "a named pipe among files delays none of them, and is no delivery",
  ignore: !hasPipes,
  fn: async () => {
    using folder = new TempFolder({ "in/a": "a", "in/c": "c" });
    makePipe(folder.at("in/b"));
    const { code, stdout } = await runStoq([
      "run",
      ...["-P", "filedir", "-a", "hash", "mimetype", "--format", "jsonl"],
      ...["--plugin-opts", `filedir:source_dir=${folder.at("in")}`],
    ]);
    const responses = stdout.trimEnd().split("\n").map((line) => readResponse(line));
    assert.deepEqual([code, responses.length], [0, 2]);
    for (const { results: [root], codes } of responses) {
      assert.ok(root?.workers.hash && root.workers.mimetype);
      assert.deepEqual(codes, []);
    }
  },
});

Deno.test({
  name: "a file that grows while it is read is scanned as it was, or given up behind the limit",
  ignore: !hasPipes,
  fn: async () => {
    using folder = new TempFolder({ grows: "" });
    const path = folder.at("grows");
    const script = `(${ENDLESS}) >> ${path} & writer=$!; "$@"; code=$?; kill $writer; exit $code`;
    const { code, stdout } = await runInShell(["scan", path, "-a", "hash"], script, SMALL);
    const { results: [root], codes } = readResponse(stdout);
    assert.equal(code, 0);
    if (root?.workers.hash === undefined) {
      assert.deepEqual([root?.sha256, codes], [null, ["limit-payload-bytes"]]);
    } else assert.ok(root.size <= 1000 && codes.length === 0);
  },
});

Deno.test("a thousand empty files are a thousand kept responses", async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `in/${index}`);
  using folder = new TempFolder(Object.fromEntries(names.map((name) => [name, ""])));
  const { code } = await runStoq([
    "run",
    ...["-P", "filedir", "-C", "filedir", "-a", "hash", "--plugin-opts"],
    ...[`filedir:source_dir=${folder.at("in")}`, `filedir:results_dir=${folder.at("out")}`],
  ]);
  assert.equal(code, 0);
  const scanned = [...Deno.readDirSync(folder.at("out"))].map(({ name }) => {
    const { results: [root], errors } = JSON.parse(Deno.readTextFileSync(folder.at(`out/${name}`)));
    assert.ok(root.workers.hash && errors.length === 0);
    return `in/${root.payload_meta.extra_data.filename}`;
  });
  assert.deepEqual(scanned.sort(), names.sort());
});
