import assert from "node:assert/strict";
import type { Delivery } from "../../src/plugin/define.ts";
import { splitRelative } from "../../src/plugin/kit/mod.ts";
import type { DirmonOptions } from "./mod.ts";
import { deliveredBy, namesIn, nextOf, pluginWith, skippedBy, temporaryFolder } from "./testing/fixture.ts";

const DONE = { status: "done", scanIds: [] } as const;
const FAILED = { status: "failed", errors: [], shouldRetry: true } as const;
const FINAL = {
  status: "failed",
  errors: [{
    error: "no",
    code: "plugin-failed",
    pluginName: "x",
    role: "connector",
    payloadId: null,
    durationMs: 1,
  }],
  shouldRetry: false,
} as const;

/** The plugin at work on a folder, with the system's events and time; files settle fast. */
async function ingesting(
  sourceDir: string,
  options: Partial<DirmonOptions> = {},
  outputPaths: readonly string[] = [],
) {
  const given = { sourceDir, settleTime: 0.02, ...options };
  const { ingest, keeper } = await pluginWith(given, undefined, outputPaths);
  const stop = new AbortController();
  const deliveries = ingest(stop.signal)[Symbol.asyncIterator]();
  return {
    deliveries,
    keeper,
    stop,
    /** The next delivery, once the folder is watched and `change` was made. */
    async after(change: () => Promise<unknown>): Promise<Delivery> {
      const next = deliveries.next();
      await Promise.race([keeper.line(/watch the folder/), next]);
      await change();
      const { done, value } = await next;
      assert.ok(!done, "there should be a delivery");
      return value;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await deliveries.return?.();
    },
  };
}

/** A file that is complete from the start: under load a writer may pause for longer than these tests' settle time. */
async function put(path: string, text: string): Promise<void> {
  const { folder, name } = splitRelative(path);
  await Deno.writeTextFile(`${folder}/.${name}`, text);
  await Deno.rename(`${folder}/.${name}`, path);
}

Deno.test("a file that appears is a payload that knows its name and folder", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/old`, "old");
  await using it = await ingesting(`${source.path}/`);
  const delivery = await it.after(() => put(`${source.path}/a b`, "one"));
  assert.deepEqual(deliveredBy(delivery), { folder: source.path, name: "a b", text: "one" });
  const inner = await it.after(async () => {
    await Deno.mkdir(`${source.path}/in/deep`, { recursive: true });
    await put(`${source.path}/in/deep/empty`, "");
  });
  assert.deepEqual(deliveredBy(inner), { folder: `${source.path}/in/deep`, name: "empty", text: "" });
});

Deno.test("a file that is renamed to its final name comes under that name alone", async () => {
  await using source = await temporaryFolder();
  await using it = await ingesting(source.path);
  const delivery = await it.after(async () => {
    await Deno.writeTextFile(`${source.path}/mail.eml.part`, "mail");
    await Deno.rename(`${source.path}/mail.eml.part`, `${source.path}/mail.eml`);
  });
  assert.equal(deliveredBy(delivery).name, "mail.eml");
});

Deno.test("a file that changes is delivered again, with all it has then", async () => {
  await using source = await temporaryFolder();
  await using it = await ingesting(source.path);
  const path = `${source.path}/a`;
  assert.equal(deliveredBy(await it.after(() => put(path, "one"))).text, "one");
  assert.equal(deliveredBy(await it.after(() => put(path, "one, two"))).text, "one, two");
});

Deno.test("without recursion the folders below are left alone", async () => {
  await using source = await temporaryFolder();
  await Deno.mkdir(`${source.path}/in`);
  await Deno.writeTextFile(`${source.path}/in/0`, "");
  await Deno.writeTextFile(`${source.path}/1`, "");
  await using it = await ingesting(source.path, { recursive: false, existing: true });
  assert.deepEqual(await nextOf(it.deliveries), ["1", ""]);
  const delivery = await it.after(async () => {
    await put(`${source.path}/in/1`, "");
    await put(`${source.path}/2`, "");
  });
  assert.equal(deliveredBy(delivery).name, "2");
});

Deno.test("globs choose among the files that are there and those that come", async () => {
  await using source = await temporaryFolder();
  await Deno.mkdir(`${source.path}/old`);
  for (const name of ["a.eml", "a.txt", "old/b.eml"]) await Deno.writeTextFile(`${source.path}/${name}`, "");
  await using it = await ingesting(source.path, { existing: true, include: ["*.eml"], exclude: ["old"] });
  assert.deepEqual(await nextOf(it.deliveries), ["a.eml", ""]);
  const delivery = await it.after(async () => {
    for (const name of ["old/c.eml", "c.txt", "c.eml"]) {
      await Deno.writeTextFile(`${source.path}/${name}`, "");
    }
  });
  assert.equal(deliveredBy(delivery).name, "c.eml");
});

Deno.test("a source folder may be named by a link", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/real`);
  await Deno.symlink("real", `${folder.path}/link`);
  await using it = await ingesting(`${folder.path}/link`);
  const delivery = await it.after(() => put(`${folder.path}/real/a`, "a"));
  assert.deepEqual(deliveredBy(delivery), { folder: `${folder.path}/link`, name: "a", text: "a" });
});

