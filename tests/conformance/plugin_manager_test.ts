/** The original's test_plugin_manager.py: finding plugins, loading them, and their options. */

import assert from "node:assert/strict";
import type { Stoq, StoqOptions } from "../../mod.ts";
import { runStoq, TempFolder } from "../run_stoq.ts";
import { fixture, FOX, openStoq } from "./fixture_stoq.ts";

async function namesIn(stoq: Stoq): Promise<string[]> {
  return (await stoq.listPlugins()).map(({ name }) => name);
}

/** The options that configurable_worker sees. */
async function optionsSeen(options: StoqOptions): Promise<Record<string, unknown>> {
  await using stoq = openStoq({ alwaysDispatch: ["configurable_worker"], ...options });
  const { results, errors } = await stoq.scan(FOX);
  assert.deepEqual(errors, []);
  return results[0]!.workers.configurable_worker as Record<string, unknown>;
}

Deno.test("test_no_plugins: an empty folder adds no plugin", async () => {
  using folder = new TempFolder();
  await using empty = openStoq({ pluginDirList: [folder.path] });
  await using none = openStoq({ pluginDirList: [] });
  assert.deepEqual(await namesIn(empty), await namesIn(none));
});

Deno.test("test_collect_plugins: the plugins of a folder are found", async () => {
  await using stoq = openStoq();
  const names = await namesIn(stoq);
  for (const kind of ["archiver", "connector", "dispatcher", "provider", "worker"]) {
    assert.ok(names.includes(`dummy_${kind}`), kind);
  }
});

Deno.test("test_multiple_dirs: plugins of several folders are found", async () => {
  await using stoq = openStoq({ pluginDirList: [fixture("plugins"), fixture("plugins2")] });
  const names = await namesIn(stoq);
  assert.ok(names.includes("dummy_worker2") && names.includes("simple_worker"));
});

Deno.test("test_collect_one_invalid_dir: a folder that is missing costs the others nothing", async () => {
  await using stoq = openStoq({ pluginDirList: [fixture("plugins"), "/nonexistent/folder"] });
  assert.ok((await namesIn(stoq)).includes("dummy_worker"));
});

// A plugin without module is found here, as only loading looks at the module: see test_missing_module.
Deno.test("test_collect_invalid_config: a broken manifest is skipped, and naming the plugin says what is broken", async () => {
  using folder = new TempFolder({ "invalid_config/manifest.json": '{ "name": "invalid_config", ' });
  await using stoq = openStoq({ pluginDirList: [folder.path, fixture("plugins")] });
  const names = await namesIn(stoq);
  assert.ok(!names.includes("invalid_config") && names.includes("dummy_worker"));
  await using naming = openStoq({ pluginDirList: [folder.path], alwaysDispatch: ["invalid_config"] });
  await assert.rejects(naming.scan(FOX), /alwaysDispatch: plugin "invalid_config" can't be used.*not JSON/s);
});

Deno.test("test_plugin_objects: a plugin is described by its manifest", async () => {
  await using stoq = openStoq();
  const { name, version, description, references } = await stoq.loadPlugin("simple_worker");
  assert.deepEqual({ name, version, description, references }, {
    name: "simple_worker",
    version: "0.1.0",
    description: "Simple stoQ Worker plugin",
    references: ["https://github.com/PUNCH-Cyber/stoq"],
  });
});

// There missing fields are empty strings; here a manifest must say version, description, roles and api (DESIGN §4).
Deno.test("test_plugin_missing_objects: a manifest without its fields is skipped and each field named", async () => {
  await using stoq = openStoq({
    pluginDirList: [fixture("invalid_manifests")],
    alwaysDispatch: ["missing_fields"],
  });
  await assert.rejects(stoq.scan(FOX), /"version" is missing.*"description" is missing.*"roles" is missing/s);
});

Deno.test("test_load_plugin: plugins of each kind load", async () => {
  await using stoq = openStoq();
  for (const kind of ["archiver", "connector", "decorator", "dispatcher", "provider", "worker"]) {
    assert.equal((await stoq.loadPlugin(`dummy_${kind}`)).name, `dummy_${kind}`);
  }
});

Deno.test("test_load_plugin_nonexistent: an unknown plugin is an error with a code and the nearest name", async () => {
  await using stoq = openStoq();
  await assert.rejects(stoq.loadPlugin("dumy_worker"), {
    name: "StoqError",
    code: "plugin-not-found",
    message: /did you mean "dummy_worker"\?/,
  });
});

for (
  const [test, plugin, reason] of [
    ["test_load_non_plugin", "missing_plugin", /default export must be a function, got undefined/],
    [
      "test_load_plugin_without_method",
      "wrong_method",
      /it must have a method scan for the role worker of its manifest/,
    ],
    ["test_missing_module", "missing_module", /failed to load/],
    ["test_load_plugin_that_throws", "throwing_module", /Test exception please ignore/],
  ] as const
) {
  Deno.test(`${test}: "${plugin}" is listed, and loading it is an error`, async () => {
    await using stoq = openStoq({ pluginDirList: [fixture("invalid_plugins")] });
    assert.ok((await namesIn(stoq)).includes(plugin));
    await assert.rejects(stoq.loadPlugin(plugin), { code: "plugin-load-failed", message: reason });
  });
}

// There a worker that can't load during a scan is an error entry (core.md §3.3), and so it is here.
Deno.test("test_load_non_plugin: named for a scan, it is one error of that scan", async () => {
  await using stoq = openStoq({ pluginDirList: [fixture("invalid_plugins")] });
  const { results, errors } = await stoq.scan(FOX, { startDispatch: ["missing_plugin"] });
  assert.deepEqual(results[0]?.pluginsRun.workers, []);
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-load-failed", "missing_plugin"],
  ]);
});

