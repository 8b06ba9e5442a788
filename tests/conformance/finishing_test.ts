/** The original's test_core.py: results, archivers, decorators and connectors. */

import assert from "node:assert/strict";
import { TempFolder } from "../run_stoq.ts";
import { briefly, FOX, openStoq } from "./fixture_stoq.ts";

Deno.test("test_worker_in_results: what a worker found is under its name", async () => {
  await using stoq = openStoq();
  const { results, errors } = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(results[0]?.workers, { simple_worker: { valuable_insight: "wow" } });
  assert.deepEqual(errors, []);
});

Deno.test("test_worker_not_in_results: a worker that has nothing to say has no key", async () => {
  await using stoq = openStoq();
  const { results } = await stoq.scan(FOX, { startDispatch: ["dummy_worker"] });
  assert.deepEqual(results[0]?.pluginsRun.workers, ["dummy_worker"]);
  assert.deepEqual(results[0]?.workers, {});
});

Deno.test("test_worker_exception: a worker that raises has run, and is one error", async () => {
  await using stoq = openStoq({ pluginOpts: { simple_worker: { raise_exception: true } } });
  const { results, errors } = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(results[0]?.pluginsRun.workers, ["simple_worker"]);
  assert.deepEqual(results[0]?.workers, {});
  assert.equal(errors.length, 1);
  assert.match(errors[0]!.error, /^worker:failed to scan.*Test exception/);
});

Deno.test("test_worker_errors: a worker can report an error beside its results", async () => {
  await using stoq = openStoq({ pluginOpts: { simple_worker: { return_errors: true } } });
  const { results, errors } = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(results[0]?.pluginsRun.workers, ["simple_worker"]);
  assert.deepEqual(Object.keys(results[0]?.workers ?? {}), ["simple_worker"]);
  assert.deepEqual(errors.map(({ error, payloadId }) => [error, payloadId]), [
    ["Test error please ignore", results[0]?.payloadId],
  ]);
});

Deno.test("test_dest_archive: an archiver is called once for each payload", async () => {
  await using stoq = openStoq({
    destArchivers: ["dummy_archiver"],
    pluginOpts: { dummy_archiver: { report_call: true } },
  });
  const { results } = await stoq.scan(FOX, { requestMeta: { archivePayloads: true } });
  assert.deepEqual(results[0]?.pluginsRun.archivers, ["dummy_archiver"]);
  assert.deepEqual(results[0]?.archivers.dummy_archiver, { calls: 1, arguments: 2, dispatch_meta: {} });
});

Deno.test("test_dont_dest_archive_request: a request can keep archivers away", async () => {
  await using stoq = openStoq({ destArchivers: ["dummy_archiver"] });
  const { results, plugins } = await stoq.scan(FOX, {
    requestMeta: { archivePayloads: false },
    startDispatch: ["extract_payload"],
  });
  assert.deepEqual(results.map(({ pluginsRun }) => pluginsRun.archivers), [[], []]);
  assert.deepEqual(Object.keys(plugins), ["extract_payload"]);
});

Deno.test("test_dont_dest_archive_payload: a payload can keep archivers away from itself alone", async () => {
  await using stoq = openStoq({
    destArchivers: ["dummy_archiver"],
    pluginOpts: { dummy_archiver: { report_call: true } },
  });
  const { results } = await stoq.scan(FOX, {
    payloadMeta: { shouldArchive: false },
    startDispatch: ["extract_payload"],
  });
  assert.deepEqual(results.map(({ pluginsRun }) => pluginsRun.archivers), [[], ["dummy_archiver"]]);
  assert.equal((results[1]?.archivers.dummy_archiver as { calls: number }).calls, 1);
});

Deno.test("test_dont_dest_archive_yara: a dispatcher can keep archivers away from a payload", async () => {
  for (const should_archive of [false, true]) {
    await using stoq = openStoq({
      dispatchers: ["simple_dispatcher"],
      destArchivers: ["simple_archiver"],
      pluginOpts: { simple_dispatcher: { should_archive } },
    });
    const { results } = await stoq.scan(FOX);
    assert.deepEqual(results[0]?.pluginsRun.archivers, should_archive ? ["simple_archiver"] : []);
    assert.equal(results[0]?.payloadMeta.shouldArchive, should_archive);
  }
});