Deno.test("a poll interval finds files without events", async () => {
  await using source = await temporaryFolder();
  await using it = await ingesting(source.path, { pollInterval: 0.05 });
  const delivery = await it.after(() => put(`${source.path}/a`, "a"));
  assert.equal(deliveredBy(delivery).text, "a");
});

Deno.test("files are read when they are requested: one that became a link or vanished is left out", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b", "c", "d"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  await using it = await ingesting(source.path, { existing: true, settleTime: 0 });
  assert.deepEqual(await nextOf(it.deliveries), ["a", "a"]);
  await Deno.remove(`${source.path}/b`);
  await Deno.symlink(`${source.path}/a`, `${source.path}/b`);
  await Deno.remove(`${source.path}/c`);
  assert.deepEqual(await skippedBy(it.deliveries), {
    name: `${source.path}/b`,
    code: "file-not-regular",
    reason: "must be a regular file, got a symbolic link",
    isLoss: false,
  });
  assert.deepEqual(await nextOf(it.deliveries), ["d", "d"]);
  assert.deepEqual(it.keeper.problems, []);
});

Deno.test("a file above the limit is a loss, and the others still come", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "");
  await Deno.truncate(`${source.path}/a`, 1024 ** 3 + 1);
  await Deno.writeTextFile(`${source.path}/b`, "b");
  await using it = await ingesting(source.path, { existing: true });
  assert.deepEqual(await skippedBy(it.deliveries), {
    name: `${source.path}/a`,
    code: "file-too-large",
    reason: "must have at most 1073741824 bytes, got 1073741825",
    isLoss: true,
  });
  assert.deepEqual(await nextOf(it.deliveries), ["b", "b"]);
});

Deno.test("a file whose delivery failed is read and delivered again, as the attempt that it is", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "a");
  await using it = await ingesting(source.path, { existing: true, afterScan: "delete", settleTime: 0 });
  const first: Delivery = (await it.deliveries.next()).value;
  await first.settle(FAILED);
  const second: Delivery = (await it.deliveries.next()).value;
  assert.deepEqual([first.attempt, second.attempt], [1, 2]);
  assert.equal(deliveredBy(second).text, "a");
  assert.notEqual(second.item, first.item);
  await second.settle(DONE);
  assert.deepEqual(await namesIn(source.path), []);
});

Deno.test("a file that changed before its next delivery comes as a new one", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "a");
  await using it = await ingesting(source.path, { existing: true, settleTime: 0 });
  const first: Delivery = (await it.deliveries.next()).value;
  await first.settle(FAILED);
  await put(`${source.path}/a`, "changed");
  const second: Delivery = (await it.deliveries.next()).value;
  assert.deepEqual([second.attempt, deliveredBy(second).text], [1, "changed"]);
});

