import assert from "node:assert/strict";
import { FALLBACK_POLL_INTERVAL_MS, FolderMonitor, type MonitorOptions } from "./monitor.ts";
import { SAFETY_LISTING_INTERVAL_MS } from "./monitor.ts";
import { PluginError, type SkippedItem } from "../../src/plugin/define.ts";
import { skippedFile } from "../../src/plugin/kit/mod.ts";
import { createSelection } from "./selection.ts";
import {
  FakeWatcher,
  LogRecorder,
  putUnnameable,
  SteppingClock,
  temporaryFolder,
} from "./testing/fixture.ts";

const SETTLE_MS = 500;

/** A folder, and a monitor on it that has no other time and no other events than the test's. */
async function watched(options: Partial<MonitorOptions> = {}, prepare?: (root: string) => Promise<unknown>) {
  const source = await temporaryFolder();
  const root = source.path;
  await prepare?.(root);
  const clock = new SteppingClock();
  const keeper = new LogRecorder();
  const stop = new AbortController();
  const watchers: FakeWatcher[] = [];
  const skipped: SkippedItem[] = [];
  const monitor = await FolderMonitor.open({
    root,
    realRoot: root,
    selection: createSelection({ include: [], exclude: [], isRecursive: true }),
    outputs: { refresh() {} },
    isRecursive: true,
    shouldDeliverExisting: false,
    settleMs: SETTLE_MS,
    pollIntervalMs: undefined,
    signal: stop.signal,
    log: keeper.log,
    clock,
    watch: () => {
      const watcher = new FakeWatcher();
      watchers.push(watcher);
      return watcher;
    },
    ...options,
  });
  return {
    root,
    monitor,
    clock,
    keeper,
    stop,
    watchers,
    skipped,
    emit: (kind: Deno.FsEvent["kind"], ...names: string[]) =>
      watchers.at(-1)!.emit(kind, names.map((name) => `${root}/${name}`)),
    /** The next file; what was skipped is kept. */
    async nextFile() {
      let found = await monitor.next();
      for (; found && "code" in found; found = await monitor.next()) skipped.push(found);
      return found;
    },
    /** The next file's path, which counts as delivered. */
    async next() {
      const file = await this.nextFile();
      if (file) monitor.delivered(file);
      return file?.path;
    },
    async [Symbol.asyncDispose]() {
      await monitor.close();
      assert.ok(watchers.every(({ isClosed }) => isClosed));
      await source[Symbol.asyncDispose]();
    },
  };
}

/** The paths that come until the clock shows a time. */
async function pathsUntil(untilMs: number, it: Awaited<ReturnType<typeof watched>>): Promise<string[]> {
  const paths: string[] = [];
  const before = it.clock.whileAsleep;
  it.clock.whileAsleep = async (ms) => {
    if (ms > untilMs) it.stop.abort();
    else await before(ms);
  };
  for (let path = await it.next(); path !== undefined; path = await it.next()) paths.push(path);
  return paths;
}

Deno.test("a new file comes when it has stayed the same for the settle time", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "a");
  it.emit("create", "a");
  assert.equal(await it.next(), "a");
  assert.equal(it.clock.now(), SETTLE_MS);
});

Deno.test("a file that grows does not come before it stops growing", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "0");
  it.emit("create", "a");
  it.clock.whileAsleep = async (untilMs) => {
    if (untilMs > 5 * SETTLE_MS) return;
    await Deno.writeTextFile(`${it.root}/a`, "more", { append: true });
    it.emit("modify", "a");
  };
  assert.equal(await it.next(), "a");
  assert.equal((await Deno.stat(`${it.root}/a`)).size, 1 + 5 * "more".length);
  assert.equal(it.clock.now(), 6 * SETTLE_MS);
});

