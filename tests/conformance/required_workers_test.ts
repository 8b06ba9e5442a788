/** The original's test_core.py: workers that require other workers, and payloads that come twice. */

import assert from "node:assert/strict";
import { briefly, FOX, openStoq, requiringPlugins, workersRun } from "./fixture_stoq.ts";

const AGAIN = { simple_worker: { extracted_dispatch_to: ["simple_worker"] } };

Deno.test("test_scan_with_required_plugin: a required worker runs first, on every payload", async () => {
  using folder = requiringPlugins({ simple_worker: ["dummy_worker"], dummy_worker: [] });
  await using stoq = openStoq({ pluginDirList: [folder.path], pluginOpts: AGAIN });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(response.errors, []);
  assert.deepEqual(workersRun(response), [
    ["dummy_worker", "simple_worker"],
    ["dummy_worker", "simple_worker"],
  ]);
});

Deno.test("test_scan_with_duplicate_extracted_payloads: equal bytes are one payload with two parents", async () => {
  const content = `${FOX}more data`;
  await using stoq = openStoq({
    pluginOpts: {
      simple_worker: { extracted_payload: content, extracted_dispatch_to: ["extract_payload"] },
      extract_payload: { extracted_payload: content },
    },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(response), [["simple_worker"], ["extract_payload"]]);
  const [root, extracted] = response.results;
  assert.deepEqual(extracted?.extractedBy, ["simple_worker", "extract_payload"]);
  assert.deepEqual(extracted?.extractedFrom, [root?.payloadId, extracted?.payloadId]);
  // DESIGN §6: what the second finder knew is kept.
  assert.deepEqual(extracted?.alsoSeenAs, [
    { filename: null, extractedFrom: extracted?.payloadId, extractedBy: "extract_payload", extraData: {} },
  ]);
});

const CHAIN = { simple_worker: ["dummy_worker"], dummy_worker: ["extract_payload"], extract_payload: [] };

Deno.test("test_scan_with_nested_required_plugin: requirements of requirements run first", async () => {
  using folder = requiringPlugins(CHAIN);
  await using stoq = openStoq({ pluginDirList: [folder.path], pluginOpts: AGAIN });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.equal(response.results.length, 4);
  const chain = ["extract_payload", "dummy_worker", "simple_worker"];
  assert.deepEqual(workersRun(response), [chain, [], chain, []]);
  assert.deepEqual(response.results.map(({ extractedBy }) => extractedBy), [
    [],
    ["extract_payload"],
    // It extracts the same bytes again, so from itself.
    ["simple_worker", "simple_worker"],
    ["extract_payload"],
  ]);
});

Deno.test("test_scan_with_required_plugin_max_depth: too deep a chain is one error, and nothing of it runs", async () => {
  using folder = requiringPlugins(CHAIN);
  await using stoq = openStoq({ pluginDirList: [folder.path], maxRequiredWorkerDepth: 1 });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(response), [[]]);
  assert.equal(response.errors.length, 1);
  assert.match(response.errors[0]!.error, /Max required plugin depth/);
});

Deno.test("test_scan_with_required_plugin_circular_reference: a circle is one error", async () => {
  using folder = requiringPlugins({ simple_worker: ["dummy_worker"], dummy_worker: ["simple_worker"] });
  await using stoq = openStoq({ pluginDirList: [folder.path], maxRequiredWorkerDepth: 2000 });
  const response = await stoq.scan(FOX, { startDispatch: ["simple_worker"] });
  assert.deepEqual(workersRun(response), [[]]);
  assert.equal(response.errors.length, 1);
  assert.match(response.errors[0]!.error, /Circular/);
});

// core.md §5.1: the original says nothing; DESIGN §6 lets the dependant say it.
Deno.test("test_required_worker_raises: the dependant runs all the same, and says without what", async () => {
  using folder = requiringPlugins({ dummy_worker: ["simple_worker"], simple_worker: [] });
  await using stoq = openStoq({
    pluginDirList: [folder.path],
    pluginOpts: { simple_worker: { raise_exception: true } },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["dummy_worker"] });
  assert.deepEqual(workersRun(response), [["simple_worker", "dummy_worker"]]);
  assert.deepEqual(briefly(response.errors), [
    "plugin-failed worker simple_worker",
    "required-plugin-failed worker dummy_worker",
  ]);
});

// core.md §5.1: there the load error is repeated in each round, and the dependant vanishes.
Deno.test("test_required_worker_cannot_load: it and its dependant have one error each", async () => {
  using folder = requiringPlugins({ dummy_worker: ["this_plugin_doesnt_exist"], simple_worker: [] });
  await using stoq = openStoq({
    pluginDirList: [folder.path],
    alwaysDispatch: ["simple_worker"],
    pluginOpts: { simple_worker: { should_scan: false } },
  });
  const response = await stoq.scan(FOX, { startDispatch: ["dummy_worker"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["simple_worker"]);
  assert.deepEqual(briefly(response.errors), [
    "plugin-not-found worker this_plugin_doesnt_exist",
    "required-plugin-unavailable worker dummy_worker",
  ]);
});

Deno.test("test_max_recursion: the last round's payload is kept and named, unscanned", async () => {
  await using stoq = openStoq({ alwaysDispatch: ["extract_payload"] });
  const response = await stoq.scan(FOX);
  assert.equal(response.results.length, 11);
  assert.equal(response.errors.length, 1);
  assert.equal(
    response.errors[0]?.error,
    "Final worker round (10) reached, unable to process payload",
  );
  assert.equal(response.errors[0]?.payloadId, response.results[10]?.payloadId);
  assert.deepEqual(workersRun(response).map((workers) => workers.length), [...Array(10).fill(1), 0]);
});

Deno.test("test_dedup: what is extracted again and again is one payload", async () => {
  await using stoq = openStoq({ alwaysDispatch: ["simple_worker"] });
  const { results } = await stoq.scan(FOX);
  assert.equal(results.length, 2);
  assert.deepEqual(results[1]?.extractedFrom, results.map(({ payloadId }) => payloadId));
});
