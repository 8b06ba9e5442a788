/**
 * `stoq install` from every kind of place: folders, packages of npm, jsr, GitHub; and several at once.
 *
 * @module
 */

import assert from "node:assert/strict";
import { buildTarball } from "./build_tarball.ts";
import { Home } from "./install_home.ts";
import { PluginServer, SHOUT_FILES, shoutManifest } from "./plugin_server.ts";

/** The plugin in a folder below `x`, and how it is called from there. */
function writeFolder(home: Home): string {
  for (const [path, text] of Object.entries(SHOUT_FILES)) {
    home.write(path.slice(1), String(text).replace("../shared/twice.ts?v=1", "./lib/twice.ts"));
  }
  home.write("x/shout/lib/twice.ts", String(SHOUT_FILES["/x/shared/twice.ts"]));
  return "./x/shout";
}

/** A registry that has one package. */
async function npmRegistry(name: string, entries: Readonly<Record<string, string>>, integrity?: string) {
  const archive = await buildTarball(
    Object.entries(entries).map(([path, content]) => ({ name: `package/${path}`, content })),
  );
  const sha512 = new Uint8Array(await crypto.subtle.digest("SHA-512", archive)).toBase64();
  const server = new PluginServer({ "/shout.tgz": archive });
  server.files.set(
    `/${name}`,
    JSON.stringify({
      versions: {
        "1.0.0": {
          dist: { tarball: `${server.origin}/shout.tgz`, integrity: integrity ?? `sha512-${sha512}` },
        },
      },
    }),
  );
  return server;
}

const PACKAGE = {
  "package.json": "{}",
  "manifest.json": shoutManifest(),
  "mod.ts": `import { half } from "./half.ts";
    export default () => ({ scan: ({ content }) => ({ results: { capitals: half(content.length) } }) });`,
  "half.ts": "export const half = (n: number): number => n / 2;",
};

Deno.test("a local folder is copied and pinned: later changes of it change nothing", async () => {
  using home = new Home();
  const folder = writeFolder(home);
  await home.install(folder);
  home.write("x/shout/half.ts", "export const half = () => 99;");
  assert.equal((await home.capitals()).capitals, 2);
  assert.equal(home.lock().plugins.shout!.reference, home.at("x/shout"));
  const { run } = await home.capitals("--plugin-dir", "x");
  assert.match(run.stderr, /Plugin "shout" in ".*\/x\/shout" replaces the one in ".*\/home\/plugins\/shout"/);
  const upgrade = await home.run(["install", "shout", "--upgrade", "--yes"]);
  assert.match(upgrade.stderr, /~ [0-9a-f]{64} +\d+ +half\.ts\n/);
  assert.equal((await home.capitals()).capitals, 99);
});

Deno.test("--install_dir of stoQ 3 is accepted, and the plugin is known by name", async () => {
  using home = new Home();
  await home.install(writeFolder(home), "--install_dir", home.at("elsewhere"));
  assert.ok(home.has("elsewhere/shout/mod.ts"));
  assert.ok(!home.has("home/plugins"));
  assert.equal((await home.capitals("--frozen")).capitals, 2);
  await home.install(writeFolder(home), "--upgrade", "--install-dir", home.at("home/plugins"));
  assert.ok(!home.has("elsewhere/shout"));
  assert.equal((await home.capitals("--frozen")).capitals, 2);
});

