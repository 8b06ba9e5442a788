import assert from "node:assert/strict";
import type { PackageCache } from "../../core/ports/storage.ts";
import { loadLock, verifyInstalled } from "../../plugin/installed.ts";
import { own } from "../../plugin/lock.ts";
import { fakeDeps, fakeManifest } from "./testing/fake_deps.ts";
import { type FetchedPlugin, fetchPlugin } from "./fetched_plugin.ts";
import { lockedForm, removePlugin, storePlugin } from "./store.ts";

const HOME = "/home/me/.stoq";
const FOLDER = `${HOME}/plugins/shout`;

const NO_PACKAGES: PackageCache = { fill: () => Promise.reject(new Error("no network")) };

/** A deps with its STOQ_HOME, and plugins that were fetched from it. */
function setUp(packages = NO_PACKAGES) {
  const { system, storage, downloads } = fakeDeps({
    files: {
      "/work/one/mod.ts": "export default 1;",
      "/work/one/manifest.json": fakeManifest(),
      "/work/two/mod.ts": `import "./new.ts"; export default 2;`,
      "/work/two/new.ts": "",
      "/work/two/manifest.json": fakeManifest({ version: "2.0.0" }),
      "/work/other/mod.ts": "",
      "/work/other/manifest.json": fakeManifest({ name: "other" }),
      "/work/packed/mod.ts": `import "npm:left-pad@1.3.0";`,
      "/work/packed/manifest.json": fakeManifest({ name: "packed" }),
    },
  });
  const deps = { files: storage, storage, packages, stoqHome: HOME };
  return {
    storage,
    deps,
    system,
    lock: () => loadLock(storage, HOME),
    fetch: (name: string) => fetchPlugin({ system, downloads }, { kind: "folder", path: `/work/${name}` }),
    async install(plugin: FetchedPlugin): Promise<void> {
      const folder = `${HOME}/plugins/${plugin.manifest.name}`;
      const locked = await lockedForm((content) => system.sha256(content), plugin, folder);
      await storePlugin(deps, plugin, locked, own(await loadLock(storage, HOME), plugin.manifest.name));
    },
  };
}

/** Everything below STOQ_HOME. */
async function tree(
  files: { list(path: string): Promise<readonly { name: string; kind: string }[]> },
  path = HOME,
): Promise<string[]> {
  const entries = await files.list(path);
  const below = await Promise.all(
    entries.map(({ name, kind }) =>
      kind === "directory" ? tree(files, `${path}/${name}`) : [`${path}/${name}`]
    ),
  );
  return below.flat().sort();
}

Deno.test("an installation that fails at any step leaves the former one as it was", async () => {
  const steps = [
    `writeNew ${HOME}/plugins/.shout.new/manifest.json`,
    `writeNew ${HOME}/plugins/.shout.new/mod.ts`,
    `move ${HOME}/plugins/.shout.old`,
    `move ${FOLDER}`,
    `replace ${HOME}/stoq.lock`,
  ];
  for (const step of steps) {
    const { storage, fetch, install, lock, system } = setUp();
    await install(await fetch("one"));
    const before = await tree(storage);
    storage.failAt = step;
    await assert.rejects(fetch("two").then(install), { code: "plugin-not-stored" }, step);
    assert.equal(storage.failAt, undefined, `${step} was not met`);
    assert.deepEqual(await tree(storage), before, step);
    const { shout } = await lock();
    assert.equal(shout?.version, "1.0.0");
    await verifyInstalled(system, "shout", shout!, false);
    // And it can be tried again.
    await install(await fetch("two"));
    assert.equal((await lock()).shout?.version, "2.0.0");
    await verifyInstalled(system, "shout", (await lock()).shout!, false);
  }
});

Deno.test("a first installation that fails leaves nothing", async () => {
  for (const step of [`writeNew ${HOME}`, `move ${FOLDER}`, `replace ${HOME}`]) {
    const { storage, fetch, install } = setUp();
    storage.failAt = step;
    await assert.rejects(fetch("one").then(install), { code: "plugin-not-stored" }, step);
    assert.deepEqual(await tree(storage), [], step);
  }
});

