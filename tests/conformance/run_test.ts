/** The original's test_core.py: providers, and source archivers behind their tasks. */

import assert from "node:assert/strict";
import type { RunEvent, RunSummary, StoqOptions, StoqRunOptions } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";
import { briefly, openStoq, workersRun } from "./fixture_stoq.ts";

interface RunRecord {
  readonly summary: RunSummary;
  readonly events: readonly RunEvent[];
  /** Files that the connector left: one for each call. */
  readonly saved: number;
}

/** Runs with a connector that counts its calls. */
async function run(options: StoqOptions, runOptions: StoqRunOptions = {}): Promise<RunRecord> {
  using folder = new TempFolder();
  const pluginOpts = { ...options.pluginOpts, dummy_connector: { save_dir: folder.path } };
  await using stoq = openStoq({ connectors: ["dummy_connector"], ...options, pluginOpts });
  const events: RunEvent[] = [];
  const summary = await stoq.run({ ...runOptions, onEvent: (event) => events.push(event) });
  return { summary, events, saved: [...Deno.readDirSync(folder.path)].length };
}

const responsesOf = ({ events }: RunRecord) =>
  events.flatMap((event) => event.kind === "scanned" ? [event.response] : []);
const errorsOf = ({ events }: RunRecord) =>
  events.flatMap((event) => event.kind === "error" ? [event.error] : []);

Deno.test("test_provider: a provider's payload is scanned and saved once", async () => {
  const record = await run({ providers: ["simple_provider"] });
  assert.deepEqual(record.summary, { done: 1, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 });
  assert.equal(record.saved, 1);
  assert.equal(responsesOf(record)[0]?.results[0]?.sizeBytes, "Important stuff".length);
});

Deno.test("test_no_providers: a run without providers does not start", async () => {
  await assert.rejects(run({}), { name: "StoqError", code: "no-providers" });
});

Deno.test("test_multi_providers: every provider's payloads are saved", async () => {
  const record = await run({ providers: ["simple_provider", "simple_provider2"] });
  assert.deepEqual(record.summary, { done: 2, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 });
  assert.equal(record.saved, 2);
});

// There the other providers' payloads are lost with it (core.md §6).
Deno.test("test_provider_exception: a provider that raises is reported, and costs the others nothing", async () => {
  const record = await run({
    providers: ["simple_provider", "simple_provider2"],
    pluginOpts: { simple_provider: { raise_exception: true } },
  });
  assert.deepEqual(record.summary, { done: 1, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 1 });
  assert.deepEqual(briefly(errorsOf(record)), ["plugin-failed provider simple_provider"]);
  assert.match(errorsOf(record)[0]!.error, /Test exception, please ignore/);
});

const TASK = {
  simple_provider: { return_payload: false },
  simple_archiver: { payload: "This is a payload" },
};

Deno.test("test_provider_with_task: what a task names is fetched, scanned and saved once", async () => {
  const record = await run({
    providers: ["simple_provider"],
    sourceArchivers: ["simple_archiver"],
    pluginOpts: TASK,
  });
  assert.deepEqual(record.summary, { done: 1, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 });
  assert.equal(record.saved, 1);
});

// The library has no call for `get`: the response of a run shows what it got and returned.
Deno.test("test_source_archive: a source archiver gets the task's metadata, its payload comes back whole", async () => {
  const record = await run({
    providers: ["simple_provider"],
    sourceArchivers: ["simple_archiver"],
    pluginOpts: TASK,
  });
  const [root] = responsesOf(record)[0]!.results;
  assert.equal(root?.sizeBytes, "This is a payload".length);
  assert.deepEqual(root?.payloadMeta.extraData, { task: "This is a task" });
});

Deno.test("test_source_archiver_exception: a source archiver that raises fails the delivery alone", async () => {
  const record = await run({
    providers: ["simple_provider", "simple_provider2"],
    sourceArchivers: ["simple_archiver"],
    pluginOpts: { ...TASK, simple_archiver: { raise_exception: true } },
  });
  assert.deepEqual(record.summary, { done: 1, failed: 1, retried: 0, abandoned: 0, skipped: 0, errors: 1 });
  assert.deepEqual(briefly(errorsOf(record)), ["plugin-failed source-archiver simple_archiver"]);
  assert.match(errorsOf(record)[0]!.error, /Test exception/);
});

// core.md §6: there it is a warning, and the item is dropped.
Deno.test("test_task_unknown_archiver: a task that names no active archiver fails its delivery", async () => {
  const record = await run({ providers: ["simple_provider"], pluginOpts: TASK });
  assert.deepEqual(record.summary, { done: 0, failed: 1, retried: 0, abandoned: 0, skipped: 0, errors: 1 });
  assert.deepEqual(briefly(errorsOf(record)), ["archiver-not-active source-archiver simple_archiver"]);
});

Deno.test("test_provider_with_start_dispatch: a run can dispatch what is delivered", async () => {
  const record = await run(
    { providers: ["simple_provider"], pluginOpts: { dummy_worker: { report_call: true } } },
    { startDispatch: ["dummy_worker"] },
  );
  assert.equal(record.saved, 1);
  assert.deepEqual(responsesOf(record).map(workersRun), [[["dummy_worker"]]]);
  const { calls } = responsesOf(record)[0]!.results[0]!.workers.dummy_worker as { calls: number };
  assert.equal(calls, 1);
});

Deno.test("test_provider_with_request: a request's own metadata wins, the run's fills the gap", async () => {
  for (const [specify_request_meta, dummy] of [[true, "1"], [false, "2"]]) {
    const record = await run(
      { providers: ["request_provider"], pluginOpts: { request_provider: { specify_request_meta } } },
      { requestMeta: { extraData: { dummy: "2" } } },
    );
    assert.deepEqual(responsesOf(record).map(({ requestMeta }) => requestMeta.extraData), [{ dummy }]);
    assert.equal(record.saved, 1);
  }
});
