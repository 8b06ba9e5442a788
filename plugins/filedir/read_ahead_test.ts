import assert from "node:assert/strict";
import type { Delivery } from "../../src/plugin/define.ts";
import { OutputGuard, Pace, RegularFile } from "../../src/plugin/kit/mod.ts";
import { ingestFiles } from "./ingest.ts";
import { MAX_FILES_AHEAD, MAX_READ_AHEAD_BYTES, openAhead } from "./read_ahead.ts";
import type { WalkOptions } from "./walk.ts";
import { beforeOpening, collectingContext, temporaryFolder } from "./testing/fixture.ts";

const NEVER = new AbortController().signal;

/** Storage that is never answered at once, so that files are opened ahead. */
const slow = () => new Pace(Infinity);

function ingesting(sourceDir: string, pace = slow()) {
  const { context: { log }, infos } = collectingContext();
  const outputs = new OutputGuard([], log);
  /** Every delivery is settled when the next one is requested. */
  async function* ingest(signal: AbortSignal): AsyncGenerator<Delivery> {
    for await (const delivery of ingestFiles(sourceDir, { isRecursive: false, outputs, signal, log, pace })) {
      yield delivery;
      await delivery.settle({ status: "done", scanIds: [] });
    }
  }
  return { ingest, infos };
}

/** How to walk a folder that has no outputs in it. */
function walkOf(root: string): WalkOptions {
  return {
    isRecursive: false,
    signal: NEVER,
    outputs: { excludes: () => false, refresh() {} },
    realRoot: root,
  };
}

/** The files that are opened ahead in a folder without anything to skip. */
async function* turnsOf(...[root, options, open, pace]: Parameters<typeof openAhead>) {
  for await (const turn of openAhead(root, options, open, pace)) {
    assert.ok(!("code" in turn));
    yield turn;
  }
}

/** Names that sort as they are numbered. */
function nameOf(index: number): string {
  return `f${String(index).padStart(2, "0")}`;
}

/** A folder of files with the given sizes, each filled with its index. */
async function folderOf(sizes: readonly number[]) {
  const folder = await temporaryFolder();
  for (const [index, size] of sizes.entries()) {
    await Deno.writeFile(`${folder.path}/${nameOf(index)}`, new Uint8Array(size).fill(index));
  }
  return folder;
}

function delivered({ item }: Delivery): { name: unknown; content: Uint8Array } {
  assert.equal(item.kind, "payload");
  const { content, payloadMeta } = (item as Extract<Delivery["item"], { kind: "payload" }>).payload;
  return { name: payloadMeta?.extraData?.filename, content: content as Uint8Array };
}

const LARGE = MAX_READ_AHEAD_BYTES + 1;
const MIXED = [
  0,
  1,
  LARGE,
  100_000,
  MAX_READ_AHEAD_BYTES,
  0,
  3 * LARGE,
  7,
  LARGE,
  LARGE,
  65_536,
  2,
  0,
  LARGE,
  5,
];

for (const [storage, pace] of [["fast", new Pace()], ["slow", slow()]] as const) {
  Deno.test(`files of mixed sizes on ${storage} storage come in order and whole`, async () => {
    await using folder = await folderOf(MIXED);
    const { ingest } = ingesting(folder.path, pace);
    let index = 0;
    for await (const delivery of ingest(NEVER)) {
      const { name, content } = delivered(delivery);
      assert.equal(name, nameOf(index));
      assert.deepEqual(content, new Uint8Array(MIXED[index]!).fill(index));
      index++;
    }
    assert.equal(index, MIXED.length);
  });
}

Deno.test("on fast storage a file is opened when it is its turn", async () => {
  await using folder = await folderOf(Array(20).fill(10));
  // However slow this machine is just now.
  const atOnce = Object.assign(new Pace(), { call: <T>(now: () => T) => now() });
  const { ingest } = ingesting(folder.path, atOnce);
  let begun = 0;
  let taken = 0;
  using _ = beforeOpening(() => void begun++);
  for await (const _delivery of ingest(NEVER)) assert.equal(begun, ++taken);
  assert.equal(taken, 20);
});

Deno.test("the first file is opened alone, and then up to eight at once", async () => {
  await using folder = await folderOf(Array(20).fill(10));
  const begun: string[] = [];
  const lastOfWindow = Promise.withResolvers<void>();
  const open = async ({ name }: { name: string }) => {
    begun.push(name);
    if (name === nameOf(10)) lastOfWindow.resolve();
    // The fourth request has made the window wide: without reading ahead, this would wait for ever.
    if (name === nameOf(3)) await lastOfWindow.promise;
    return await RegularFile.open(`${folder.path}/${name}`);
  };
  const taken: string[] = [];
  for await (const { found, opened } of turnsOf(folder.path, walkOf(folder.path), open, slow())) {
    using _ = await opened;
    if (taken.length === 0) assert.deepEqual(begun, [nameOf(0)]);
    assert.ok(begun.length - taken.length <= MAX_FILES_AHEAD);
    taken.push(found.name);
  }
  assert.deepEqual(taken, Array.from({ length: 20 }, (_, index) => nameOf(index)));
  assert.deepEqual(begun, taken);
});

