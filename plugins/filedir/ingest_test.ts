import assert from "node:assert/strict";
import type { Delivery } from "../../src/plugin/define.ts";
import { beforeOpening, pluginIn, takeAll, temporaryFolder } from "./testing/fixture.ts";

const NEVER = new AbortController().signal;
const DONE = { status: "done", scanIds: [] } as const;
const FAILED = { status: "failed", errors: [], shouldRetry: true } as const;

/** Name and text of a delivered payload. */
function deliveredBy({ item }: Delivery): [name: unknown, text: string] {
  assert.equal(item.kind, "payload");
  const { content, payloadMeta } = (item as Extract<Delivery["item"], { kind: "payload" }>).payload;
  return [payloadMeta?.extraData?.filename, new TextDecoder().decode(content as Uint8Array)];
}

async function ingest(sourceDir: string, recursive = false, outputPaths: readonly string[] = []) {
  const { warnings, infos, ...plugin } = await pluginIn(
    "/unused",
    { sourceDir, recursive },
    undefined,
    outputPaths,
  );
  return { ...await takeAll(plugin.ingest(NEVER)), warnings, infos };
}

Deno.test("a folder's files are payloads that know their name and folder", async () => {
  await using source = await temporaryFolder();
  await Deno.mkdir(`${source.path}/inner`);
  await Deno.writeTextFile(`${source.path}/a b`, "one");
  await Deno.writeTextFile(`${source.path}/inner/empty`, "");
  const { deliveries, skipped } = await ingest(`${source.path}/`, true);
  assert.deepEqual(deliveries.map(({ item }) => item), [
    {
      kind: "payload",
      payload: {
        content: new TextEncoder().encode("one"),
        payloadMeta: { extraData: { filename: "a b", source_dir: source.path } },
      },
    },
    {
      kind: "payload",
      payload: {
        content: new Uint8Array(),
        payloadMeta: { extraData: { filename: "empty", source_dir: `${source.path}/inner` } },
      },
    },
  ]);
  assert.deepEqual(skipped, []);
});

Deno.test("folders below are left alone unless recursive is set", async () => {
  await using source = await temporaryFolder();
  await Deno.mkdir(`${source.path}/inner`);
  await Deno.writeTextFile(`${source.path}/inner/a`, "");
  assert.deepEqual((await ingest(source.path)).deliveries, []);
});

