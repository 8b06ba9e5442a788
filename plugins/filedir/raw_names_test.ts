import assert from "node:assert/strict";
import { openRawFiles } from "../../src/host/raw_names.ts";
import type { Delivery, RawFiles } from "../../src/plugin/define.ts";
import { systemStorage } from "../../src/plugin/kit/mod.ts";
import { pluginIn, takeAll, temporaryFolder } from "./testing/fixture.ts";

const ignore = Deno.build.os !== "linux";
const raw = openRawFiles()!;
// The library stays loaded: what the first test loads would count as its leak.
if (!ignore) raw.lstat("/");

const NEVER = new AbortController().signal;

/** Files by raw text, with what they hold. */
const FILES: Readonly<Record<string, string>> = Object.fromEntries([
  ["plain", "plain"],
  ["\ufffd", "valid"],
  ["\udcfe", "fe"],
  ["\udcff", "ff"],
  ["\udce9/plain", "plain in e9"],
  ["\udce9/\udcff", "ff in e9"],
  ["\ufffd-folder/\udcff", "ff in a valid one"],
]);

function write(path: string, text: string): void {
  using file = raw.create(path, 0o600);
  file.writeSync(new TextEncoder().encode(text));
}

async function sourceFolder() {
  const folder = await temporaryFolder();
  for (const inner of ["\udce9", "\ufffd-folder"]) raw.mkdir(`${folder.path}/${inner}`, 0o700);
  for (const [path, text] of Object.entries(FILES)) write(`${folder.path}/${path}`, text);
  return folder;
}

function payloadOf({ item }: Delivery) {
  assert.equal(item.kind, "payload");
  return (item as Extract<typeof item, { kind: "payload" }>).payload;
}

function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(payloadOf(delivery).content as Uint8Array);
}

async function take(sourceDir: string, rawFiles?: RawFiles) {
  const plugin = await pluginIn("/unused", { sourceDir, recursive: true }, systemStorage, [], rawFiles);
  return await takeAll(plugin.ingest(NEVER));
}

Deno.test({
  name: "every file is delivered once, with any name in a folder with any name",
  ignore,
  async fn() {
    await using source = await sourceFolder();
    const { deliveries, skipped } = await take(source.path, raw);
    assert.deepEqual(skipped, []);
    assert.deepEqual(deliveries.map(textOf).sort(), Object.values(FILES).sort());
    const extraDataOf = (text: string) =>
      payloadOf(deliveries.find((delivery) => textOf(delivery) === text)!).payloadMeta?.extraData;
    assert.deepEqual(extraDataOf("valid"), { filename: "\ufffd", source_dir: source.path });
    assert.deepEqual(extraDataOf("fe"), {
      filename: "\ufffd",
      filename_bytes: btoa("\xfe"),
      source_dir: source.path,
    });
    assert.deepEqual(extraDataOf("plain in e9"), {
      filename: "plain",
      source_dir: `${source.path}/\ufffd`,
      source_dir_bytes: btoa(`${source.path}/\xe9`),
    });
  },
});

Deno.test({
  name: "a file whose delivery failed is read again by the same name",
  ignore,
  async fn() {
    await using source = await temporaryFolder();
    for (const name of ["\udcfe", "\udcff", "\ufffd"]) write(`${source.path}/${name}`, JSON.stringify(name));
    const plugin = await pluginIn("/unused", { sourceDir: source.path }, systemStorage, [], raw);
    const texts: string[] = [];
    for await (const delivery of plugin.ingest(NEVER)) {
      texts.push(`${delivery.attempt} ${textOf(delivery)}`);
      const shouldRetry = delivery.attempt === 1 && textOf(delivery) === '"\\udcff"';
      await delivery.settle(
        shouldRetry ? { status: "failed", errors: [], shouldRetry } : { status: "done", scanIds: [] },
      );
    }
    assert.deepEqual(texts.sort(), ['1 "\\udcfe"', '1 "\\udcff"', '1 "\ufffd"', '2 "\\udcff"']);
  },
});

Deno.test({
  name: "a folder of odd name that became a link on the way out is not followed",
  ignore,
  async fn() {
    await using source = await temporaryFolder();
    await using outside = await temporaryFolder();
    write(`${outside.path}/secret`, "secret");
    raw.mkdir(`${source.path}/\udce9`, 0o700);
    for (const name of ["a", "secret"]) write(`${source.path}/\udce9/${name}`, name);
    const plugin = await pluginIn(
      "/unused",
      { sourceDir: source.path, recursive: true },
      systemStorage,
      [],
      raw,
    );
    const deliveries = plugin.ingest(NEVER)[Symbol.asyncIterator]();
    const first: Delivery = (await deliveries.next()).value;
    await first.settle({ status: "done", scanIds: [] });
    raw.rename(`${source.path}/\udce9`, `${source.path}/moved`);
    const script = 'ln -s "$1" "$(printf "\\351")"';
    await new Deno.Command("sh", { args: ["-c", script, "sh", outside.path], cwd: source.path }).output();
    const { item }: Delivery = (await deliveries.next()).value;
    assert.equal(item.kind === "skipped" && item.skipped.code, "path-outside-source");
    await deliveries.return?.();
  },
});

Deno.test({
  name: "where names can't be reached each is a loss, and no file is taken for another",
  ignore,
  async fn() {
    await using source = await sourceFolder();
    const { deliveries, skipped } = await take(source.path);
    assert.deepEqual(deliveries.map(textOf).sort(), ["plain", "valid"]);
    assert.deepEqual(
      skipped.map(({ name, code, isLoss }) => [name, code, isLoss]).sort(),
      ["\ufffd", "\ufffd", "\ufffd", "\ufffd-folder/\ufffd"].map((
        name,
      ) => [`${source.path}/${name}`, "name-not-utf8", true]),
    );
  },
});