Deno.test("a file that is replaced by another of the same size and time settles anew", async () => {
  await using it = await watched();
  const at = new Date(2000, 1);
  await Deno.writeTextFile(`${it.root}/a`, "a");
  await Deno.writeTextFile(`${it.root}/.b`, "b");
  for (const name of ["a", ".b"]) await Deno.utime(`${it.root}/${name}`, at, at);
  it.emit("create", "a");
  it.clock.whileAsleep = async (untilMs) => {
    if (untilMs === SETTLE_MS) await Deno.rename(`${it.root}/.b`, `${it.root}/a`);
  };
  assert.equal(await it.next(), "a");
  assert.equal(it.clock.now(), 2 * SETTLE_MS);
});

Deno.test("files that are there at the start do not come, and come when they change", async () => {
  await using it = await watched({}, (root) => Deno.writeTextFile(`${root}/old`, "old"));
  await Deno.writeTextFile(`${it.root}/new`, "new");
  it.emit("modify", "old");
  it.emit("create", "new");
  assert.equal(await it.next(), "new");
  await Deno.writeTextFile(`${it.root}/old`, "changed");
  it.emit("modify", "old");
  assert.equal(await it.next(), "old");
});

Deno.test("a file whose event comes only after it was taken for an old one comes", async () => {
  await using it = await watched({}, (root) => Deno.writeTextFile(`${root}/a`, "a"));
  it.emit("create", "a");
  assert.equal(await it.next(), "a");
});

Deno.test("a file whose event comes before the listing does not count as an old one", async () => {
  const watcher = new FakeWatcher();
  const watch = (root: string) => {
    watcher.emit("modify", [`${root}/a`]);
    return watcher;
  };
  await using it = await watched({ watch }, (root) => Deno.writeTextFile(`${root}/a`, "a"));
  assert.equal(await it.next(), "a");
  assert.equal(it.clock.now(), SETTLE_MS);
});

Deno.test("files that are there at the start come by folder and name when they are wanted", async () => {
  await using it = await watched({ shouldDeliverExisting: true }, async (root) => {
    await Deno.mkdir(`${root}/a/b`, { recursive: true });
    for (const name of ["z", "b", "a/2", "a/1", "a/b/3"]) await Deno.writeTextFile(`${root}/${name}`, "");
  });
  assert.deepEqual(await pathsUntil(SETTLE_MS, it), ["b", "z", "a/1", "a/2", "a/b/3"]);
});

Deno.test("an unchanged file comes once however many events there are, a changed one again", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "a");
  for (let count = 0; count < 5; count++) it.emit("create", "a");
  assert.equal(await it.next(), "a");
  await Deno.chmod(`${it.root}/a`, 0o600);
  it.emit("modify", "a");
  await Deno.writeTextFile(`${it.root}/b`, "b");
  it.emit("create", "b");
  assert.equal(await it.next(), "b");
  await Deno.writeTextFile(`${it.root}/a`, "other");
  it.emit("modify", "a");
  assert.equal(await it.next(), "a");
});

Deno.test("without events files are found by the scan that comes once in a while, and come once", async () => {
  await using it = await watched();
  await Deno.mkdir(`${it.root}/in`);
  await Deno.writeTextFile(`${it.root}/in/a`, "a");
  assert.equal(await it.next(), "in/a");
  assert.equal(it.clock.now(), SAFETY_LISTING_INTERVAL_MS + SETTLE_MS);
  assert.deepEqual(await pathsUntil(5 * SAFETY_LISTING_INTERVAL_MS, it), []);
});

Deno.test("when the system dropped events everything is scanned at once", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "a");
  it.watchers[0]!.emit("any", [], "rescan");
  assert.equal(await it.next(), "a");
  await Deno.writeTextFile(`${it.root}/b`, "b");
  it.watchers[0]!.emit("any", [it.root]);
  assert.equal(await it.next(), "b");
  assert.equal(it.clock.now(), 2 * SETTLE_MS);
});