Deno.test("one file is one payload, also a hidden one and one named by a link", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/.file`, "content");
  await Deno.symlink(`${source.path}/.file`, `${source.path}/link`);
  assert.deepEqual((await ingest(`${source.path}/.file`)).deliveries.map(deliveredBy), [[
    ".file",
    "content",
  ]]);
  assert.deepEqual((await ingest(`${source.path}/link`)).deliveries.map(deliveredBy), [["link", "content"]]);
});

Deno.test("a source that is not set is an error", async () => {
  const plugin = await pluginIn("/unused");
  await assert.rejects(Array.fromAsync(plugin.ingest(NEVER)), {
    code: "source-not-set",
    message:
      "the option source_dir must be set to the folder or file to ingest: --plugin-opts filedir:source_dir=PATH, " +
      "or source_dir = PATH in section [filedir] of stoq.cfg",
  });
});

Deno.test("a source that is missing is an error", async () => {
  await assert.rejects(ingest("/no/such/source"), {
    code: "source-not-readable",
    message: 'ingest "/no/such/source": No such file or directory (ENOENT)',
  });
});

Deno.test({
  name: "a source that is a device is an error",
  ignore: Deno.build.os === "windows",
  fn: () => assert.rejects(ingest("/dev/zero"), { code: "file-not-regular" }),
});

Deno.test("a file that vanished before its turn is logged as information, and the others still come", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b", "c"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  const { infos, ...plugin } = await pluginIn("/unused", { sourceDir: source.path });
  const names: unknown[] = [];
  for await (const delivery of plugin.ingest(NEVER)) {
    names.push(deliveredBy(delivery)[0]);
    if (names.length === 1) await Deno.remove(`${source.path}/b`);
    await delivery.settle(DONE);
  }
  assert.deepEqual(names, ["a", "c"]);
  assert.deepEqual(infos, [`skip "${source.path}/b": it vanished before it was read`]);
});

Deno.test("a file that became a link before its turn is not read", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  const plugin = await pluginIn("/unused", { sourceDir: source.path });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  await (await deliveries.next()).value.settle(DONE);
  await Deno.remove(`${source.path}/b`);
  await Deno.symlink(`${source.path}/a`, `${source.path}/b`);
  assert.deepEqual((await deliveries.next()).value.item.skipped, {
    name: `${source.path}/b`,
    code: "file-not-regular",
    reason: "must be a regular file, got a symbolic link",
    isLoss: false,
  });
  assert.equal((await deliveries.next()).done, true);
});

Deno.test("a folder that became a link on the way out is not followed", async () => {
  await using source = await temporaryFolder();
  await using outside = await temporaryFolder();
  await Deno.writeTextFile(`${outside.path}/2`, "secret");
  await Deno.mkdir(`${source.path}/inner`);
  for (const name of ["1", "2"]) await Deno.writeTextFile(`${source.path}/inner/${name}`, name);
  const plugin = await pluginIn("/unused", { sourceDir: source.path, recursive: true });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  await (await deliveries.next()).value.settle(DONE);
  await Deno.remove(`${source.path}/inner`, { recursive: true });
  await Deno.symlink(outside.path, `${source.path}/inner`);
  assert.deepEqual((await deliveries.next()).value.item.skipped, {
    name: `${source.path}/inner/2`,
    code: "path-outside-source",
    reason: `its real path must be below "${source.path}", got "${outside.path}/2"`,
    isLoss: true,
  });
  assert.equal((await deliveries.next()).done, true);
});

Deno.test("5,000 files are delivered in the order of their names, each read when it is requested", async () => {
  await using source = await temporaryFolder();
  const names = Array.from(
    { length: 5000 },
    (_, index) => `file-${String((index * 1237) % 5000).padStart(4, "0")}`,
  );
  await Promise.all(names.map((name) => Deno.writeTextFile(`${source.path}/${name}`, "old")));
  const plugin = await pluginIn("/unused", { sourceDir: source.path });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  assert.deepEqual(deliveredBy((await deliveries.next()).value), ["file-0000", "old"]);
  await Deno.writeTextFile(`${source.path}/file-0001`, "new");
  assert.deepEqual(deliveredBy((await deliveries.next()).value), ["file-0001", "new"]);
  const rest: unknown[] = [];
  for (let count = 2; count < names.length; count++) {
    rest.push(deliveredBy((await deliveries.next()).value)[0]);
  }
  assert.deepEqual(rest, names.toSorted().slice(2));
  await deliveries.return?.();
});

Deno.test({
  name: "an abort in the middle ends the stream, also while a file is read",
  sanitizeResources: true,
  async fn() {
    await using source = await temporaryFolder();
    for (const name of ["a", "b", "c"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
    const plugin = await pluginIn("/unused", { sourceDir: source.path });
    const controller = new AbortController();
    const deliveries = plugin.ingest(controller.signal)[Symbol.asyncIterator]();
    assert.deepEqual(deliveredBy((await deliveries.next()).value), ["a", "a"]);
    const pending = deliveries.next();
    controller.abort();
    assert.equal((await pending).done, true);
    assert.equal((await deliveries.next()).done, true);
  },
});

Deno.test("settling a delivery leaves the file where it is", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "a");
  await ingest(source.path);
  assert.equal(await Deno.readTextFile(`${source.path}/a`), "a");
});

Deno.test("what can't be read is a loss, and the others come", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b", "c"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  await Deno.truncate(`${source.path}/a`, 1024 ** 3 + 1);
  using _ = beforeOpening((path) => {
    if (!path.endsWith("/b")) return;
    throw Object.assign(new Error("Permission denied (os error 13): open"), { code: "EACCES" });
  });
  const { deliveries, skipped } = await ingest(source.path);
  assert.deepEqual(deliveries.map(deliveredBy), [["c", "c"]]);
  assert.deepEqual(skipped.map(({ name, code, isLoss }) => [name, code, isLoss]), [
    [`${source.path}/a`, "file-too-large", true],
    [`${source.path}/b`, "file-not-readable", true],
  ]);
});

Deno.test({
  name: "a file or folder whose name is not UTF-8 is a loss",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using source = await temporaryFolder();
    await Deno.writeTextFile(`${source.path}/a`, "a");
    const script = `: > "$1/$(printf '\\377')file"; mkdir "$1/$(printf '\\377')folder"`;
    const { success } = await new Deno.Command("sh", { args: ["-c", script, "sh", source.path] }).output();
    assert.ok(success);
    const { deliveries, skipped } = await ingest(source.path, true);
    assert.deepEqual(deliveries.map(deliveredBy), [["a", "a"]]);
    assert.deepEqual(skipped.map(({ name, code, isLoss }) => [name, code, isLoss]), [
      [`${source.path}/\ufffdfile`, "name-not-utf8", true],
      [`${source.path}/\ufffdfolder`, "name-not-utf8", true],
    ]);
  },
});

Deno.test("what the run writes is not delivered, and logged once; a source to which it writes is an error", async () => {
  await using source = await temporaryFolder();
  const { path } = source;
  for (const name of ["results", "in"]) await Deno.mkdir(`${path}/${name}`);
  for (const name of ["results/a", "results/b", "in/c"]) await Deno.writeTextFile(`${path}/${name}`, "");
  const outputs = [`${path}/results`, `${path}/archive`];
  const { deliveries, infos } = await ingest(path, true, outputs);
  assert.deepEqual(deliveries.map(deliveredBy), [["c", ""]]);
  assert.deepEqual(infos, [`leave out "${path}/results": this run writes there`]);
  for (const inside of ["results", "results/a"]) {
    await assert.rejects(ingest(`${path}/${inside}`, true, outputs), { code: "source-in-output" });
  }
});

Deno.test("a file whose delivery failed is read again, and the stream ends when all is settled", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b"]) await Deno.writeTextFile(`${source.path}/${name}`, "old");
  const plugin = await pluginIn("/unused", { sourceDir: source.path });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  const [first, second]: Delivery[] = [(await deliveries.next()).value, (await deliveries.next()).value];
  const next = deliveries.next();
  await second!.settle(DONE);
  await Deno.writeTextFile(`${source.path}/a`, "new");
  await first!.settle(FAILED);
  await first!.settle(FAILED);
  const again: Delivery = (await next).value;
  assert.deepEqual([first!.attempt, again.attempt], [1, 2]);
  assert.deepEqual(deliveredBy(again), ["a", "new"]);
  const end = deliveries.next();
  await again.settle({ ...FAILED, shouldRetry: false });
  assert.equal((await end).done, true);
});

Deno.test("one file is delivered again as well, and is a loss when it can't be read then", async () => {
  await using source = await temporaryFolder();
  const path = `${source.path}/a`;
  await Deno.writeTextFile(path, "a");
  const plugin = await pluginIn("/unused", { sourceDir: path });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  await (await deliveries.next()).value.settle(FAILED);
  const again: Delivery = (await deliveries.next()).value;
  assert.deepEqual([again.attempt, deliveredBy(again)], [2, ["a", "a"]]);
  using _ = beforeOpening(() => {
    throw Object.assign(new Error("Input/output error (os error 5): open"), { code: "EIO" });
  });
  await again.settle(FAILED);
  assert.equal((await deliveries.next()).value.item.skipped.code, "file-not-readable");
  assert.equal((await deliveries.next()).done, true);
});

Deno.test("an abort ends the wait for settlements and for the next attempt", async () => {
  await using source = await temporaryFolder();
  await Deno.writeTextFile(`${source.path}/a`, "a");
  for (const isSettled of [false, true]) {
    const plugin = await pluginIn("/unused", { sourceDir: source.path });
    const controller = new AbortController();
    const deliveries = plugin.ingest(controller.signal)[Symbol.asyncIterator]();
    const { value } = await deliveries.next();
    const end = deliveries.next();
    if (isSettled) await value.settle(FAILED);
    controller.abort();
    assert.equal((await end).done, true);
    if (!isSettled) await value.settle(FAILED);
  }
});
