import assert from "node:assert/strict";
import { runInShell, runStoq, type StoqRun, TempFolder } from "../run_stoq.ts";

const SMALL = { STOQ_PAYLOAD_BYTES: "1000" };

/** Whether this system has a device; the tests of what it has not are ignored. */
function isMissing(device: string): boolean {
  try {
    return !Deno.statSync(device).isCharDevice;
  } catch {
    return true;
  }
}

/** What a response says of its only payload, which was not read. */
function unread({ code, stdout, stderr }: StoqRun) {
  assert.deepEqual([code, stderr], [0, ""]);
  const { results: [payload, ...others], errors } = JSON.parse(stdout);
  assert.deepEqual(others, []);
  assert.equal(payload.sha256, null);
  assert.deepEqual(payload.plugins_run, { workers: [], archivers: [] });
  assert.deepEqual([payload.payload_meta.should_scan, payload.payload_meta.should_archive], [false, false]);
  assert.deepEqual(errors.map(({ code, payload_id }: Record<string, unknown>) => [code, payload_id]), [
    ["limit-payload-bytes", payload.payload_id],
  ]);
  return { size: payload.size, filename: payload.payload_meta.extra_data.filename, error: errors[0].error };
}

Deno.test("a FILE over the limit is in the response, unread and not archived, with its true size", async () => {
  using folder = new TempFolder({ "large.bin": "x".repeat(1001), "fits.bin": "x".repeat(1000) });
  const archive = ["-A", "filedir", "--plugin-opts", `filedir:archive_dir=${folder.at("archive")}`];
  const run = await runStoq(["scan", folder.at("large.bin"), "-a", "hash", ...archive], { env: SMALL });
  assert.deepEqual(unread(run), {
    size: 1001,
    filename: "large.bin",
    error: "The payload was not scanned: 1001 bytes, the limit is 1000 ([limits] payload_bytes)",
  });
  assert.throws(() => Deno.statSync(folder.at("archive")), Deno.errors.NotFound);
  const { stdout } = await runStoq(["scan", folder.at("fits.bin"), "-a", "hash"], { env: SMALL });
  assert.deepEqual(JSON.parse(stdout).results[0].plugins_run.workers, ["hash"]);
});

Deno.test("a FILE that is far larger than memory is not read", async () => {
  using folder = new TempFolder();
  Deno.writeFileSync(folder.at("sparse"), new Uint8Array());
  Deno.truncateSync(folder.at("sparse"), 2 ** 40);
  const { size } = unread(await runStoq(["scan", folder.at("sparse"), "-a", "hash"]));
  assert.equal(size, 2 ** 40);
  const unlimited = await runStoq(["scan", folder.at("sparse"), "-a", "hash"], {
    env: { STOQ_PAYLOAD_BYTES: "unlimited" },
  });
  assert.match(unread(unlimited).error, /1099511627776 bytes, more than 2147483647 are never read$/);
});

Deno.test({
  name: "an endless device and an endless standard input are given up behind the limit",
  ignore: isMissing("/dev/zero"),
  fn: async () => {
    const words = ["scan", "-a", "hash", "--"];
    const error =
      "The payload was not scanned: more than 1000 bytes, the limit is 1000 ([limits] payload_bytes)";
    const fromFile = unread(await runStoq([...words, "/dev/zero"], { env: SMALL }));
    assert.deepEqual(fromFile, { size: 1001, filename: "zero", error });
    const fromInput = unread(await runInShell([...words, "-"], '"$@" < /dev/zero', SMALL));
    assert.deepEqual(fromInput, { size: 1001, filename: null, error });
  },
});

Deno.test({
  name: "the report mentions a standard input that was not read to its end",
  ignore: isMissing("/dev/zero"),
  fn: async () => {
    const { code, stdout } = await runInShell(
      ["scan", "-a", "hash", "--format", "text"],
      '"$@" < /dev/zero',
      SMALL,
    );
    assert.equal(code, 0);
    assert.match(stdout, /\(not read\)/);
    assert.match(stdout, /more than 1000 bytes, the limit is 1000/);
  },
});

Deno.test("a folder as standard input is refused like a folder as FILE", async () => {
  using folder = new TempFolder();
  const { code, stdout, stderr } = await runInShell(
    ["scan", "-a", "hash", "--", "-"],
    `"$@" < ${folder.path}`,
  );
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(stderr, "stoq: Can't scan standard input: it is a directory, must be a file\n");
});

Deno.test({
  name: "an output that takes nothing is reported in one line, and the exit code is 1",
  ignore: isMissing("/dev/full"),
  fn: async () => {
    using folder = new TempFolder({ "in/a": "a", "in/b": "b" });
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
    for (
      const words of [["scan", folder.at("in/a"), "-a", "hash"], ["list"], ["--help"], ["--version"], run]
    ) {
      const { code, stderr } = await runInShell(words, '"$@" > /dev/full');
      assert.equal(code, 1, words.join(" "));
      const lines = stderr.split("\n").filter((line) =>
        /^stoq: Failed to write to standard output: /.test(line)
      );
      assert.equal(lines.length, 1, stderr);
    }
  },
});

Deno.test({
  name: "results are written although standard error takes nothing",
  ignore: isMissing("/dev/full"),
  fn: async () => {
    using folder = new TempFolder({ a: "a", "plugins/broken/manifest.json": "{" });
    const words = ["scan", "--plugin-dir", folder.at("plugins"), folder.at("a"), "-a", "hash"];
    const { code, stdout } = await runInShell(words, '"$@" 2> /dev/full');
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).results.length, 1);
    assert.equal((await runInShell(["scan", folder.at("gone")], '"$@" 2> /dev/full')).code, 2);
  },
});

Deno.test("a pipe that is closed before a scan is printed loses the results", async () => {
  using folder = new TempFolder({ a: "a" });
  const words = ["scan", folder.at("a"), "-a", "hash"];
  const script = `{ "$@"; echo $? > ${folder.at("code")}; } | true; cat ${folder.at("code")}`;
  const { stdout, stderr } = await runInShell(words, script);
  assert.equal(stdout, "1\n");
  assert.match(stderr, /^stoq: Failed to write to standard output: Broken pipe/);
});
