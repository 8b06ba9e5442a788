import assert from "node:assert/strict";
import type { Delivery } from "../../src/plugin/define.ts";
import { pluginIn, temporaryFolder } from "./testdata/fixture.ts";

const NEVER = new AbortController().signal;

/** Name and text of a delivered payload. */
function deliveredBy({ item }: Delivery): [name: unknown, text: string] {
  assert.equal(item.kind, "payload");
  const { content, payloadMeta } = (item as Extract<Delivery["item"], { kind: "payload" }>).payload;
  return [payloadMeta?.extraData?.filename, new TextDecoder().decode(content as Uint8Array)];
}

async function ingest(sourceDir: string, recursive = false) {
  const { warnings, ...plugin } = await pluginIn("/unused", { sourceDir, recursive });
  const deliveries = await Array.fromAsync(plugin.ingest(NEVER));
  return { deliveries, warnings };
}

Deno.test("a folder's files are payloads that know their name and folder", async () => {
  await using source = await temporaryFolder();
  await Deno.mkdir(`${source.path}/inner`);
  await Deno.writeTextFile(`${source.path}/a b`, "one");
  await Deno.writeTextFile(`${source.path}/inner/empty`, "");
  const { deliveries, warnings } = await ingest(`${source.path}/`, true);
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
  assert.deepEqual(warnings, []);
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
    message: "ingest files: the option source_dir is not set and should be a path",
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

Deno.test("a file that vanished before its turn is logged, and the others still come", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b", "c"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  const { warnings, ...plugin } = await pluginIn("/unused", { sourceDir: source.path });
  const names: unknown[] = [];
  for await (const delivery of plugin.ingest(NEVER)) {
    names.push(deliveredBy(delivery)[0]);
    if (names.length === 1) await Deno.remove(`${source.path}/b`);
  }
  assert.deepEqual(names, ["a", "c"]);
  assert.deepEqual(warnings, [`skip a file: read "${source.path}/b": No such file or directory (ENOENT)`]);
});

Deno.test("a file that became a link before its turn is not read", async () => {
  await using source = await temporaryFolder();
  for (const name of ["a", "b"]) await Deno.writeTextFile(`${source.path}/${name}`, name);
  const { warnings, ...plugin } = await pluginIn("/unused", { sourceDir: source.path });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  await deliveries.next();
  await Deno.remove(`${source.path}/b`);
  await Deno.symlink(`${source.path}/a`, `${source.path}/b`);
  assert.equal((await deliveries.next()).done, true);
  assert.match(
    warnings.join(),
    /^skip a file: read ".+\/b": it is a symbolic link and should be a regular file$/,
  );
});

Deno.test("a folder that became a link on the way out is not followed", async () => {
  await using source = await temporaryFolder();
  await using outside = await temporaryFolder();
  await Deno.writeTextFile(`${outside.path}/2`, "secret");
  await Deno.mkdir(`${source.path}/inner`);
  for (const name of ["1", "2"]) await Deno.writeTextFile(`${source.path}/inner/${name}`, name);
  const { warnings, ...plugin } = await pluginIn("/unused", { sourceDir: source.path, recursive: true });
  const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
  await deliveries.next();
  await Deno.remove(`${source.path}/inner`, { recursive: true });
  await Deno.symlink(outside.path, `${source.path}/inner`);
  assert.equal((await deliveries.next()).done, true);
  assert.deepEqual(warnings, [
    `skip a file: read "${source.path}/inner/2": its real path is "${outside.path}/2" and should be below "${source.path}"`,
  ]);
});

Deno.test("5,000 files come in the order of their names, each read when it is asked for", async () => {
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
  for (let next = await deliveries.next(); !next.done; next = await deliveries.next()) {
    rest.push(deliveredBy(next.value)[0]);
  }
  assert.deepEqual(rest, names.toSorted().slice(2));
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
  const { deliveries } = await ingest(source.path);
  await deliveries[0]!.settle({ status: "done", scanIds: [] });
  assert.equal(await Deno.readTextFile(`${source.path}/a`), "a");
});
