import assert from "node:assert/strict";
import type { Delivery, DeliveryOutcome, RawFiles } from "../../src/plugin/define.ts";
import { openRawFiles } from "../../src/host/raw_names.ts";
import { REPORT_ENDING } from "./after_scan.ts";
import type { DirmonOptions } from "./mod.ts";
import { pluginWith, temporaryFolder } from "./testing/fixture.ts";

const ignore = Deno.build.os !== "linux";
const raw = openRawFiles()!;
// The library stays loaded: what the first test loads would count as its leak.
if (!ignore) raw.lstat("/");

const DONE: DeliveryOutcome = { status: "done", scanIds: [] };
const FINAL: DeliveryOutcome = { status: "failed", errors: [], shouldRetry: false };
const RETRY: DeliveryOutcome = { status: "failed", errors: [], shouldRetry: true };

/** Three names that read alike. */
const ALIKE = ["\udcfe", "\udcff", "\ufffd"];

function write(path: string, text: string): void {
  using file = raw.create(path, 0o600);
  file.writeSync(new TextEncoder().encode(text));
}

function read(path: string): string {
  using file = raw.open(path);
  const buffer = new Uint8Array(100);
  return new TextDecoder().decode(buffer.subarray(0, file.readSync(buffer) ?? 0));
}

function namesIn(folder: string): string[] {
  return [...raw.readDir(folder)].map(({ name }) => name).sort();
}

async function ingesting(sourceDir: string, options: Partial<DirmonOptions>, rawFiles?: RawFiles) {
  const given = { sourceDir, settleTime: 0, existing: true, ...options };
  const { ingest } = await pluginWith(given, undefined, [], rawFiles);
  const stop = new AbortController();
  const deliveries = ingest(stop.signal)[Symbol.asyncIterator]();
  return {
    next: async (): Promise<Delivery> => (await deliveries.next()).value,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await deliveries.return?.();
    },
  };
}

function textOf({ item }: Delivery): string {
  assert.equal(item.kind, "payload");
  return new TextDecoder().decode(
    (item as Extract<typeof item, { kind: "payload" }>).payload.content as Uint8Array,
  );
}

function extraDataOf({ item }: Delivery) {
  return (item as Extract<typeof item, { kind: "payload" }>).payload.payloadMeta?.extraData;
}

for (const kept of ALIKE) {
  Deno.test({
    name: `of three files whose names read alike only the one that was settled is deleted: ${escape(kept)}`,
    ignore,
    async fn() {
      await using source = await temporaryFolder();
      for (const name of ALIKE) write(`${source.path}/${name}`, `in ${escape(name)}`);
      await using it = await ingesting(source.path, { afterScan: "delete" }, raw);
      const deliveries = [await it.next(), await it.next(), await it.next()];
      assert.deepEqual(deliveries.map(textOf).sort(), ALIKE.map((name) => `in ${escape(name)}`).sort());
      await deliveries.find((delivery) => textOf(delivery) === `in ${escape(kept)}`)!.settle(DONE);
      assert.deepEqual(namesIn(source.path), ALIKE.filter((name) => name !== kept));
    },
  });
}

function escape(name: string): string {
  return JSON.stringify(name.replace("\ufffd", "U+FFFD"));
}

Deno.test({
  name: "a file in a folder whose name is not UTF-8 is moved to the same place, and replaces none",
  ignore,
  async fn() {
    await using source = await temporaryFolder();
    await using done = await temporaryFolder();
    for (const root of [source.path, done.path]) {
      raw.mkdir(`${root}/\udce9`, 0o700);
      write(`${root}/\udce9/a\udcff`, `in ${root === done.path ? "done" : "source"}`);
    }
    await using it = await ingesting(source.path, { afterScan: "move", moveDir: done.path }, raw);
    const delivery = await it.next();
    assert.deepEqual(extraDataOf(delivery), {
      filename: "a\ufffd",
      filename_bytes: btoa("a\xff"),
      source_dir: `${source.path}/\ufffd`,
      source_dir_bytes: btoa(`${source.path}/\xe9`),
    });
    await delivery.settle(DONE);
    assert.deepEqual(namesIn(`${source.path}/\udce9`), []);
    assert.deepEqual(namesIn(`${done.path}/\udce9`), ["a\udcff", "a\udcff.1"]);
    assert.equal(read(`${done.path}/\udce9/a\udcff`), "in done");
    assert.equal(read(`${done.path}/\udce9/a\udcff.1`), "in source");
  },
});