Deno.test("a file whose failure is final is moved to failed_dir with its reasons, and stays without", async () => {
  for (const hasFailedDir of [true, false]) {
    await using source = await temporaryFolder();
    await using failed = await temporaryFolder();
    await Deno.mkdir(`${source.path}/in`);
    await Deno.writeTextFile(`${source.path}/in/a`, "a");
    await Deno.mkdir(`${failed.path}/in`);
    await Deno.writeTextFile(`${failed.path}/in/a.stoq-error.json`, "another file");
    const failedDir = hasFailedDir ? failed.path : undefined;
    await using it = await ingesting(source.path, { existing: true, settleTime: 0, failedDir });
    await (await it.deliveries.next()).value.settle(FINAL);
    assert.deepEqual(await namesIn(`${source.path}/in`), hasFailedDir ? [] : ["a"]);
    const moved = hasFailedDir ? ["a.1", "a.1.stoq-error.json"] : [];
    assert.deepEqual((await namesIn(`${failed.path}/in`)).sort(), [...moved, "a.stoq-error.json"]);
    if (!hasFailedDir) continue;
    assert.equal(await Deno.readTextFile(`${failed.path}/in/a.1`), "a");
    const report = JSON.parse(await Deno.readTextFile(`${failed.path}/in/a.1.stoq-error.json`));
    assert.deepEqual(report.errors, [{ code: "plugin-failed", plugin: "x", role: "connector", error: "no" }]);
    assert.equal(report.attempts, 1);
  }
});

Deno.test("a failed file that can't be moved makes its settlement fail, and stays", async () => {
  await using source = await temporaryFolder();
  await using failed = await temporaryFolder();
  await Deno.mkdir(`${source.path}/in`);
  await Deno.writeTextFile(`${source.path}/in/a`, "a");
  await Deno.writeTextFile(`${failed.path}/in`, "a file where a folder should be");
  await using it = await ingesting(source.path, { existing: true, settleTime: 0, failedDir: failed.path });
  const { value } = await it.deliveries.next();
  await assert.rejects(Promise.resolve(value.settle(FINAL)), { code: "file-not-moved" });
  assert.deepEqual(await namesIn(`${source.path}/in`), ["a"]);
  assert.deepEqual(await namesIn(failed.path), ["in"]);
});

Deno.test("what the run writes is not delivered, wherever it lies in the folder, and is logged once", async () => {
  await using source = await temporaryFolder();
  const { path } = source;
  for (const name of ["results", "real", "in/archive"]) {
    await Deno.mkdir(`${path}/${name}`, { recursive: true });
  }
  await using elsewhere = await temporaryFolder();
  await Deno.symlink(`${path}/real`, `${elsewhere.path}/link`);
  const outputs = [`${path}/results`, `${elsewhere.path}/link/deep`, `${path}/in/archive`, `${path}/later`];
  for (const name of ["results/a", "in/archive/b", "in/c"]) await Deno.writeTextFile(`${path}/${name}`, "");
  await using it = await ingesting(path, { existing: true, settleTime: 0, include: ["[a-z]"] }, outputs);
  assert.equal((await nextOf(it.deliveries))[0], "c");
  const next = await it.after(async () => {
    await Deno.mkdir(`${path}/real/deep`);
    await Deno.mkdir(`${path}/later`);
    for (const name of ["real/deep/d", "later/e", "results/f", "g"]) await put(`${path}/${name}`, "");
  });
  assert.equal(deliveredBy(next).name, "g");
  assert.deepEqual(
    it.keeper.lines.filter((line) => line.includes("leave out")).sort(),
    outputs.map((output) => `info leave out "${output}": this run writes there`).sort(),
  );
});

Deno.test("only a delivery that is kept deletes its file, and not before it is settled", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b", "c", "d"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  await using it = await ingesting(source.path, { existing: true, afterScan: "delete" });
  const deliveries: Delivery[] = [];
  for (let count = 0; count < 4; count++) deliveries.push((await it.deliveries.next()).value);
  assert.deepEqual(await namesIn(source.path), ["a", "b", "c", "d"]);
  await deliveries[0]!.settle({ status: "failed", errors: [], shouldRetry: true });
  await deliveries[1]!.settle(DONE);
  await deliveries[2]!.settle({ status: "abandoned" });
  await deliveries[3]!.settle({ status: "unkept", scanIds: [] });
  assert.deepEqual(await namesIn(source.path), ["a", "c", "d"]);
});

