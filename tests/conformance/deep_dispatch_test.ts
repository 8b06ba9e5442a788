/**
 * The deep dispatchers of stoQ 2, as its test_core.py tested them. There results were a list with an entry for each
 * pass; here they are flat, and `deepPasses` says which pass a worker ran in.
 */

import assert from "node:assert/strict";
import type { RunEvent } from "../../mod.ts";
import { briefly, FOX, openStoq, workersRun } from "./fixture_stoq.ts";

Deno.test("test_start_deep_dispatch: a worker that is forced into the deep stage runs in pass 1", async () => {
  await using stoq = openStoq();
  const { results, errors } = await stoq.scan(FOX, { startDeepDispatch: ["simple_worker"] });
  assert.deepEqual(errors, []);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["simple_worker"]);
  assert.deepEqual(results[0]?.deepPasses, { simple_worker: 1 });
  // Extracted payloads are not forced.
  assert.deepEqual(results[1]?.pluginsRun.workers, []);
  assert.equal(results[1]?.deepPasses, undefined);
});

Deno.test("test_deep_dispatch: a deep dispatcher's worker sees its metadata", async () => {
  await using stoq = openStoq({
    deepDispatchers: ["simple_deep_dispatcher"],
    pluginOpts: { dummy_worker: { report_call: true } },
  });
  const { results } = await stoq.scan(FOX);
  assert.deepEqual(results[0]?.deepPasses, { dummy_worker: 1 });
  assert.deepEqual(results[0]?.workers.dummy_worker, {
    calls: 1,
    arguments: 2,
    dispatch_meta: { simple_deep_dispatcher: { test_deep_key: "Useful deep metadata info" } },
  });
});

Deno.test("test_deep_dispatch_duplicate: a worker that is named twice runs once", async () => {
  await using stoq = openStoq({
    deepDispatchers: ["simple_deep_dispatcher"],
    pluginOpts: {
      dummy_worker: { report_call: true },
      simple_deep_dispatcher: { workers: ["dummy_worker", "dummy_worker"] },
    },
  });
  const { results } = await stoq.scan(FOX, { startDeepDispatch: ["dummy_worker"] });
  assert.deepEqual(results[0]?.pluginsRun.workers, ["dummy_worker"]);
  assert.equal((results[0]?.workers.dummy_worker as { calls: number }).calls, 1);
});

// There it would run a second time; here a worker runs once on a payload, so that no loop has no end (deep-dispatchers.md §4).
Deno.test("test_deep_dispatch_again: a worker that has run is not run again in the deep stage", async () => {
  await using stoq = openStoq({
    deepDispatchers: ["simple_deep_dispatcher"],
    pluginOpts: { dummy_worker: { report_call: true } },
    maxDispatchPasses: 3,
  });
  const { results } = await stoq.scan(FOX, { startDispatch: ["dummy_worker"] });
  assert.equal((results[0]?.workers.dummy_worker as { calls: number }).calls, 1);
  assert.equal(results[0]?.deepPasses, undefined);
});

Deno.test("test_deep_dispatch_nonexistent_plugin: an unknown worker is one error", async () => {
  for (const options of [{ deepDispatchers: ["simple_deep_dispatcher"] }, {}]) {
    await using stoq = openStoq({
      ...options,
      pluginOpts: { simple_deep_dispatcher: { workers: ["this_plugin_doesnt_exist"] } },
    });
    const response = await stoq.scan(FOX, { startDeepDispatch: ["this_plugin_doesnt_exist"] });
    assert.deepEqual(workersRun(response), [[]]);
    assert.deepEqual(briefly(response.errors), ["plugin-not-found worker this_plugin_doesnt_exist"]);
  }
});

Deno.test("test_provider_with_start_deep_dispatch: a run passes forced workers on", async () => {
  await using stoq = openStoq({ providers: ["simple_provider"] });
  const events: RunEvent[] = [];
  await stoq.run({ startDeepDispatch: ["dummy_worker"], onEvent: (event) => events.push(event) });
  const passes = events.flatMap((event) =>
    event.kind === "scanned" ? event.response.results.map(({ deepPasses }) => deepPasses) : []
  );
  assert.deepEqual(passes, [{ dummy_worker: 1 }]);
});

Deno.test("test_start_dispatch_and_start_deep_dispatch: each stage runs its own worker once", async () => {
  await using stoq = openStoq({
    pluginOpts: { dummy_worker: { report_call: true }, simple_worker: { should_scan: false } },
  });
  const { results } = await stoq.scan(FOX, {
    startDispatch: ["simple_worker"],
    startDeepDispatch: ["dummy_worker"],
  });
  assert.deepEqual(results[0]?.pluginsRun.workers, ["simple_worker", "dummy_worker"]);
  assert.deepEqual(results[0]?.deepPasses, { dummy_worker: 1 });
  assert.equal((results[0]?.workers.dummy_worker as { calls: number }).calls, 1);
});

Deno.test("test_deep_dispatcher_exception: a deep dispatcher that raises is an error, and the rest continues", async () => {
  await using stoq = openStoq({
    deepDispatchers: ["simple_deep_dispatcher", "dummy_deep_dispatcher"],
    pluginOpts: { simple_deep_dispatcher: { raise_exception: true } },
  });
  const response = await stoq.scan(FOX, { startDeepDispatch: ["dummy_worker"] });
  assert.deepEqual(workersRun(response), [["dummy_worker"]]);
  assert.deepEqual(briefly(response.errors), ["plugin-failed deep-dispatcher simple_deep_dispatcher"]);
  assert.match(response.errors[0]!.error, /^deep dispatcher:failed to deep dispatch.*Test exception/);
});

// There it is never read (deep-dispatchers.md §3).
Deno.test("test_deep_dispatcher_errors: what a deep dispatcher reports is in the response", async () => {
  await using stoq = openStoq({
    deepDispatchers: ["simple_deep_dispatcher"],
    pluginOpts: { simple_deep_dispatcher: { return_errors: true } },
  });
  const { errors } = await stoq.scan(FOX);
  assert.deepEqual(errors.map(({ error }) => error), ["Test error please ignore"]);
});

Deno.test("test_deep_worker_exception: a worker that raises in the deep stage has run, and is one error", async () => {
  await using stoq = openStoq({ pluginOpts: { simple_worker: { raise_exception: true } } });
  const { results, errors } = await stoq.scan(FOX, { startDeepDispatch: ["simple_worker"] });
  assert.deepEqual(results[0]?.deepPasses, { simple_worker: 1 });
  assert.deepEqual(briefly(errors), ["plugin-failed worker simple_worker"]);
});
