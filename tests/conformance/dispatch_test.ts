/** The original's test_core.py: who is asked to scan what. */

import assert from "node:assert/strict";
import { briefly, FOX, openStoq, workersRun } from "./fixture_stoq.ts";

Deno.test("test_scan: a scan without plugins lists the payload", async () => {
  await using stoq = openStoq();
  const { results, errors } = await stoq.scan(FOX);
  assert.deepEqual(results.map(({ sizeBytes }) => sizeBytes), [19]);
  assert.deepEqual(errors, []);
});

Deno.test("test_worker_should_scan: what is not to be scanned is listed, dispatched or not", async () => {
  await using stoq = openStoq({
    pluginOpts: { simple_worker: { should_scan: false, extracted_dispatch_to: ["dummy_worker"] } },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(response), [["simple_worker"], []]);
});

Deno.test("test_always_dispatch: an always dispatched worker runs on roots and on what was extracted", async () => {
  await using stoq = openStoq({ alwaysDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(await stoq.scan(FOX)), [["simple_worker"], ["simple_worker"]]);
});

Deno.test("test_start_dispatch: a start dispatched worker runs on roots alone", async () => {
  await using stoq = openStoq();
  const response = await stoq.scan(FOX, { startDispatch: ["extract_payload"] });
  assert.deepEqual(workersRun(response), [["extract_payload"], []]);
});

Deno.test("test_dispatch: a dispatched worker runs and sees why", async () => {
  await using stoq = openStoq({
    dispatchers: ["simple_dispatcher"],
    pluginOpts: { dummy_worker: { report_call: true } },
  });
  const { results, errors } = await stoq.scan(FOX);
  assert.deepEqual(errors, []);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["dummy_worker"]);
  assert.deepEqual(results[0]?.workers.dummy_worker, {
    calls: 1,
    arguments: 2,
    dispatch_meta: { simple_dispatcher: { test_key: "Useful metadata info" } },
  });
});

Deno.test("test_dispatcher_exception: a dispatcher that raises is an error, and the scan continues", async () => {
  await using stoq = openStoq({
    dispatchers: ["simple_dispatcher"],
    pluginOpts: { simple_dispatcher: { raise_exception: true } },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  // One for each payload, though it is asked about the first in two rounds.
  assert.deepEqual(briefly(response.errors), [
    "plugin-failed dispatcher simple_dispatcher",
    "plugin-failed dispatcher simple_dispatcher",
  ]);
  assert.match(response.errors[0]!.error, /^dispatcher:failed to dispatch.*Test exception/);
  assert.deepEqual(
    response.errors.map(({ payloadId }) => payloadId),
    response.results.map((r) => r.payloadId),
  );
  assert.deepEqual(workersRun(response), [["simple_worker"], []]);
});

// Upstream drops what a dispatcher reports (core.md §4); DESIGN §6 reports it on purpose.
Deno.test("test_dispatcher_errors: what a dispatcher reports is in the response, and its dispatch counts", async () => {
  await using stoq = openStoq({
    dispatchers: ["simple_dispatcher"],
    pluginOpts: { simple_dispatcher: { return_errors: true } },
  });
  const response = await stoq.scan(FOX);
  assert.deepEqual(response.errors.map(({ error }) => error), ["Test error please ignore"]);
  assert.deepEqual(workersRun(response), [["dummy_worker"]]);
});

Deno.test("test_conditional_dispatch: a dispatcher is asked again when results have changed", async () => {
  await using stoq = openStoq({ dispatchers: ["conditional_dispatcher"] });
  assert.deepEqual(workersRun(await stoq.scan(FOX)), [[]]);
  const response = await stoq.scan(FOX, { startDispatch: ["dummy_worker"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["dummy_worker", "simple_worker"]);
});

for (
  const [test, workers] of [
    ["test_dispatch_duplicate", ["dummy_worker", "dummy_worker"]],
    ["test_dispatch_multiple_plugins", ["simple_worker", "dummy_worker"]],
    ["test_dispatch_multiple_plugins2", ["dummy_worker", "simple_worker"]],
  ] as const
) {
  Deno.test(`${test}: each worker that a dispatcher names runs once`, async () => {
    await using stoq = openStoq({
      dispatchers: ["simple_dispatcher"],
      pluginOpts: {
        dummy_worker: { report_call: true },
        simple_dispatcher: { workers },
        simple_worker: { should_scan: false },
      },
    });
    const { results, errors } = await stoq.scan("multi-plugin-content");
    assert.deepEqual(results[0]?.pluginsRun.workers, [...new Set(workers)].sort());
    const { calls, arguments: count } = results[0]?.workers.dummy_worker as Record<string, number>;
    assert.deepEqual({ calls, count, errors }, { calls: 1, count: 2, errors: [] });
  });
}

Deno.test("test_dispatch_from_worker: an extracted payload's dispatch_to counts", async () => {
  await using stoq = openStoq({
    pluginOpts: { simple_worker: { extracted_dispatch_to: ["extract_payload"] } },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(response), [["simple_worker"], ["extract_payload"], []]);
  assert.deepEqual(response.results[2]?.extractedBy, ["extract_payload"]);
  assert.deepEqual(response.results[2]?.extractedFrom, [response.results[1]?.payloadId]);
});

Deno.test("test_additional_dispatch_from_worker: a worker can name others for the same payload", async () => {
  await using stoq = openStoq({
    pluginOpts: { simple_worker: { additional_dispatch_to: ["dummy_worker"] } },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(response), [["simple_worker", "dummy_worker"], []]);
});

Deno.test("test_dispatch_nonexistent_plugin: an unknown worker is one error and has not run", async () => {
  await using stoq = openStoq();
  const response = await stoq.scan(FOX, { startDispatch: ["this_plugin_doesnt_exist"] });
  assert.deepEqual(workersRun(response), [[]]);
  assert.deepEqual(briefly(response.errors), ["plugin-not-found worker this_plugin_doesnt_exist"]);
});

// core.md §5: the original ignores a root's own dispatch_to; DESIGN §6 lets it count.
Deno.test("test_root_dispatch_to: a root's own dispatch_to counts", async () => {
  await using stoq = openStoq();
  const response = await stoq.scan(FOX, { payloadMeta: { dispatchTo: ["dummy_worker"] } });
  assert.deepEqual(workersRun(response), [["dummy_worker"]]);
});

// core.md §5: there the whole scan dies of an AttributeError.
Deno.test("test_start_dispatch_non_worker: a plugin of another kind is an error, and the rest runs", async () => {
  await using stoq = openStoq();
  const response = await stoq.scan(FOX, { startDispatch: ["dummy_connector", "dummy_worker"] });
  assert.deepEqual(workersRun(response), [["dummy_worker"]]);
  assert.deepEqual(briefly(response.errors), ["plugin-wrong-role worker dummy_connector"]);
});

Deno.test("test_multiclass_plugin: a dispatcher that is a worker too can dispatch to itself", async () => {
  await using stoq = openStoq({ dispatchers: ["multiclass_plugin"] });
  const { results, errors, plugins } = await stoq.scan(FOX);
  assert.deepEqual(errors, []);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["multiclass_plugin"]);
  assert.deepEqual(results[0]?.workers.multiclass_plugin, {
    valuable_insight: "wow",
    dispatch_meta: { multiclass_plugin: { multiclass_plugin: { rule0: "multiclass_plugin" } } },
  });
  assert.deepEqual(plugins, { multiclass_plugin: "0.1.0" });
});