Deno.test("what a killed process left is cleared up, and the only copy is not lost", async () => {
  const { storage, fetch, install } = setUp();
  await install(await fetch("one"));
  await storage.move(FOLDER, `${HOME}/plugins/.shout.old`);
  await storage.writeNew(`${HOME}/plugins/.shout.new/half`, new Uint8Array(1));
  storage.failAt = `writeNew ${HOME}/plugins/.shout.new/mod.ts`;
  await assert.rejects(fetch("two").then(install), { code: "plugin-not-stored" });
  assert.deepEqual(await tree(storage), [`${FOLDER}/manifest.json`, `${FOLDER}/mod.ts`, `${HOME}/stoq.lock`]);
});

Deno.test("two installations at once both are in the lock", async () => {
  const { fetch, install, lock } = setUp();
  const plugins = await Promise.all([fetch("one"), fetch("other")]);
  await Promise.all(plugins.map(install));
  assert.deepEqual(Object.keys(await lock()), ["other", "shout"]);
});

Deno.test("nothing is stored if the lock has changed since the user confirmed", async () => {
  const { deps, fetch, install, system } = setUp();
  const two = await fetch("two");
  await install(await fetch("one"));
  const locked = await lockedForm((content) => system.sha256(content), two, FOLDER);
  await assert.rejects(
    storePlugin(deps, two, locked, undefined),
    /another process has installed or removed it in the meantime/,
  );
});

Deno.test("a folder that stoQ did not make is not replaced", async () => {
  const { storage, fetch, install } = setUp();
  await storage.writeNew(`${FOLDER}/mine.txt`, new Uint8Array(1));
  await assert.rejects(fetch("one").then(install), /exists and is not in stoq\.lock/);
  assert.deepEqual(await tree(storage), [`${FOLDER}/mine.txt`]);
});

Deno.test("packages are fetched before anything is in place, with their integrity", async () => {
  const failing = setUp();
  await assert.rejects(
    failing.fetch("packed").then(failing.install),
    /its packages \(npm:left-pad@1\.3\.0\) can't be fetched: no network/,
  );
  assert.deepEqual(await tree(failing.storage), []);
  const working = setUp({ fill: () => Promise.resolve({ "left-pad@1.3.0": "sha512-x" }) });
  await working.install(await working.fetch("packed"));
  const { packed } = await working.lock();
  assert.deepEqual(packed?.packages, { "left-pad@1.3.0": "sha512-x" });
  // Installed again, it must be what it was.
  working.deps.packages.fill = () => Promise.resolve({ "left-pad@1.3.0": "sha512-y" });
  await assert.rejects(working.fetch("packed").then(working.install), {
    code: "plugin-digest-mismatch",
    message:
      'Can\'t install "npm:left-pad@1.3.0 of plugin packed": its digest must be sha512-x, got sha512-y',
  });
  assert.deepEqual((await working.lock()).packed, packed);
  await assert.rejects(verifyInstalled(working.system, "packed", packed!, true), {
    code: "plugin-needs-deno",
    message: /imports left-pad@1\.3\.0, and a compiled stoQ can't load packages/,
  });
});

Deno.test("a plugin is removed from the lock before its files go", async () => {
  const { deps, storage, fetch, install, lock } = setUp();
  await install(await fetch("one"));
  storage.remove = () => Promise.reject(new Error("busy"));
  await assert.rejects(removePlugin(deps, "shout"), { code: "plugin-not-stored" });
  assert.deepEqual(await lock(), {});
});

Deno.test("names that every object has are plugins' names like any other", async () => {
  const { deps, storage, fetch, install, lock } = setUp();
  for (const name of ["constructor", "toString", "__proto__"]) {
    await assert.rejects(removePlugin(deps, name), { code: "plugin-not-installed" });
  }
  await storage.writeNew("/work/odd/mod.ts", new Uint8Array());
  await storage.writeNew(
    "/work/odd/manifest.json",
    new TextEncoder().encode(fakeManifest({ name: "constructor" })),
  );
  await install(await fetch("odd"));
  assert.equal((await lock())["constructor"]?.version, "1.0.0");
  await removePlugin(deps, "constructor");
  assert.deepEqual(await lock(), {});
});
