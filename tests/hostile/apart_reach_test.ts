import assert from "node:assert/strict";
import { sandboxOf, scanning } from "../strange_plugin.ts";
import { TempFolder } from "../run_stoq.ts";

const isLinux = Deno.build.os === "linux";

/** Attempts by name: each is an expression that gives something if it succeeds. */
const REFUSED: Readonly<Record<string, string>> = {
  passwd: 'Deno.readTextFileSync("/etc/passwd")',
  passwdThroughNode: '(await import("node:fs")).readFileSync("/etc/passwd", "utf8")',
  passwdByFetch: 'await (await fetch("file:///etc/passwd")).text()',
  passwdAsModule: 'await import("file:///etc/passwd", { with: { type: "text" } })',
  passwdThroughProc: 'Deno.readTextFileSync("/proc/self/root/etc/passwd")',
  ownEnvironment: 'Deno.readTextFileSync("/proc/self/environ")',
  hostsEnvironment: "Deno.readTextFileSync(`/proc/${Deno.ppid}/environ`)",
  home: "Deno.readTextFileSync(context.stoqHome + '/stoq.cfg')",
  ownFolder: "Deno.readTextFileSync(context.pluginDir + '/manifest.json')",
  othersFolder: "Deno.readTextFileSync(context.pluginDir + '/../other/secret.txt')",
  othersModule: 'await import(context.pluginDir + "/../other/mod.ts")',
  listing: "[...Deno.readDirSync('/')]",
  write: 'Deno.writeTextFileSync("/tmp/stoq-evil", "")',
  writeTemporary: "Deno.makeTempFileSync()",
  writeOwn: "Deno.writeTextFileSync(context.pluginDir + '/mod.ts', '')",
  writeThroughNode: '(await import("node:fs")).writeFileSync("/tmp/stoq-evil", "")',
  writeThroughDatabase: `new (await import("node:sqlite")).DatabaseSync("/tmp/stoq-evil.db")`,
  writeByAttaching: `new (await import("node:sqlite")).DatabaseSync(":memory:").exec(
    "ATTACH '/tmp/stoq-evil.db' AS a; CREATE TABLE a.t (x)")`,
  writeByVacuum:
    `new (await import("node:sqlite")).DatabaseSync(":memory:").exec("VACUUM INTO '/tmp/stoq-evil.db'")`,
  writeHere: "Deno.writeTextFileSync(options.here + '/stoq-evil', '')",
  storage: 'localStorage.setItem("a", "b")',
  connect: 'await Deno.connect({ hostname: "127.0.0.1", port: 9 })',
  connectUnix: 'await Deno.connect({ transport: "unix", path: "/var/run/docker.sock" })',
  connectThroughNode: `await new Promise((resolve, reject) =>
    import("node:net").then(({ connect }) => connect(9, "127.0.0.1").on("connect", resolve).on("error", reject)))`,
  listen: "Deno.listen({ port: 0 })",
  datagram: 'Deno.listenDatagram({ transport: "udp", port: 0 })',
  fetch: 'await fetch("http://127.0.0.1:9/")',
  socket: `await new Promise((resolve, reject) => {
    const socket = new WebSocket("ws://127.0.0.1:9/");
    socket.onopen = resolve;
    socket.onerror = reject;
  })`,
  dns: 'await Deno.resolveDns("example.com", "A")',
  dnsThroughNode: 'await (await import("node:dns/promises")).lookup("example.com")',
  http: 'await import("http://127.0.0.1:9/" + "x.ts")',
  // By default Deno imports from these hosts without asking.
  trustedHost: 'await import("https://esm.sh/" + "x")',
  rawHost: 'await import("https://raw.githubusercontent.com/a/b/c/" + "mod.ts")',
  jsr: 'await import("jsr:@std/" + "assert@1.0.0")',
  npm: 'await import("npm:" + "left-pad@1.0.0")',
  environment: 'Deno.env.get("HOME")',
  environmentWhole: "Deno.env.toObject()",
  environmentThroughNode: '(await import("node:process")).default.env.HOME.length',
  command: 'new Deno.Command("/bin/true").outputSync()',
  commandThroughNode: '(await import("node:child_process")).execFileSync("/bin/true")',
  ownCommand: "new Deno.Command(Deno.execPath(), { args: ['eval', '1'] }).outputSync()",
  kill: "Deno.kill(Deno.ppid, 'SIGTERM')",
  killThroughNode: '(await import("node:process")).default.kill(Deno.ppid, "SIGTERM")',
  library: 'Deno.dlopen("libc.so.6", {})',
  system: "Deno.hostname() + Deno.osRelease()",
  user: '(await import("node:os")).userInfo()',
  more: `await new Promise((resolve, reject) => {
    const code = 'try { postMessage(Deno.readTextFileSync("/etc/passwd")) } catch { postMessage("") }';
    const worker = new Worker("data:text/javascript," + encodeURIComponent(code), {
      type: "module",
      deno: { permissions: { read: true } },
    });
    worker.onmessage = ({ data }) => data ? resolve(data) : reject();
    worker.onerror = (event) => { event.preventDefault(); reject(); };
  })`,
  inherited: `await new Promise((resolve, reject) => {
    const code = 'import text from "file:///etc/passwd" with { type: "text" }; postMessage(text)';
    const worker = new Worker("data:text/javascript," + encodeURIComponent(code), { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => { event.preventDefault(); reject(); };
  })`,
  request:
    'await Deno.permissions.request({ name: "read" }).then(({ state }) => { if (state !== "granted") throw 1 })',
  data:
    'await import("data:text/javascript," + encodeURIComponent("Deno.readTextFileSync(\'/etc/passwd\')"))',
  blob:
    `await import(URL.createObjectURL(new Blob(["Deno.readTextFileSync('/etc/passwd')"], { type: "text/javascript" })))`,
};

