/** The original's test_core.py, construction. */

import assert from "node:assert/strict";
import { Stoq } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";
import { fixture, FOX, openStoq } from "./fixture_stoq.ts";

Deno.test("test_no_base_dir: stoQ opens without any folder, with the shipped plugins alone", async () => {
  await using stoq = new Stoq({ stoqHome: "/proc/nonexistent/stoq-home" });
  const names = (await stoq.listPlugins()).map(({ name }) => name);
  assert.ok(names.includes("hash"));
  assert.ok(!names.includes("dummy_worker"));
});

Deno.test("test_config_from_base_dir: stoq.cfg in STOQ_HOME counts, with paths from its own folder", async () => {
  await using stoq = new Stoq({ stoqHome: fixture() });
  const { results } = await stoq.scan(FOX);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["configurable_worker"]);
});

Deno.test("test_config_from_base_dir: max_queue is read there, so a bad one is reported with its line", async () => {
  const cfg = Deno.readTextFileSync(fixture("stoq.cfg"));
  using home = new TempFolder({
    "stoq.cfg": cfg.replace("= plugins", `= ${fixture("plugins")}`).replace("919", "none"),
  });
  await using stoq = new Stoq({ stoqHome: home.path });
  await assert.rejects(stoq.scan(FOX), /stoq\.cfg line 4: max_queue must be a number, got "none"/);
});

Deno.test("test_initial_plugins: a plugin of each kind is loaded and called", async () => {
  await using stoq = openStoq({
    alwaysDispatch: ["dummy_worker"],
    dispatchers: ["dummy_dispatcher"],
    deepDispatchers: ["dummy_deep_dispatcher"],
    destArchivers: ["dummy_archiver"],
    decorators: ["dummy_decorator"],
    connectors: ["dummy_connector"],
    providers: ["dummy_provider"],
    sourceArchivers: ["simple_archiver"],
  });
  const { plugins, errors } = await stoq.scan(FOX);
  assert.deepEqual(errors, []);
  assert.deepEqual(Object.keys(plugins), [
    "dummy_archiver",
    "dummy_connector",
    "dummy_decorator",
    "dummy_deep_dispatcher",
    "dummy_dispatcher",
    "dummy_worker",
  ]);
  assert.deepEqual(await stoq.run(), { done: 0, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 });
});