Deno.test({
  name: "an abort in the middle leaves no file open",
  sanitizeResources: true,
  async fn() {
    await using folder = await folderOf(Array.from({ length: 30 }, (_, index) => (index % 2 ? LARGE : 10)));
    const { ingest } = ingesting(folder.path);
    const controller = new AbortController();
    const deliveries: AsyncIterator<Delivery> = ingest(controller.signal)[Symbol.asyncIterator]();
    for (let index = 0; index < 9; index++) {
      assert.equal(delivered((await deliveries.next()).value).name, nameOf(index));
    }
    const pending = deliveries.next();
    controller.abort();
    assert.equal((await pending).done, true);
  },
});

Deno.test({
  name: "a consumer that stops leaves no file open, and hears of no failure that was ahead",
  sanitizeResources: true,
  async fn() {
    await using folder = await folderOf(Array.from({ length: 30 }, (_, index) => (index % 2 ? LARGE : 10)));
    const { ingest, infos } = ingesting(folder.path);
    using _ = beforeOpening((path) => {
      if (path.endsWith(nameOf(12))) Deno.removeSync(path);
    });
    let count = 0;
    for await (const _delivery of ingest(NEVER)) {
      if (++count === 9) break;
    }
    assert.equal(count, 9);
    assert.deepEqual(infos, []);
  },
});

Deno.test({
  name: "a bug at one file is thrown at its turn and leaves no file open",
  sanitizeResources: true,
  async fn() {
    await using folder = await folderOf(Array.from({ length: 30 }, (_, index) => (index % 2 ? LARGE : 10)));
    const { ingest } = ingesting(folder.path);
    using _ = beforeOpening((path) => {
      if (path.endsWith(nameOf(9))) throw new RangeError("a bug");
    });
    const names: unknown[] = [];
    await assert.rejects(async () => {
      for await (const delivery of ingest(NEVER)) names.push(delivered(delivery).name);
    }, { name: "RangeError", message: "a bug" });
    assert.deepEqual(names, Array.from({ length: 9 }, (_, index) => nameOf(index)));
  },
});

Deno.test("files that vanish inside the window are logged at their turn, and the others stay", async () => {
  await using folder = await folderOf(Array(20).fill(10));
  const { ingest, infos } = ingesting(folder.path);
  const vanishing = [nameOf(6), nameOf(9)];
  using _ = beforeOpening((path) => {
    if (vanishing.some((name) => path.endsWith(name))) Deno.removeSync(path);
  });
  const seen: [name: unknown, infos: number][] = [];
  for await (const delivery of ingest(NEVER)) {
    seen.push([delivered(delivery).name, infos.length]);
  }
  const expected = Array.from(
    { length: 20 },
    (_, index) => [nameOf(index), index < 6 ? 0 : index < 9 ? 1 : 2],
  );
  assert.deepEqual(seen, expected.filter(([name]) => !vanishing.includes(name as string)));
  assert.deepEqual(
    infos,
    vanishing.map((name) => `skip "${folder.path}/${name}": it vanished before it was read`),
  );
});

Deno.test("what the walk skips comes after the files before", async () => {
  await using folder = await folderOf(Array(12).fill(10));
  await Deno.symlink(`${folder.path}/f00`, `${folder.path}/f07-link`);
  const { ingest } = ingesting(folder.path);
  const names: unknown[] = [];
  for await (const delivery of ingest(NEVER)) {
    const { item } = delivery;
    names.push(item.kind === "skipped" ? item.skipped.name : delivered(delivery).name);
  }
  const expected = Array.from({ length: 12 }, (_, index) => nameOf(index));
  assert.deepEqual(names, expected.toSpliced(8, 0, `${folder.path}/f07-link`));
});

Deno.test("a large file is read when it is its turn, also what it grew by since it was opened", async () => {
  await using folder = await folderOf([...Array(7).fill(10), LARGE, 10]);
  const { ingest } = ingesting(folder.path);
  const large = `${folder.path}/${nameOf(7)}`;
  const opened = Promise.withResolvers<void>();
  using _ = beforeOpening((path) => {
    if (path === large) opened.resolve();
  });
  let index = 0;
  for await (const delivery of ingest(NEVER)) {
    if (index === 6) {
      await opened.promise;
      await Deno.writeFile(large, new Uint8Array(LARGE).fill(7), { append: true });
    }
    if (index === 7) assert.deepEqual(delivered(delivery).content, new Uint8Array(2 * LARGE).fill(7));
    index++;
  }
  assert.equal(index, 9);
});

Deno.test("a consumer that stops closes the folder's listing", async () => {
  await using folder = await folderOf(Array(20).fill(10));
  const { readDir } = Deno;
  let isClosed = false;
  using _ = { [Symbol.dispose]: () => void (Deno.readDir = readDir) };
  Deno.readDir = async function* (path) {
    try {
      yield* readDir(path);
    } finally {
      isClosed = true;
    }
  };
  const options = { ...walkOf(folder.path), runLength: 4 };
  const open = ({ name }: { name: string }) => RegularFile.open(`${folder.path}/${name}`);
  for await (const { opened } of turnsOf(folder.path, options, open, slow())) {
    using _ = await opened;
    assert.equal(isClosed, false);
    break;
  }
  assert.equal(isClosed, true);
});
