/**
 * Every call on the file system fails once in a run that deletes or moves what it scanned. After each failure every file is kept, as a
 * complete result and a complete archived payload, or it is still where it was; and the run's summary says how many are not kept.
 *
 * The plugins are dirmon, which provides, and filedir, which keeps and provides in some of the tests, over a storage whose n-th call of a kind fails.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type RunSummary, Stoq, StoqError } from "../mod.ts";
import dirmonManifest from "../plugins/dirmon/manifest.json" with { type: "json" };
import filedirManifest from "../plugins/filedir/manifest.json" with { type: "json" };
import {
  type Fault,
  type FaultCode,
  FaultyStorage,
  type StorageCall,
} from "../src/plugin/kit/testing/faulty_storage.ts";
import { until } from "./processes.ts";
import { TempFolder } from "./run_stoq.ts";

const FILES = 50;
const CODES: readonly FaultCode[] = ["ENOSPC", "EIO", "EACCES", "EMFILE", "ENOENT"];

/** A folder in memory where the system has one: so many runs write many files. */
const MEMORY = existing("/dev/shm");

function existing(folder: string): string | undefined {
  try {
    return Deno.statSync(folder).isDirectory ? folder : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Where the plugins find the storage of the run under way. */
const STORAGE = Symbol.for("stoq.test.storage");

const PLUGINS = new TempFolder({
  "watch/manifest.json": JSON.stringify({ ...dirmonManifest, name: "watch" }),
  "watch/mod.ts": pluginOver("createDirmon", "../plugins/dirmon/mod.ts"),
  "keep/manifest.json": JSON.stringify({ ...filedirManifest, name: "keep" }),
  "keep/mod.ts": pluginOver("createFiledir", "../plugins/filedir/mod.ts"),
});
globalThis.addEventListener("unload", () => PLUGINS[Symbol.dispose]());

function pluginOver(factory: string, path: string): string {
  return `import { ${factory} } from ${JSON.stringify(import.meta.resolve(path))};
export default (options, context) => ${factory}(globalThis[Symbol.for("stoq.test.storage")], options, context);
`;
}

/** What happens to a scanned file: dirmon deletes or moves it; filedir, as the provider, leaves it. */
type AfterScan = "delete" | "move" | "leave";

/** What a run left behind. */
interface Aftermath {
  /** `undefined` where the run did not begin. */
  readonly summary: RunSummary | undefined;
  readonly storage: FaultyStorage;
  /** Names of the files that are still in the source folder. */
  readonly inSource: ReadonlySet<string>;
  /** Names of the files that are there or where scanned files are moved. */
  readonly inPlace: ReadonlySet<string>;
  /** Names of the files that have a complete result. */
  readonly withResult: ReadonlySet<string>;
  /** Names of the files whose content is archived. */
  readonly archived: ReadonlySet<string>;
}

const nameOf = (index: number) => `file-${String(index).padStart(2, "0")}`;
const contentOf = (name: string) => `The content of ${name}`;
const sha1Of = (content: string | Uint8Array) => createHash("sha1").update(content).digest("hex");

async function runWith(
  fault: Fault | undefined,
  afterScan: AfterScan = "delete",
  maxDeliveries = 1,
): Promise<Aftermath> {
  using folder = new TempFolder({}, MEMORY);
  for (let index = 0; index < FILES; index++) {
    folder.write(`in/${index % 3}/${nameOf(index)}`, contentOf(nameOf(index)));
  }
  const storage = new FaultyStorage(undefined, fault, { skipsFlushes: true });
  Object.assign(globalThis, { [STORAGE]: storage });
  const summary = await runOver(folder, afterScan, maxDeliveries);
  // A run that is stopped does not wait for what a provider still reads.
  await until("all calls have ended and all files are closed", () => storage.isIdle);
  return { summary, storage, ...leftIn(folder, afterScan) };
}

async function runOver(
  folder: TempFolder,
  afterScan: AfterScan,
  maxDeliveries: number,
): Promise<RunSummary | undefined> {
  await using stoq = new Stoq({
    stoqHome: folder.at("home"),
    pluginDirList: [PLUGINS.path],
    isolation: "none",
    logLevel: "critical",
    providers: [afterScan === "leave" ? "keep" : "watch"],
    connectors: ["keep"],
    destArchivers: ["keep"],
    alwaysDispatch: ["hash"],
    maxDeliveries,
    pluginOpts: {
      watch: {
        source_dir: folder.at("in"),
        existing: true,
        settle_time: 0,
        poll_interval: 0.05,
        after_scan: afterScan,
        move_dir: folder.at("moved"),
      },
      // Folders by SHA-1 are made of many calls.
      keep: {
        source_dir: folder.at("in"),
        recursive: true,
        results_dir: folder.at("results"),
        archive_dir: folder.at("archive"),
        use_sha: false,
        date_mode: true,
      },
    },
  });
  const stop = new AbortController();
  const guard = setTimeout(() => stop.abort(), 60_000);
  let ended = 0;
  try {
    return await stoq.run({
      stop: stop.signal,
      onEvent(event) {
        const isRetried = event.kind === "settled" && event.outcome.status === "failed" &&
          event.outcome.shouldRetry;
        const isEnd = (event.kind === "settled" && !isRetried) ||
          (event.kind === "skipped" && event.item.isLoss);
        if (isEnd && ++ended === FILES) stop.abort();
      },
    });
  } catch (error) {
    // The folders could not be looked at: the run is refused before it begins.
    assert.ok(error instanceof StoqError, String(error));
    return undefined;
  } finally {
    clearTimeout(guard);
  }
}

/** Everything that is taken for a result or an archived payload must be complete. */
function leftIn(folder: TempFolder, afterScan: AfterScan) {
  const wholeIn = (place: string) =>
    filesBelow(folder.at(place)).filter(([name, bytes]) =>
      new TextDecoder().decode(bytes) === contentOf(name)
    )
      .map(([name]) => name);
  const inSource = new Set(wholeIn("in"));
  const inPlace = new Set([...inSource, ...(afterScan === "move" ? wholeIn("moved") : [])]);
  const withResult = new Set<string>();
  for (const [, bytes] of filesBelow(folder.at("results"))) {
    const text = new TextDecoder().decode(bytes);
    assert.match(text, /\}\n$/);
    const { payload_meta, workers } = JSON.parse(text).results[0];
    const name = payload_meta.extra_data.filename;
    assert.equal(workers.hash.sha1, sha1Of(contentOf(name)));
    withResult.add(name);
  }
  const archived = new Set<string>();
  for (const [name, bytes] of filesBelow(folder.at("archive"))) {
    const text = new TextDecoder().decode(bytes);
    const origin = text.split(" ").at(-1)!;
    assert.equal(text, contentOf(origin), `"${name}" is complete`);
    archived.add(origin);
  }
  return { inSource, inPlace, withResult, archived };
}

function filesBelow(folder: string): [name: string, content: Uint8Array][] {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [[name, Deno.readFileSync(`${folder}/${name}`)]]
  );
}