Deno.test("a poll interval does without events", async () => {
  await using it = await watched({ pollIntervalMs: 2000 });
  assert.equal(it.watchers.length, 0);
  await Deno.writeTextFile(`${it.root}/a`, "a");
  assert.equal(await it.next(), "a");
  assert.equal(it.clock.now(), 2000 + SETTLE_MS);
});

Deno.test("where events can't be had the folder is polled, which the log says", async () => {
  const refuse = () => {
    throw new Error("OS file watch limit reached.");
  };
  await using it = await watched({ watch: refuse });
  await Deno.writeTextFile(`${it.root}/a`, "a");
  assert.equal(await it.next(), "a");
  await Deno.writeTextFile(`${it.root}/b`, "b");
  assert.equal(await it.next(), "b");
  assert.ok(it.clock.now() <= 2 * (FALLBACK_POLL_INTERVAL_MS + SETTLE_MS), String(it.clock.now()));
  assert.deepEqual(it.keeper.problems, [
    `warn watch "${it.root}" by events: look every 5 s instead: OS file watch limit reached.`,
  ]);
});

Deno.test("events that end early, for any reason, are requested again and the folder is listed", async () => {
  for (const error of [new Error("gone"), new TypeError("path contains invalid UTF-8 characters")]) {
    await using it = await watched();
    it.watchers[0]!.fail(error);
    await Deno.writeTextFile(`${it.root}/a`, "a");
    assert.equal(await it.next(), "a");
    assert.equal(it.clock.now(), SETTLE_MS);
    assert.equal(it.watchers.length, 2);
    assert.deepEqual(it.keeper.problems, []);
    assert.match(
      it.keeper.lines.at(-1)!,
      new RegExp(`by events: ${error.message}; the folder is listed again`),
    );
    await Deno.writeTextFile(`${it.root}/b`, "b");
    it.emit("create", "b");
    assert.equal(await it.next(), "b");
    assert.equal(it.clock.now(), 2 * SETTLE_MS);
  }
});

Deno.test("events that are lost repeatedly are replaced by polling, and requested again later", async () => {
  const open: FakeWatcher[] = [];
  const watch = () => {
    const watcher = new FakeWatcher();
    if (open.push(watcher) <= 4) watcher.fail(new Error("gone"));
    return watcher;
  };
  await using it = await watched({ watch });
  await Deno.writeTextFile(`${it.root}/a`, "a");
  assert.equal(await it.next(), "a");
  assert.deepEqual(await pathsUntil(10 * SAFETY_LISTING_INTERVAL_MS, it), []);
  assert.equal(open.length, 5);
  assert.deepEqual(open.map(({ isClosed }) => isClosed), [true, true, true, true, true]);
  assert.deepEqual(it.keeper.problems, [`warn watch "${it.root}" by events: look every 5 s instead: gone`]);
});

Deno.test("a defect in the handling of an event fails the stream", async () => {
  const defect = new Error("a defect");
  const selection = createSelection({ include: [], exclude: [], isRecursive: true });
  const broken: typeof selection = Object.assign(Object.create(selection), {
    isReachable: () => {
      throw defect;
    },
  });
  await using it = await watched({ selection: broken });
  it.clock.whileAsleep = () => new Promise(() => {});
  it.emit("create", "a");
  await assert.rejects(it.next(), defect);
});

Deno.test("a refused permission is no reason to poll", async () => {
  const refuse = () => {
    throw new Deno.errors.NotCapable("no");
  };
  await assert.rejects(watched({ watch: refuse }), { name: "NotCapable" });
});

Deno.test("a folder that appears is listed, and once more after the settle time", async () => {
  await using it = await watched();
  await Deno.mkdir(`${it.root}/in/deep`, { recursive: true });
  await Deno.writeTextFile(`${it.root}/in/deep/a`, "a");
  it.emit("create", "in");
  it.clock.whileAsleep = async (untilMs) => {
    if (untilMs === SETTLE_MS) await Deno.writeTextFile(`${it.root}/in/b`, "b");
  };
  assert.deepEqual([await it.next(), await it.next()], ["in/deep/a", "in/b"]);
  assert.equal(it.clock.now(), 2 * SETTLE_MS);
});