Deno.test({
  name: "a file with the longest of names is moved to the failed files with its report, its name cut",
  ignore,
  async fn() {
    for (const name of ["\udcff".repeat(255), "n".repeat(255), "ü".repeat(127)]) {
      await using source = await temporaryFolder();
      await using failed = await temporaryFolder();
      write(`${source.path}/${name}`, "x");
      await using it = await ingesting(source.path, { failedDir: failed.path }, raw);
      await (await it.next()).settle(FINAL);
      assert.deepEqual(namesIn(source.path), []);
      const [moved, report] = namesIn(failed.path);
      assert.ok(name.startsWith(moved!) && moved!.length > 100);
      assert.equal(report, moved + REPORT_ENDING);
      assert.equal(read(`${failed.path}/${moved}`), "x");
      assert.equal(JSON.parse(read(`${failed.path}/${report}`)).attempts, 1);
    }
  },
});

Deno.test({
  name: "a file whose delivery failed is read again by the same name",
  ignore,
  async fn() {
    await using source = await temporaryFolder();
    for (const name of ALIKE) write(`${source.path}/${name}`, escape(name));
    await using it = await ingesting(source.path, { afterScan: "delete" }, raw);
    const deliveries = [await it.next(), await it.next(), await it.next()];
    for (const delivery of deliveries) if (textOf(delivery) === '"\\udcff"') await delivery.settle(RETRY);
    const again = await it.next();
    assert.deepEqual([again.attempt, textOf(again)], [2, '"\\udcff"']);
    await again.settle(DONE);
    assert.deepEqual(namesIn(source.path), ["\udcfe", "\ufffd"]);
  },
});

Deno.test({
  name: "globs see the replacement in the place of odd bytes",
  ignore,
  async fn() {
    await using source = await temporaryFolder();
    raw.mkdir(`${source.path}/\udce9`, 0o700);
    for (const name of ["\udcff.eml", "\udcff.txt", "\udce9/a.eml"]) {
      write(`${source.path}/${name}`, escape(name));
    }
    await using it = await ingesting(source.path, { include: ["*.eml"], exclude: ["\ufffd"] }, raw);
    assert.equal(textOf(await it.next()), '"\\udcff.eml"');
    write(`${source.path}/last.eml`, "last");
    assert.equal(textOf(await it.next()), "last");
  },
});

Deno.test({
  name: "where names can't be reached each is reported as a loss, and the file that reads alike is delivered",
  ignore,
  async fn() {
    await using source = await temporaryFolder();
    for (const name of [...ALIKE, "a"]) write(`${source.path}/${name}`, escape(name));
    raw.mkdir(`${source.path}/\udce9`, 0o700);
    await using it = await ingesting(source.path, { afterScan: "delete" });
    const items: Delivery[] = [];
    while (items.length < 5) items.push(await it.next());
    const skipped = items.flatMap(({ item }) => item.kind === "skipped" ? [item.skipped] : []);
    const loss = [`${source.path}/\ufffd`, "name-not-utf8", true];
    assert.deepEqual(skipped.map(({ name, code, isLoss }) => [name, code, isLoss]), [loss, loss, loss]);
    const delivered = items.filter(({ item }) => item.kind === "payload");
    assert.deepEqual(delivered.map(textOf).sort(), ['"U+FFFD"', '"a"']);
    for (const delivery of delivered) await delivery.settle(DONE);
    assert.deepEqual(namesIn(source.path), ["\udce9", "\udcfe", "\udcff"]);
  },
});