/** What must be so after every run. */
function checkAftermath(
  { summary, inSource, inPlace, withResult, archived }: Aftermath,
  afterScan: AfterScan = "delete",
): void {
  const names = Array.from({ length: FILES }, (_, index) => nameOf(index));
  const kept = names.filter((name) => withResult.has(name) && archived.has(name));
  const lost = names.filter((name) => !inPlace.has(name) && !kept.includes(name));
  assert.deepEqual(lost, [], "every file is kept or in its place");
  if (summary === undefined) {
    assert.equal(inPlace.size, FILES);
    return;
  }
  const { done, failed, skipped, abandoned, errors } = summary;
  const figures = JSON.stringify(summary);
  assert.ok(done <= kept.length, `${kept.length} are kept: ${figures}`);
  const gone = FILES - inSource.size;
  assert.ok(gone <= done, `${gone} are gone: ${figures}`);
  // A provider that ends early is an error, and leaves files that no number counts.
  assert.ok(done + failed + skipped + abandoned >= FILES || errors > 0, figures);
  // A file that is not kept, or should be gone and is not, does not pass without a word.
  const isComplete = kept.length === FILES && (gone === FILES || afterScan === "leave");
  assert.ok(isComplete || failed + skipped + abandoned + errors > 0, figures);
}

const isWindows = Deno.build.os === "windows";

Deno.test("without a fault all files are kept, and dirmon deletes them", { ignore: isWindows }, async () => {
  const aftermath = await runWith(undefined);
  checkAftermath(aftermath);
  assert.deepEqual(aftermath.summary, {
    done: FILES,
    failed: 0,
    retried: 0,
    abandoned: 0,
    skipped: 0,
    errors: 0,
  });
  assert.equal(aftermath.inSource.size, 0);
});

/** The kinds of calls that such a run makes. */
const CALLS: readonly StorageCall[] = [
  "lstat",
  "stat",
  "realPath",
  "readDir",
  "open",
  "create",
  "mkdir",
  "mkdirs",
  "link",
  "remove",
  "syncFolder",
  "read",
  "write",
  "fstat",
  "sync",
];

/** The first, one in the middle and the last of so many calls. */
function positionsOf(count: number): number[] {
  return [...new Set([1, Math.ceil(count / 2), count])];
}

for (const call of CALLS) {
  Deno.test(`no file is lost when a call of ${call} fails`, { ignore: isWindows }, async () => {
    const { storage } = await runWith(undefined);
    const count = storage.counts.get(call);
    assert.ok(count, `${call} is called`);
    for (const nth of positionsOf(count)) {
      for (const code of CODES) {
        for (const isPartial of call === "write" ? [false, true] : [false]) {
          checkAftermath(await runWith({ call, nth, code, isPartial }));
        }
      }
    }
  });
}

for (const call of ["rename", "create", "lstat", "realPath", "mkdir", "remove"] as const) {
  Deno.test(`no file is lost when a call of ${call} fails and scanned files are moved`, {
    ignore: isWindows,
  }, async () => {
    const { storage } = await runWith(undefined, "move");
    const nths = positionsOf(storage.counts.get(call)!);
    for (const [index, code] of CODES.entries()) {
      checkAftermath(await runWith({ call, nth: nths[index % nths.length]!, code }, "move"), "move");
    }
  });
}

for (const call of ["readDir", "lstat", "open", "fstat", "read", "realPath", "stat"] as const) {
  Deno.test(`no file is left out without an error when a call of ${call} fails and filedir reads the files`, {
    ignore: isWindows,
  }, async () => {
    const { storage } = await runWith(undefined, "leave");
    const nths = positionsOf(storage.counts.get(call)!);
    for (const [index, code] of CODES.entries()) {
      checkAftermath(await runWith({ call, nth: nths[index % nths.length]!, code }, "leave"), "leave");
    }
  });
}

Deno.test(
  "a result that could not be saved is saved by the next delivery",
  { ignore: isWindows },
  async () => {
    const aftermath = await runWith({ call: "link", nth: 7, code: "EIO" }, "delete", 3);
    checkAftermath(aftermath);
    assert.deepEqual(aftermath.summary, {
      done: FILES,
      failed: 0,
      retried: 1,
      abandoned: 0,
      skipped: 0,
      errors: 0,
    });
    assert.equal(aftermath.inPlace.size, 0);
  },
);