Deno.test("a folder for scanned files inside the source folder is not watched", async () => {
  await using source = await temporaryFolder();
  const { path } = source;
  await Deno.writeTextFile(`${path}/a`, "a");
  const moveDir = `${path}/done`;
  await using it = await ingesting(path, { existing: true, afterScan: "move", moveDir });
  await (await it.deliveries.next()).value.settle(DONE);
  assert.deepEqual(await namesIn(moveDir), ["a"]);
  const next = await it.after(() => put(`${path}/b`, "b"));
  assert.equal(deliveredBy(next).name, "b");
});

Deno.test("a delivery can be settled after the stream has ended", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "a");
  await using it = await ingesting(source.path, { existing: true, afterScan: "delete" });
  const { value } = await it.deliveries.next();
  it.stop.abort();
  assert.equal((await it.deliveries.next()).done, true);
  await value.settle(DONE);
  assert.deepEqual(await namesIn(source.path), []);
});

Deno.test("an abort ends the stream while it waits, while it delivers and before it began", async () => {
  await using source = await temporaryFolder();
  await using waiting = await ingesting(source.path);
  const next = waiting.deliveries.next();
  await waiting.keeper.line(/watch the folder/);
  waiting.stop.abort();
  assert.equal((await next).done, true);

  for (const name of ["a", "b"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  await using delivering = await ingesting(source.path, { existing: true });
  await delivering.deliveries.next();
  const pending = delivering.deliveries.next();
  delivering.stop.abort();
  assert.equal((await pending).done, true);

  await using never = await ingesting(source.path, { existing: true });
  never.stop.abort();
  assert.equal((await never.deliveries.next()).done, true);
});

Deno.test("closing the plugin ends the stream", async () => {
  await using source = await temporaryFolder();
  const closing = new AbortController();
  const { ingest, keeper } = await pluginWith({ sourceDir: source.path }, closing.signal);
  const next = ingest(new AbortController().signal)[Symbol.asyncIterator]().next();
  await keeper.line(/watch the folder/);
  closing.abort();
  assert.equal((await next).done, true);
});

Deno.test("an abort leaves nothing open, even if the end of the stream is not requested", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "a");
  const { ingest } = await pluginWith({ sourceDir: source.path, existing: true, settleTime: 0 });
  const stop = new AbortController();
  const deliveries = ingest(stop.signal)[Symbol.asyncIterator]();
  assert.deepEqual(await nextOf(deliveries), ["a", "a"]);
  stop.abort();
});

Deno.test("a consumer that leaves the loop leaves nothing open", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  const { ingest } = await pluginWith({ sourceDir: source.path, existing: true });
  for await (const delivery of ingest(new AbortController().signal)) {
    assert.equal(deliveredBy(delivery).name, "a");
    break;
  }
});

Deno.test("5,000 files that appear at once while events overflow are all delivered, each once", async () => {
  await using source = await temporaryFolder();
  await Deno.mkdir(`${source.path}/in`);
  await using it = await ingesting(source.path);
  const names = Array.from({ length: 5000 }, (_, index) => `${index % 2 ? "in/" : ""}file-${index}`);
  const first = await it.after(() => {
    // This thread does nothing else, so the system's queue of events overflows.
    for (const name of names) Deno.writeTextFileSync(`${source.path}/${name}`, name);
    return Promise.resolve();
  });
  const texts = [deliveredBy(first).text];
  while (texts.length < names.length) texts.push((await nextOf(it.deliveries))[1]);
  assert.deepEqual(texts.sort(), names.sort());
  const last = await it.after(() => put(`${source.path}/last`, "last"));
  assert.equal(deliveredBy(last).text, "last");
  assert.deepEqual(it.keeper.problems, []);
});