Deno.test("a package of npm comes from the registry of the configuration, checked, and is used by its reference", async () => {
  await using server = await npmRegistry("@me%2fshout", PACKAGE);
  using home = new Home();
  home.write(".npmrc", `registry=http://127.0.0.1:1/\n@me:registry = ${server.origin}/\n`);
  const run = await home.run(["install", "npm:@me/shout@1.0.0", "--yes"]);
  assert.equal(run.code, 0, run.stderr);
  const file = home.write("input.txt", "12345678");
  for (const isolation of ["none", "process"]) {
    const scan = await home.run([
      "scan",
      "--isolation",
      isolation,
      "-a",
      "npm:@me/shout@1.0.0",
      file,
      "--format",
      "json",
    ]);
    assert.equal(JSON.parse(scan.stdout).results[0].workers.shout.capitals, 4, scan.stderr);
  }
  const missing = await home.run(["install", "npm:@me/shout@1.0.1", "--yes"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /there is no version "1\.0\.1" of it/);
});

Deno.test("a package whose archive does not have the registry's digest is refused", async () => {
  await using server = await npmRegistry("shout", PACKAGE, "sha512-AAAA sha1-x");
  using home = new Home();
  home.write(".npmrc", `registry=${server.origin}`);
  const run = await home.run(["install", "npm:shout@1.0.0", "--yes"]);
  assert.equal(run.code, 2);
  assert.match(
    run.stderr,
    /Can't install "npm:shout@1\.0\.0": its digest must be sha512-AAAA, got sha512-\S+\n/,
  );
  assert.ok(!home.has("home/plugins"));
});

Deno.test("a package that says only sha1 is refused", async () => {
  await using server = await npmRegistry("shout", PACKAGE, "sha1-AAAA");
  using home = new Home();
  home.write(".npmrc", `registry=${server.origin}`);
  const run = await home.run(["install", "npm:shout@1.0.0", "--yes"]);
  assert.match(run.stderr, /its registry has no sha512 digest of it/);
});

Deno.test("jsr is its files by https, and such a plugin is used by its reference", async () => {
  const files = Object.fromEntries(
    Object.entries(PACKAGE).map(([path, text]) => [`/@me/shout/1.0.0/${path}`, text]),
  );
  using home = new Home();
  {
    await using server = new PluginServer(files);
    const run = await home.run(["install", "jsr:@me/shout@1.0.0", "--yes"], { JSR_URL: server.origin });
    assert.equal(run.code, 0, run.stderr);
  }
  const file = home.write("input.txt", "12345678");
  const scan = await home.run(["scan", "-a", "hash", "jsr:@me/shout@1.0.0", "--format", "json", "--", file]);
  assert.equal(JSON.parse(scan.stdout).results[0].workers.shout.capitals, 4, scan.stderr);
});

Deno.test("a branch on GitHub is refused, for it is another thing tomorrow", async () => {
  using home = new Home();
  const run = await home.run(["install", "--github", "owner/repo@main", "--yes"]);
  assert.equal(run.code, 2);
  assert.match(run.stderr, /a branch or tag can be moved; name the commit/);
});

Deno.test("a plugin that imports a package has it cached and pinned, and runs in a process of its own", async () => {
  await using server = new PluginServer({
    "/p/manifest.json": shoutManifest(),
    "/p/mod.ts": `import { crc32 } from "npm:hash-wasm@4.13.0";
      export default () => ({ async scan({ content }) { return { results: { capitals: await crc32(content) } }; } });`,
  });
  using home = new Home();
  await home.install(`${server.origin}/p/mod.ts`);
  const { packages } = home.lock().plugins.shout!;
  assert.match(packages["hash-wasm@4.13.0"] ?? "", /^sha512-/);
  for (const isolation of ["none", "process"]) {
    const { capitals, run } = await home.capitals("--isolation", isolation);
    assert.equal(capitals, "4a17b156", run.stderr);
  }
});

Deno.test("stoq.cfg names an installed plugin by its reference", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  await home.install(`${server.origin}/x/shout/mod.ts`);
  home.write("home/stoq.cfg", `[core]\nalways_dispatch = ${home.lock().plugins.shout!.reference}, hash\n`);
  const file = home.write("input.txt", "Hello World");
  const { stdout, stderr } = await home.run(["scan", file, "--format", "json"]);
  assert.deepEqual(Object.keys(JSON.parse(stdout).results[0].workers), ["hash", "shout"], stderr);
});