Deno.test("test_no_reload: a plugin that is loaded twice is made once", async () => {
  await using stoq = openStoq({
    alwaysDispatch: ["dummy_worker"],
    pluginOpts: { dummy_worker: { report_call: true } },
  });
  await stoq.loadPlugin("dummy_worker");
  await stoq.loadPlugin("dummy_worker");
  const calls: unknown[] = [];
  for (const content of ["first", "second"]) {
    const { results } = await stoq.scan(content);
    calls.push((results[0]?.workers.dummy_worker as { calls: number }).calls);
  }
  assert.deepEqual(calls, [1, 2]);
});

Deno.test("test_plugin_config: the manifest's defaults reach the plugin typed, what is absent stays absent", async () => {
  assert.deepEqual(await optionsSeen({}), {
    importantOption: "cybercybercyber",
    list: ["item1", "item2"],
    dict: { key: "value" },
    sqDict: { "bar'foo": "value" },
  });
});

Deno.test("test_plugin_opts: what a caller sets overrides the manifest", async () => {
  const configurable_worker = { crazy_runtime_option: 16, list: ["item3"], sq_dict: { "b'a\"r": "v" } };
  const seen = await optionsSeen({ pluginOpts: { configurable_worker } });
  assert.equal(seen.crazyRuntimeOption, 16);
  assert.deepEqual([seen.list, seen.sqDict], [["item3"], { "b'a\"r": "v" }]);
  assert.equal(seen.importantOption, "cybercybercyber");
});

Deno.test("test_plugin_opts: JSON in text overrides as well, and text that is no JSON is refused", async () => {
  const scan = (option: string) =>
    runStoq([
      "scan",
      "--plugin-dir",
      fixture("plugins"),
      "-",
      "-a",
      "configurable_worker",
      "--plugin-opts",
      `configurable_worker:${option}`,
    ], { stdin: FOX });
  const { stdout } = await scan(`sq_dict={"bar'foo": "other"}`);
  assert.deepEqual(JSON.parse(stdout).results[0].workers.configurable_worker.sqDict, { "bar'foo": "other" });
  const invalid = await scan('dict={"key":}');
  assert.deepEqual([invalid.code, invalid.stdout], [2, ""]);
  assert.match(invalid.stderr, /configurable_worker:dict must be JSON, got .*/);
});

Deno.test("test_plugin_opts_from_stoq_cfg: a plugin's section of stoq.cfg counts, in any case of its keys", async () => {
  const { workerTestOptionBool, workerTestOptionStr, workerTestOptionInt } = await optionsSeen({
    stoqHome: fixture(),
  });
  assert.deepEqual(
    [workerTestOptionBool, workerTestOptionStr, workerTestOptionInt],
    [true, "Worker Testy McTest Face", 10],
  );
});

Deno.test("test_plugin_opts_precedence: what a caller sets beats stoq.cfg", async () => {
  const configurable_worker = {
    worker_test_option_bool: false,
    worker_test_option_str: "Test string",
    worker_test_option_int: 20,
  };
  const { workerTestOptionBool, workerTestOptionStr, workerTestOptionInt } = await optionsSeen({
    stoqHome: fixture(),
    pluginOpts: { configurable_worker },
  });
  assert.deepEqual([workerTestOptionBool, workerTestOptionStr, workerTestOptionInt], [
    false,
    "Test string",
    20,
  ]);
});

// There a plugin of a later stoQ loads with a warning; here the contract's version must be the one that is spoken.
Deno.test("test_min_stoq_version: a plugin of an unknown contract does not load", async () => {
  await using stoq = openStoq({ pluginDirList: [fixture("invalid_plugins")] });
  await assert.rejects(stoq.loadPlugin("incompatible_api"), {
    code: "plugin-not-found",
    message: /"api" must be 1 or 2, got 9999/,
  });
});

Deno.test("test_plugin_override: of two plugins with one name the one in the later folder wins", async () => {
  const folders = [fixture("plugins"), fixture("plugins2")];
  const found: unknown[] = [];
  for (const pluginDirList of [folders, folders.toReversed()]) {
    await using stoq = openStoq({ pluginDirList, alwaysDispatch: ["dummy_worker"] });
    found.push((await stoq.scan(FOX)).results[0]?.workers);
  }
  assert.deepEqual(found, [{ dummy_worker: { from: "plugins2" } }, {}]);
});