Deno.test("ignored names and symbolic links do not come, neither by events nor by scans", async () => {
  await using outside = await temporaryFolder();
  await Deno.writeTextFile(`${outside.path}/secret`, "secret");
  await using it = await watched();
  const { root } = it;
  for (const folder of [".git", "in"]) await Deno.mkdir(`${root}/${folder}`);
  const names = [".git/a", ".hidden", "a.part", "a.tmp", "in/a~", "a"];
  for (const name of names) await Deno.writeTextFile(`${root}/${name}`, "");
  await Deno.symlink(`${root}/a`, `${root}/link`);
  await Deno.symlink(`${outside.path}/secret`, `${root}/secret`);
  await Deno.symlink(outside.path, `${root}/folder`);
  await Deno.symlink(root, `${root}/self`);
  it.emit("create", ...names, "link", "secret", "folder", "folder/secret", "self", "self/a", "self/in");
  assert.deepEqual(await pathsUntil(2 * SAFETY_LISTING_INTERVAL_MS, it), ["a"]);
  assert.deepEqual(it.keeper.problems, []);
  // Links are no loss, and reported once.
  const links = ["folder", "link", "secret", "self"].map((
    name,
  ) => [`${root}/${name}`, "file-not-regular", false]);
  const skipped = it.skipped.map(({ name, code, isLoss }) => [name, code, isLoss]);
  assert.deepEqual(skipped.sort(), links);
});

Deno.test("a file that vanishes before it is complete is logged, and the others come", async () => {
  await using it = await watched();
  for (const name of ["a", "b", "c"]) await Deno.writeTextFile(`${it.root}/${name}`, name);
  it.emit("create", "a", "b", "c");
  it.clock.whileAsleep = async (untilMs) => {
    if (untilMs === SETTLE_MS) await Deno.remove(`${it.root}/b`);
  };
  assert.deepEqual([await it.next(), await it.next()], ["a", "c"]);
  assert.ok(
    it.keeper.lines.includes(`info skip a file: "${it.root}/b" vanished before it was complete`),
  );
});

Deno.test("a file that is gone is forgotten, and delivered if it appears again", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "a");
  it.emit("create", "a");
  assert.equal(await it.next(), "a");
  await Deno.rename(`${it.root}/a`, `${it.root}/.a`);
  it.clock.whileAsleep = async (untilMs) => {
    if (untilMs !== 2 * SAFETY_LISTING_INTERVAL_MS) return;
    await Deno.rename(`${it.root}/.a`, `${it.root}/a`);
  };
  assert.equal(await it.next(), "a");
  assert.equal(it.clock.now(), 2 * SAFETY_LISTING_INTERVAL_MS + SETTLE_MS);
});

Deno.test("a refused file is reported once and does not come until it changes", async () => {
  await using it = await watched();
  const path = `${it.root}/a`;
  const odd = skippedFile(path, new PluginError("file-too-large", "it is odd"));
  await Deno.writeTextFile(path, "a");
  it.emit("create", "a");
  assert.equal((await it.nextFile())?.path, "a");
  await it.monitor.refuse("a", odd);
  await Deno.writeTextFile(`${it.root}/b`, "b");
  it.emit("modify", "a");
  it.emit("create", "b");
  assert.equal(await it.next(), "b");
  await Deno.chmod(path, 0o600);
  it.emit("modify", "a");
  assert.equal((await it.nextFile())?.path, "a");
  await it.monitor.refuse("a", odd);
  await Deno.writeTextFile(path, "longer");
  it.emit("modify", "a");
  assert.equal((await it.nextFile())?.path, "a");
  assert.deepEqual(it.skipped, [odd]);
  await it.monitor.refuse("a", odd);
  await pathsUntil(2 * SAFETY_LISTING_INTERVAL_MS, it);
  assert.deepEqual(it.skipped, [odd, odd]);
});