/** A plugin that makes all attempts; its results are the names of those that succeeded. */
const REACHING = scanning(`
  const attempts = { ${
  Object.entries(REFUSED).map(([name, expression]) => `${name}: async () => ${expression}`).join(",\n")
} };
  const done = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try { done[name] = String(await attempt()).slice(0, 100); } catch { /* as it should be */ }
  }
  return { results: done };
`);

/** Everything that a manifest can ask without naming it. */
const GREEDY = {
  options: { here: { type: "string", default: Deno.cwd(), doc: "Where stoQ runs" } },
  permissions: {
    read: ["*", "", "${nothing}"],
    write: ["*", ""],
    net: ["*", "0.0.0.0/0", ":443", "http://*/"],
    env: ["*", "", "A*"],
    run: ["*", "", "deno", "sh"],
    sys: ["*", ""],
    ffi: ["*", ""],
  },
};

Deno.test("a plugin reaches no file, host, module, process or variable, whichever way it takes", async () => {
  using home = new TempFolder({ "stoq.cfg": "[core]\n" });
  const other = { code: scanning('return { results: "other" };') };
  await using box = sandboxOf({ evil: { code: REACHING }, other }, {
    stoqHome: home.path,
    alwaysDispatch: ["evil", "hash", "other"],
    logLevel: "critical",
  });
  const { errors, results: [payload] } = await box.scan();
  assert.deepEqual(payload!.workers.evil, {});
  assert.equal(payload!.workers.other, "other");
  for (const { code, pluginName } of errors) {
    assert.deepEqual([pluginName, code], ["evil", "permission-denied"]);
  }
  // What is tried is a finding, and no attempt hides another one.
  if (isLinux) assert.ok(errors.length > 20, String(errors.length));
  for (const path of ["/tmp/stoq-evil", "/tmp/stoq-evil.db", "stoq-evil"]) {
    assert.throws(() => Deno.statSync(path), Deno.errors.NotFound);
  }
  assert.deepEqual((await box.stoq.scan("x")).results[0]!.workers.evil, {});
});