Deno.test("test_archiver_in_results: what an archiver says is under its name", async () => {
  await using stoq = openStoq({ destArchivers: ["simple_archiver"] });
  const { results, errors } = await stoq.scan(FOX);
  assert.deepEqual(results[0]?.archivers, { simple_archiver: { file_save_id: 12345 } });
  assert.deepEqual(errors, []);
});

Deno.test("test_archiver_not_in_results: an archiver that has nothing to say has no key", async () => {
  await using stoq = openStoq({ destArchivers: ["dummy_archiver"] });
  const { results } = await stoq.scan(FOX);
  assert.deepEqual(results[0]?.archivers, {});
  assert.deepEqual(results[0]?.pluginsRun.archivers, ["dummy_archiver"]);
});

Deno.test("test_dest_archiver_exception: an archiver that raises has run, and is one error", async () => {
  await using stoq = openStoq({
    destArchivers: ["simple_archiver"],
    pluginOpts: { simple_archiver: { raise_exception: true } },
  });
  const { results, errors } = await stoq.scan(FOX);
  assert.deepEqual(results[0]?.pluginsRun.archivers, ["simple_archiver"]);
  assert.deepEqual(briefly(errors), ["plugin-failed dest-archiver simple_archiver"]);
  assert.match(errors[0]!.error, /^archiver:failed to archive.*Test exception/);
});

Deno.test("test_dest_archiver_errors: an archiver can report an error beside its results", async () => {
  await using stoq = openStoq({
    destArchivers: ["simple_archiver"],
    pluginOpts: { simple_archiver: { return_errors: true } },
  });
  const { results, errors } = await stoq.scan(FOX);
  assert.deepEqual(results[0]?.archivers, { simple_archiver: { file_save_id: 12345 } });
  assert.deepEqual(errors.map(({ error }) => error), ["Test error please ignore"]);
});

Deno.test("test_decorator: what a decorator adds is under its name", async () => {
  await using stoq = openStoq({ decorators: ["simple_decorator"] });
  const { decorators, errors } = await stoq.scan(FOX);
  assert.deepEqual(decorators, { simple_decorator: { simple_decoration: 123 } });
  assert.deepEqual(errors, []);
});

Deno.test("test_decorator_errors: a decorator can report an error beside its results", async () => {
  await using stoq = openStoq({
    decorators: ["simple_decorator"],
    pluginOpts: { simple_decorator: { return_errors: true } },
  });
  const { decorators, errors } = await stoq.scan(FOX);
  assert.deepEqual(decorators, { simple_decorator: { simple_decoration: 123 } });
  assert.deepEqual(errors.map(({ error }) => error), ["Test error please ignore"]);
});

Deno.test("test_decorator_exception: a decorator that raises is one error", async () => {
  await using stoq = openStoq({
    decorators: ["simple_decorator"],
    pluginOpts: { simple_decorator: { raise_exception: true } },
  });
  const { decorators, errors } = await stoq.scan(FOX);
  assert.deepEqual(decorators, {});
  assert.deepEqual(briefly(errors), ["plugin-failed decorator simple_decorator"]);
  assert.match(errors[0]!.error, /Test exception/);
});

Deno.test("test_connector: a connector is called once for a response", async () => {
  using folder = new TempFolder();
  await using stoq = openStoq({
    connectors: ["dummy_connector"],
    pluginOpts: { dummy_connector: { save_dir: folder.path } },
  });
  const { scanId, errors } = await stoq.scan(FOX);
  assert.deepEqual(errors, []);
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["1.json"]);
  assert.equal(JSON.parse(Deno.readTextFileSync(folder.at("1.json"))).scan_id, scanId);
});

// The original only logs it; DESIGN §6 reports it in the response.
Deno.test("test_connector_exception: a connector that raises is one error, and the response is complete", async () => {
  await using stoq = openStoq({
    connectors: ["dummy_connector"],
    pluginOpts: { dummy_connector: { raise_exception: true } },
  });
  const { results, errors } = await stoq.scan(FOX);
  assert.equal(results.length, 1);
  assert.deepEqual(briefly(errors), ["plugin-failed connector dummy_connector"]);
  assert.match(errors[0]!.error, /^connector:failed to save: Error: Test exception/);
});
