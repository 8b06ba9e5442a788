import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../temp_dir.ts";
import { checkResponses } from "./check_responses.ts";
import { Figures } from "./figures.ts";
import { fuzzFiles } from "./files.ts";
import { makeInput, type SeedFile } from "./inputs.ts";
import { readSettings } from "./main.ts";
import { fuzzMessages } from "./messages.ts";
import { readMutant } from "./host_side.ts";
import { MAX_INPUT_BYTES, mutate } from "./mutate.ts";
import { ProcessWatch } from "./process_watch.ts";
import { Random } from "./random.ts";

/** "PK", a local header of one stored entry `a` with content `b`, and no directory. */
const ZIP = Uint8Array.fromHex("504b03041400000000000000000000f7be8e710100000001000000010000006162");
const FILES: readonly SeedFile[] = [
  { name: "text", content: new TextEncoder().encode("The quick brown fox") },
  { name: "zip", content: ZIP },
];

Deno.test("inputs are the same for the same seed and number, and differ otherwise", () => {
  const inputs = (seed: number) => Array.from({ length: 50 }, (_, number) => makeInput(FILES, seed, number));
  assert.deepEqual(inputs(1), inputs(1));
  assert.notDeepEqual(inputs(1), inputs(2));
  assert.ok(new Set(inputs(1).map(({ content }) => content.toHex())).size > 40);
});

Deno.test("mutants of every input are bounded", () => {
  const large = new Uint8Array(MAX_INPUT_BYTES);
  for (const [input, content] of [new Uint8Array(), Uint8Array.of(1), large].entries()) {
    for (let round = 0; round < 20; round++) {
      const mutant = mutate(content, content, new Random(round, input));
      assert.ok(mutant.content.length <= MAX_INPUT_BYTES && mutant.mutations.length > 0);
    }
  }
});

Deno.test("every mutation of files comes up", () => {
  const mutations = Array.from(
    { length: 300 },
    (_, input) => mutate(ZIP, ZIP, new Random(1, input)).mutations,
  );
  assert.equal(new Set(mutations.flat()).size, 10);
});

Deno.test("settings name one kind of fuzzing, and numbers", () => {
  assert.equal(readSettings(["--messages", "--seconds", "5"]).seconds, 5);
  assert.equal(readSettings(["--files", "x"]).files, "x");
  for (const words of [[], ["--messages", "--files", "x"], ["--messages", "--seed", "x"], ["--other"]]) {
    assert.throws(() => readSettings(words), TypeError);
  }
});

Deno.test("hundreds of mutated messages are read or refused, and some reach a runner and a guest", async () => {
  const figures = new Figures();
  const subjects = ["runner", "guest", ...Array<"reader">(148).fill("reader")] as const;
  await fuzzMessages({ seed: 1, hasTime: (inputs) => inputs < 450, subjects }, figures);
  assert.deepEqual(figures.failures.map(({ reason }) => reason), []);
  assert.equal(figures.inputs, 450);
  const counted = [...figures.outcomes.keys()];
  for (const start of ["reader: read", "reader: refused", "runner: ", "guest: "]) {
    assert.ok(counted.some((outcome) => outcome.startsWith(start)), `${start} of ${counted}`);
  }
});

Deno.test("an exception of a defective reader is a failure that keeps its input", async () => {
  const figures = new Figures();
  const read = async (content: Uint8Array) => {
    if (content.length % 7 === 0) throw new TypeError("planted");
    // A rejected promise that is never awaited.
    if (content.length % 7 === 1) void Promise.reject(new TypeError("planted, unawaited"));
    return await readMutant(content);
  };
  await fuzzMessages({ seed: 1, hasTime: (inputs) => inputs < 60, subjects: ["reader"], read }, figures);
  const reasons = figures.failures.map(({ reason }) => reason);
  assert.ok(reasons.some((reason) => /TypeError: planted\n/.test(reason)), `${reasons}`);
  assert.ok(reasons.some((reason) => /TypeError: planted, unawaited\n/.test(reason)), `${reasons}`);
  assert.ok(figures.failures.every(({ content, origin }) => content.length % 7 <= 1 && origin !== ""));
});

const DEFECTIVE = `export default () => ({ scan({ content }) {
  if (content.length > 10) throw new Error("planted");
  return { results: { size: content.length } };
} });`;

Deno.test("mutated files are scanned and kept, and those that a defective worker fails on are found", async () => {
  await inTempDir(async (dir) => {
    await Deno.mkdir(new URL("planted/", dir));
    const manifest = {
      name: "planted",
      version: "1.0.0",
      description: "Fails on what is long",
      roles: ["worker"],
      api: 1,
    };
    await Deno.writeTextFile(new URL("planted/manifest.json", dir), JSON.stringify(manifest));
    await Deno.writeTextFile(new URL("planted/mod.ts", dir), DEFECTIVE);
    const figures = new Figures();
    const further = { workers: ["planted"], folder: fileURLToPath(dir) };
    const hasTime = (inputs: number) => inputs < 30;
    await fuzzFiles({ files: FILES, seed: 1, batchSize: 30, hasTime, further }, figures);
    const failed = figures.failures.map(({ input }) => input).sort((a, b) => a - b);
    const long = Array.from({ length: 30 }, (_, number) => makeInput(FILES, 1, number))
      .filter(({ content }) => content.length > 10).map(({ number }) => number);
    assert.deepEqual(failed, long);
    assert.ok(figures.failures.every(({ reason }) => /^plugin-failed of planted: .*planted/.test(reason)));
    assert.ok(long.length > 0 && long.length < 30 && figures.outcomes.get("payloads")! >= 30);
  });
});

Deno.test("an input without a result is a failure", async () => {
  await inTempDir(async (dir) => {
    const figures = new Figures();
    const batch = [makeInput(FILES, 1, 0)];
    await checkResponses({ folder: fileURLToPath(dir), batch, workers: [] }, figures);
    assert.deepEqual(figures.failures.map(({ input, reason }) => [input, reason]), [[
      0,
      "there is no result",
    ]]);
  });
});

Deno.test({
  name: "a process that outlives the one that started it is seen",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const child = new Deno.Command("sh", { args: ["-c", "sleep 60 & sleep 1"], stdout: "null" }).spawn();
    const watch = new ProcessWatch(child.pid);
    await child.status;
    const left = await watch.finish();
    for (const pid of left) Deno.kill(pid, "SIGKILL");
    assert.equal(left.length, 1);
    assert.ok(watch.peakBytes > 0);
  },
});
