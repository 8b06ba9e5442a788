/**
 * `stoq install` from outside: fetched, shown, stored, pinned, used without a network, and checked against the lock.
 *
 * @module
 */

import assert from "node:assert/strict";
import { PluginServer, SHOUT_FILES, shoutManifest } from "./plugin_server.ts";
import { Stoq } from "../mod.ts";
import { Home } from "./install_home.ts";

const ISOLATIONS = ["none", "process"];

Deno.test("a plugin is installed from an address and used without it, in process and apart", async () => {
  using home = new Home();
  let pinned;
  {
    await using server = new PluginServer(SHOUT_FILES);
    const url = `${server.origin}/x/shout/mod.ts`;
    const run = await home.run(["install", url, "--yes"]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /^Successfully installed shout 1\.0\.0 into .*\/home\/plugins\/shout\n$/);
    assert.match(run.stderr, /Plugin shout 1\.0\.0: Counts capital letters\n/);
    assert.match(run.stderr, /permissions +none\n/);
    pinned = home.lock().plugins.shout!.reference;
    assert.match(pinned, /^http:\/\/127\.0\.0\.1:\d+\/x\/shout\/mod\.ts#sha256-[0-9a-f]{64}$/);
    assert.equal(new Set(server.asked).size, server.asked.length, "each file is fetched once");
    assert.ok(
      !server.asked.some((path) => /define|formats/.test(path)),
      "the plugin API is this program's own",
    );
  }
  for (const isolation of ISOLATIONS) {
    const { capitals, errors, run } = await home.capitals("--isolation", isolation, "--frozen");
    assert.deepEqual([capitals, errors], [2, []], run.stderr);
  }
  // By its reference, and with an error of its own through the copied plugin API.
  const word = home.write("word.txt", "NIX");
  for (const isolation of ISOLATIONS) {
    const scan = await home.run(["scan", "--isolation", isolation, word, "-a", pinned, "--format", "json"]);
    const { errors: [first] } = JSON.parse(scan.stdout);
    assert.deepEqual([first.code, first.error], [
      "forbidden-word",
      "worker:failed to scan: it says the word",
    ]);
  }
  const list = await home.run(["list"]);
  assert.ok(list.stdout.includes(`installed from ${pinned}`), list.stdout);
});

Deno.test("a plugin with a changed, missing or added file is not loaded, and the error says which", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  await home.install(`${server.origin}/x/shout/mod.ts`);
  const module = Deno.readTextFileSync(`${home.folder}/lib/capital.ts`);
  const refusals = async () => {
    const { run } = await home.capitals();
    assert.equal(run.code, 2, run.stdout);
    assert.equal(run.stdout, "");
    return run.stderr;
  };
  Deno.writeTextFileSync(`${home.folder}/lib/capital.ts`, module.replace("A-Z", "a-z"));
  const expected = home.lock().plugins.shout!.files["lib/capital.ts"]!.sha256;
  assert.match(
    await refusals(),
    new RegExp(`lib/capital\\.ts" has changed: its sha256 must be ${expected}, got [0-9a-f]{64}`),
  );
  Deno.writeTextFileSync(`${home.folder}/lib/capital.ts`, module + " ");
  assert.match(await refusals(), /has changed: it has more than the \d+ bytes of the lock/);
  Deno.removeSync(`${home.folder}/lib/capital.ts`);
  assert.match(await refusals(), /lib\/capital\.ts" is missing/);
  Deno.symlinkSync("/etc/passwd", `${home.folder}/lib/capital.ts`);
  assert.match(await refusals(), /lib\/capital\.ts" is not a regular file/);
  Deno.removeSync(`${home.folder}/lib/capital.ts`);
  Deno.writeTextFileSync(`${home.folder}/lib/capital.ts`, module);
  Deno.writeTextFileSync(`${home.folder}/lib/more.js`, "export {}");
  assert.match(await refusals(), /lib\/more\.js" is not in the lock/);
  // The same installation again repairs it.
  await home.install(`${server.origin}/x/shout/mod.ts`);
  assert.equal((await home.capitals()).capitals, 2);
  Deno.writeTextFileSync(`${home.folder}/manifest.json`, shoutManifest({ permissions: { read: ["/"] } }));
  assert.match(await refusals(), /manifest\.json" has changed/);
  // Nor is there another way to it.
  for (const words of [["--plugin-dir", home.at("home/plugins")], ["-a", home.folder]]) {
    const { run } = await home.capitals(...words);
    assert.equal(run.code, 2, run.stdout);
    assert.match(run.stderr, /manifest\.json" has changed/);
  }
});

Deno.test("a changed plugin that only a dispatcher names is an error in the response", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  await home.install(`${server.origin}/x/shout/mod.ts`);
  Deno.writeTextFileSync(`${home.folder}/half.ts`, "export const half = () => 7");
  home.write(
    "plugins/router/manifest.json",
    shoutManifest({ name: "router", roles: ["dispatcher"] }),
  );
  home.write(
    "plugins/router/mod.ts",
    `export default () => ({ getDispatches: () => ({ pluginNames: ["shout"] }) });`,
  );
  const file = home.write("input.txt", "Hello World");
  for (const isolation of ISOLATIONS) {
    const words = ["-R", "router", "--plugin-dir", "plugins", "--format", "json", "--isolation", isolation];
    const { stdout, stderr } = await home.run(["scan", ...words, file]);
    const { errors, results } = JSON.parse(stdout);
    assert.equal(errors[0]?.code, "plugin-changed", stderr);
    assert.match(errors[0].error, /half\.ts" has changed/);
    assert.deepEqual(results[0].workers, {});
  }
});

Deno.test("without a terminal and --yes nothing is installed, and the line to paste is printed", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  const run = await home.run(["install", `${server.origin}/x/shout/mod.ts`]);
  assert.equal(run.code, 2);
  const line = /run: (stoq install \S+#sha256-[0-9a-f]{64} --yes)\n$/.exec(run.stderr)?.[1];
  assert.ok(line, run.stderr);
  assert.ok(!home.has("home/plugins"));
  await home.install(...line.split(" ").slice(2, 3));
});

Deno.test("an address that is not installed, not pinned or pinned to something else is refused with what to do", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  const url = `${server.origin}/x/shout/mod.ts`;
  const file = home.write("input.txt", "Hello");
  const refusal = async (word: string) => {
    const run = await home.run(["scan", file, "-a", word]);
    assert.equal(run.code, 2, run.stdout);
    return run.stderr;
  };
  assert.ok((await refusal(url)).includes(`run: stoq install ${url}\n`));
  assert.ok((await refusal("npm:shout@1.0.0")).includes("run: stoq install npm:shout@1.0.0\n"));
  assert.match(await refusal("npm:shout@^1.0.0"), /needs an exact version, such as npm:shout@1\.2\.3/);
  assert.match(await refusal("http://example.org/mod.ts"), /must begin with https:\/\//);
  await home.install(url);
  const { reference } = home.lock().plugins.shout!;
  assert.ok((await refusal(url)).includes(`it has no checksum, write ${reference} or "shout"`));
  const other = `${url}#sha256-${"0".repeat(64)}`;
  assert.ok((await refusal(other)).includes(`run: stoq install --upgrade ${other}\n`));
  const install = await home.run(["install", other, "--upgrade", "--yes"]);
  assert.equal(install.code, 2);
  assert.match(install.stderr, /its digest must be sha256-0{64}, got sha256-[0-9a-f]{64}/);
});

Deno.test("an upgrade shows permissions first, then what else changes, and needs --upgrade", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  const url = `${server.origin}/x/shout/mod.ts`;
  await home.install(url);
  server.files.set(
    "/x/shout/manifest.json",
    shoutManifest({ version: "1.1.0", permissions: { net: ["evil.example:443"] } }),
  );
  server.files.set("/x/shout/half.ts", `export { half } from "./third.ts";`);
  server.files.set("/x/shout/third.ts", `export const half = (n: number) => n / 3;`);
  const refused = await home.run(["install", url, "--yes"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /version 1\.0\.0 is already installed; use --upgrade to replace it/);
  const frozen = await home.run(["install", url, "--yes", "--upgrade", "--frozen"]);
  assert.equal(frozen.code, 2);
  assert.match(frozen.stderr, /is not in stoq\.lock, and frozen is set/);
  const upgraded = await home.run(["install", "shout", "--yes", "--upgrade"]);
  assert.equal(upgraded.code, 0, upgraded.stderr);
  assert.match(
    upgraded.stderr,
    /^Plugin shout 1\.0\.0 will change:\n +permissions \+ net evil\.example:443\n +version +1\.0\.0 -> 1\.1\.0\n/,
  );
  assert.match(upgraded.stderr, /~ [0-9a-f]{64} +\d+ +half\.ts\n/);
  assert.match(upgraded.stderr, /\+ [0-9a-f]{64} +\d+ +third\.ts\n/);
  assert.equal((await home.capitals()).capitals, 4 / 3);
});

Deno.test("a plugin that is uninstalled is gone, and the lock with it", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  await home.install(`${server.origin}/x/shout/mod.ts`);
  const run = await home.run(["uninstall", "shout"]);
  assert.deepEqual([run.code, run.stdout], [0, "Removed shout 1.0.0\n"]);
  assert.ok(!home.has("home/plugins/shout"));
  assert.deepEqual(home.lock().plugins, {});
  assert.match((await home.capitals()).run.stderr, /no plugin "shout" is installed/);
  const again = await home.run(["uninstall", "shout"]);
  assert.deepEqual([again.code, again.stderr], [
    2,
    'stoq: No plugin "shout" is installed; stoq install has not installed any plugin\n',
  ]);
});

Deno.test("frozen refuses plugins of folders that were not installed", async () => {
  using home = new Home();
  for (const [path, text] of Object.entries(SHOUT_FILES)) home.write(path.slice(1), String(text));
  const { run } = await home.capitals("--plugin-dir", "x", "--frozen");
  assert.equal(run.code, 2);
  assert.match(
    run.stderr,
    /plugin "shout" in ".*\/x\/shout" is not in stoq\.lock, and frozen is set; install it: stoq install/,
  );
});

Deno.test("a lock that is damaged is refused as a whole", async () => {
  using home = new Home();
  home.write("home/stoq.lock", '{"version":1,"plugins":{"shout":{"files":{"../../x":{}}}}}');
  const { run } = await home.capitals();
  assert.equal(run.code, 2);
  assert.match(
    run.stderr,
    /stoq\.lock" can't be used: "plugins\.shout\.reference" is missing, must be text; restore it, or remove it/,
  );
});

Deno.test("the library uses an installed plugin by name and by reference", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  await home.install(`${server.origin}/x/shout/mod.ts`);
  const { reference } = home.lock().plugins.shout!;
  for (const name of ["shout", reference]) {
    for (const isolation of ISOLATIONS) {
      await using stoq = new Stoq({
        stoqHome: home.at("home"),
        alwaysDispatch: [name],
        isolation,
        frozen: true,
      });
      const { results, errors } = await stoq.scan("Hello World");
      assert.deepEqual([results[0]?.workers.shout, errors], [{ capitals: 2 }, []]);
    }
  }
});

Deno.test("a STOQ_HOME that is moved takes its plugins with it", async () => {
  await using server = new PluginServer(SHOUT_FILES);
  using home = new Home();
  await home.install(`${server.origin}/x/shout/mod.ts`);
  Deno.renameSync(home.at("home"), home.at("moved"));
  const { capitals, run } = await home.capitals("--frozen", "--format", "json");
  assert.equal(capitals, undefined, run.stdout);
  const file = home.write("input.txt", "Hello World");
  const moved = await home.run(["scan", file, "-a", "shout", "--frozen"], { STOQ_HOME: home.at("moved") });
  assert.equal(JSON.parse(moved.stdout).results[0].workers.shout.capitals, 2, moved.stderr);
});