Deno.test("a reference at the end of a list is no FILE", async () => {
  using home = new Home();
  const run = await home.run(["scan", "-a", "hash", "npm:shout@1.0.0"]);
  assert.match(run.stderr, /plugin "npm:shout@1\.0\.0" can't be used: it is not installed/);
});

Deno.test("a plugin with the name of a shipped one is installed with a note, and replaces that one with a note", async () => {
  await using server = new PluginServer({
    "/p/manifest.json": shoutManifest({ name: "hash" }),
    "/p/mod.ts": "export default () => ({ scan: () => ({ results: { mine: true } }) });",
  });
  using home = new Home();
  const install = await home.run(["install", `${server.origin}/p/mod.ts`, "--yes"]);
  assert.match(install.stderr, /note +it replaces the shipped plugin of the same name\n/);
  const file = home.write("input.txt", "x");
  const scan = await home.run(["scan", file, "-a", "hash", "--format", "json"]);
  assert.deepEqual(JSON.parse(scan.stdout).results[0].workers, { hash: { mine: true } });
  assert.match(scan.stderr, /Plugin "hash" from stoq\.lock replaces the shipped one/);
});

Deno.test("several installations at the same time are all in the lock and all sound", async () => {
  const names = ["one", "two", "three", "four"];
  const files = names.flatMap((name) => [
    [`/${name}/manifest.json`, shoutManifest({ name })],
    [`/${name}/mod.ts`, `export default () => ({ scan: () => ({ results: { ${name}: 1 } }) });`],
  ]);
  await using server = new PluginServer(Object.fromEntries(files));
  using home = new Home();
  await Promise.all(names.map((name) => home.install(`${server.origin}/${name}/mod.ts`)));
  const file = home.write("input.txt", "x");
  const scan = await home.run(["scan", file, "--format", "json", "--frozen", "-a", ...names]);
  assert.deepEqual(Object.keys(JSON.parse(scan.stdout).results[0].workers), names.toSorted(), scan.stderr);
});

Deno.test("a body without end is given up, and nothing is left", async () => {
  const cancelled = Promise.withResolvers<void>();
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1_000_000)),
        cancel: () => cancelled.resolve(),
      }),
    );
  await using server = new PluginServer({ "/p/mod.ts": endless });
  using home = new Home();
  const run = await home.run(["install", `${server.origin}/p/mod.ts`, "--yes"]);
  assert.equal(run.code, 1);
  assert.match(run.stderr, /has more than 32000000 bytes/);
  assert.ok(!home.has("home/plugins"));
  // The connection is closed as well, else the server would keep writing.
  await cancelled.promise;
});

Deno.test("a plugin that stoq.cfg names already can be installed, repaired and removed", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  home.write("home/stoq.cfg", `[core]\nalways_dispatch = shout\nfrozen = false\n[shout]\nvolume = 3\n`);
  const url = `${server.origin}/x/shout/mod.ts`;
  await home.install(url);
  Deno.writeTextFileSync(`${home.folder}/half.ts`, "changed");
  await home.install(url);
  const removed = await home.run(["uninstall", "shout"]);
  assert.equal(removed.code, 0, removed.stderr);
});

Deno.test("an installed plugin is tested by its name with its own cases, which --update does not change", async () => {
  using home = new Home();
  const folder = writeFolder(home);
  const cases = [{
    name: "two",
    role: "worker",
    input: { text: "AB" },
    expect: { results: { capitals: 2 } },
  }];
  home.write("x/shout/cases.json", JSON.stringify({ cases }));
  await home.install(folder);
  const tested = await home.run(["test", "shout", "--format", "json"]);
  assert.equal(tested.code, 0, tested.stdout + tested.stderr);
  assert.deepEqual(JSON.parse(tested.stdout).plugins[0].cases.map(({ name }: { name: string }) => name), [
    "two",
  ]);
  const updated = await home.run(["test", "shout", "--update"]);
  assert.equal(updated.code, 2);
  assert.match(updated.stderr, /--update needs folders of plugins/);
});

Deno.test("a module that overflows the compiler's stack stops the installation, and nothing is left", async () => {
  await using server = new PluginServer({
    "/p/manifest.json": shoutManifest(),
    "/p/mod.ts": "(".repeat(300_000),
  });
  using home = new Home();
  const run = await home.run(["install", `${server.origin}/p/mod.ts`, "--yes"]);
  assert.notEqual(run.code, 0);
  assert.ok(!home.has("home"));
});

Deno.test("a plugin folder of the configuration comes before what is installed, with a note", async () => {
  using home = new Home();
  const folder = writeFolder(home);
  home.write("home/stoq.cfg", `[core]\nplugin_dir_list = ${home.at("x")}\n`);
  const install = await home.run(["install", folder, "--yes"]);
  assert.equal(install.code, 0, install.stderr);
  assert.match(
    install.stderr,
    /the plugin of the same name in ".*\/x\/shout" replaces it \(plugin_dir_list\)\n/,
  );
  const list = await home.run(["list", "--json"]);
  const shout = JSON.parse(list.stdout).find(({ name }: { name: string }) => name === "shout");
  assert.deepEqual([shout.folder, shout.reference], [home.at("x/shout"), null]);
});