Deno.test("a plugin reaches no graphics processor and no cache, in threads of its own no graphics processor", async () => {
  const code = scanning(`
    const adapter = "String(await navigator.gpu?.requestAdapter() ?? null)";
    const inner = await new Promise((resolve) => {
      const worker = new Worker("data:text/javascript,postMessage(" + encodeURIComponent(adapter) + ")", {
        type: "module",
      });
      worker.onmessage = ({ data }) => resolve(data);
    });
    return { results: [String(await navigator.gpu?.requestAdapter() ?? null), inner, typeof caches] };
  `);
  await using box = sandboxOf({ evil: { code } }, { alwaysDispatch: ["evil", "hash"], logLevel: "critical" });
  for (const content of ["1", "2"]) {
    const { errors, results: [payload] } = await box.stoq.scan(content);
    assert.deepEqual(errors, []);
    assert.deepEqual(payload!.workers.evil, ["null", "null", "undefined"]);
    assert.ok(payload!.workers.hash);
  }
});

const MODULES: readonly (readonly [what: string, statement: string])[] = [
  ["a file of the system", 'import text from "file:///etc/passwd" with { type: "text" };'],
  ["another plugin", 'import "../other/mod.ts";'],
  ["a file above its folder", 'import text from "../../../../../../etc/hostname" with { type: "text" };'],
  ["a module from a host that Deno trusts", 'import "https://esm.sh/stoq-is-not-there";'],
  ["a module from elsewhere", 'import "http://127.0.0.1:9/x.ts";'],
  ["a package that is not there", 'import "npm:@stoq-test/is-not-there@1.0.0";'],
];

Deno.test("a plugin's own imports reach no further than its folder", async () => {
  const code = scanning('return { results: "loaded" };');
  const plugins = Object.fromEntries(
    MODULES.map(([, statement], n) => [`evil-${n}`, { code: `${statement}\n${code}` }]),
  );
  await using box = sandboxOf({ ...plugins, other: { code } }, {
    alwaysDispatch: ["hash", "other", ...Object.keys(plugins)],
    logLevel: "critical",
  });
  const { errors, results: [payload] } = await box.scan();
  assert.deepEqual(Object.keys(payload!.workers), ["hash", "other"], JSON.stringify(payload!.workers));
  assert.equal(errors.length, MODULES.length, JSON.stringify(errors));
});

Deno.test("code from data, a blob or a cached package may do no more than the plugin", async () => {
  const code = scanning(`
    const code = "export const pid = Deno.pid; export const isGranted = " +
      "(await Deno.permissions.query({ name: 'read', path: '/etc/passwd' })).state === 'granted';";
    const addresses = [
      "data:text/javascript," + encodeURIComponent(code),
      URL.createObjectURL(new Blob([code], { type: "text/javascript" })),
    ];
    const granted = await Promise.all(addresses.map(async (address) => (await import(address)).isGranted));
    // stoQ's own, so it is in the cache.
    const { md5 } = await import("npm:" + "hash-wasm@4.13.0");
    return { results: [...granted, await md5("")] };
  `);
  await using box = sandboxOf({ evil: { code } }, { alwaysDispatch: ["evil", "hash"] });
  const { errors, results: [payload] } = await box.scan();
  assert.deepEqual(errors, []);
  assert.deepEqual(payload!.workers.evil, [false, false, "d41d8cd98f00b204e9800998ecf8427e"]);
});

Deno.test("a manifest that asks for everything is granted nothing of it", async () => {
  await using box = sandboxOf({ evil: { code: REACHING, manifest: GREEDY } }, {
    alwaysDispatch: ["evil", "hash"],
    logLevel: "critical",
  });
  const { results: [payload] } = await box.scan();
  assert.ok(payload!.workers.hash);
  assert.deepEqual(payload!.workers.evil, {});
});

Deno.test("names of plugins that are paths are no plugins", async () => {
  for (
    const name of [
      "../evil",
      "..",
      "/etc",
      "a/b",
      "a\\\\b",
      "__proto__",
      "evil\u0000",
      ".",
      "EVIL",
      "x".repeat(300),
    ]
  ) {
    await using box = sandboxOf({ evil: { code: scanning("return {};"), manifest: { name } } }, {
      alwaysDispatch: ["hash"],
    });
    const { errors, results: [payload] } = await box.stoq.scan("x", { startDispatch: [name] });
    assert.equal(errors.length, 1, name);
    assert.match(errors[0]!.code!, /^plugin-(?:not-found|load-failed)$/, name);
    assert.deepEqual(Object.keys(payload!.workers), ["hash"], name);
  }
});