Deno.test("a source folder that goes away is reported once, and another in its place is watched", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "a");
  it.emit("create", "a");
  assert.equal(await it.next(), "a");
  await Deno.rename(it.root, `${it.root}.away`);
  it.clock.whileAsleep = async (untilMs) => {
    if (untilMs !== 4 * SAFETY_LISTING_INTERVAL_MS) return;
    await Deno.mkdir(it.root);
    await Deno.writeTextFile(`${it.root}/b`, "b");
  };
  assert.equal(await it.next(), "b");
  await Deno.remove(`${it.root}.away`, { recursive: true });
  assert.deepEqual(it.skipped, [{
    name: it.root,
    code: "folder-not-readable",
    reason: "the folder can't be listed: No such file or directory (ENOENT)",
    isLoss: true,
  }]);
  assert.deepEqual(it.watchers.map(({ isClosed }) => isClosed), [true, false]);
});

Deno.test({
  name: "a name that is not UTF-8 is a loss, reported once, and one that exists at the start is not reported",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using it = await watched({}, (root) => putUnnameable(root, "old"));
    await putUnnameable(it.root, "new");
    it.watchers[0]!.fail(new TypeError("path contains invalid UTF-8 characters"));
    assert.deepEqual(await pathsUntil(3 * SAFETY_LISTING_INTERVAL_MS, it), []);
    assert.deepEqual(it.skipped.map(({ name, code, isLoss }) => ({ name, code, isLoss })), [
      { name: `${it.root}/\ufffdnew`, code: "name-not-utf8", isLoss: true },
    ]);
  },
});

Deno.test({
  name: "a pipe is no loss, reported once, and nothing waits for its writer",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using it = await watched();
    const { success } = await new Deno.Command("mkfifo", { args: [`${it.root}/pipe`] }).output();
    assert.ok(success);
    await Deno.writeTextFile(`${it.root}/z`, "z");
    it.emit("create", "pipe", "z");
    assert.deepEqual(await pathsUntil(2 * SAFETY_LISTING_INTERVAL_MS, it), ["z"]);
    assert.deepEqual(it.skipped.map(({ code, isLoss }) => [code, isLoss]), [["file-not-regular", false]]);
  },
});

Deno.test("a file whose delivery failed comes again after 1 s, 2 s, 4 s, and in between others come", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/a`, "a");
  it.emit("create", "a");
  const times: number[] = [];
  for (let attempt = 1; attempt <= 4; attempt++) {
    const file = await it.nextFile();
    assert.deepEqual([file?.path, file?.attempt], ["a", attempt]);
    times.push(it.clock.now());
    it.monitor.delivered(file!);
    it.monitor.deliverLater(file!);
  }
  assert.deepEqual(times, [500, 1500, 3500, 7500]);
  await Deno.writeTextFile(`${it.root}/b`, "b");
  it.emit("create", "b");
  assert.deepEqual([await it.next(), await it.next()], ["b", "a"]);
});

Deno.test("while very many files wait for another delivery no new ones come", async () => {
  await using it = await watched();
  await Deno.writeTextFile(`${it.root}/new`, "new");
  it.emit("create", "new");
  for (let index = 0; index < 10_000; index++) {
    it.monitor.deliverLater({ path: `failed-${index}`, mark: "", attempt: 4 });
  }
  assert.equal((await it.nextFile())?.path, "failed-0");
  assert.equal(it.clock.now(), 8000);
});

Deno.test("an abort ends a sleep at once and closes the events, even without a pending request", async () => {
  await using it = await watched();
  const next = it.monitor.next();
  it.clock.whileAsleep = () => new Promise(() => {});
  it.stop.abort();
  assert.equal(await next, undefined);
  assert.equal(it.watchers[0]!.isClosed, true);
});
