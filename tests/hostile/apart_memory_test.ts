import assert from "node:assert/strict";
import { runStoq, TempFolder } from "../run_stoq.ts";
import { sandboxOf, scanning } from "../strange_plugin.ts";
import { assertCostsItself, forging } from "./forgery.ts";

/** Bodies of `scan` that take memory until they are ended; the processes have 300 MB each. */
const HOARDERS: readonly (readonly [what: string, body: string, code?: string])[] = [
  ["buffers", "const all = []; for (;;) all.push(new Uint8Array(5e7).fill(1));"],
  ["one-buffer", "new Uint8Array(3e9).fill(1); for (;;);"],
  ["heap", "const all = []; for (;;) all.push([...Array(1e5).keys()].map(String));"],
  [
    "text",
    'let text = "x"; for (const all = [];;) all.push((text + all.length).repeat(1e6).split("").join("-"));',
  ],
  [
    "wasm",
    `const memory = new WebAssembly.Memory({ initial: 1 });
     for (;;) { memory.grow(1000); new Uint8Array(memory.buffer).fill(1); }`,
  ],
  ["shared", "const all = []; for (;;) all.push(new Uint8Array(new SharedArrayBuffer(5e7)).fill(1));"],
  [
    "threads",
    `const code = "const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));";
     for (let n = 0; n < 4; n++) new Worker("data:text/javascript," + code, { type: "module" });
     await new Promise(() => {});`,
  ],
  ["messages", 'for (;;) postMessage({ type: "log", level: "info", message: "x".repeat(1e5) });'],
  ["promises", "const all = []; for (;;) all.push(new Promise(() => {}).then(() => {}));"],
  ["stack", "(function f() { f(); })();", "plugin-failed"],
  ["stack-late", "await 0; const f = () => [1].map(f); f();", "plugin-failed"],
  ["stack-json", 'JSON.parse("[".repeat(1e6) + "]".repeat(1e6), (key, value) => value);', "plugin-failed"],
];

Deno.test("a plugin that takes memory without end is ended by name, and the others keep their results", async () => {
  const plugins = Object.fromEntries(
    HOARDERS.map(([what, body]) => [
      `take-${what}`,
      { code: scanning(`if (payload.content.length === 1) return { results: "works" }; ${body}`) },
    ]),
  );
  const names = Object.keys(plugins);
  await using box = sandboxOf(plugins, { runnerMemory: 300_000_000, logLevel: "critical" });
  // A few at once: what they take together is not what is tried here.
  for (let at = 0; at < names.length; at += 3) {
    const startDispatch = [...names.slice(at, at + 3), "hash"];
    const { errors, results } = await box.stoq.scan("The quick brown fox", { startDispatch });
    const ends = Object.fromEntries(errors.map(({ pluginName, code }) => [pluginName, code]));
    for (const [what, , code = "plugin-memory"] of HOARDERS.slice(at, at + 3)) {
      assert.equal(ends[`take-${what}`], code, `${what}: ${JSON.stringify(errors)}`);
    }
    assert.equal(errors.length, startDispatch.length - 1);
    assert.equal((results[0]!.workers.hash as { md5: string }).md5, "a2004f37730b9445670a738fa0fc9ee5");
  }
  const { errors, results } = await box.stoq.scan("x", { startDispatch: names });
  assert.deepEqual(errors, []);
  for (const name of names) assert.equal(results[0]!.workers[name], "works");
});

/** Takes memory while the runner's main thread reads a map of which it wants nothing. */
const BUSY = `
  const map = new Map(Array.from({ length: 300_000 }, (_, n) => ["key-" + n, n]));
  for (let n = 0; n < 8; n++) send("log", { level: "info", message: "x", map });
  const all = [];
  for (let n = 0; n < 20; n++) all.push(new Uint8Array(5e7).fill(1));
  await never;`;

Deno.test("memory is watched while the runner's main thread is busy, and the next scan works", async () => {
  await assertCostsItself([
    { what: "a map, again and again", body: BUSY, error: ["plugin-memory", /the limit is 300000000/] },
    {
      what: "errors of five megabytes each",
      body: `for (;;) {
        send("log", { level: "info", message: "x", errors: Array.from({ length: 100 }, () => "e".repeat(5e6)) });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }`,
      error: ["plugin-memory", /the limit is 300000000/],
    },
  ], { runnerMemory: 300_000_000 });
});

Deno.test("a runner watches its memory also where stoQ may not look at other processes", async () => {
  using folder = new TempFolder({
    "busy/manifest.json": JSON.stringify({
      name: "busy",
      version: "1.0.0",
      description: "For tests",
      roles: ["worker"],
      api: 1,
    }),
    "busy/mod.ts": forging(BUSY),
    "payload": "The quick brown fox",
  });
  const { code, stdout, stderr } = await runStoq(
    ["scan", "--plugin-dir", folder.path, folder.at("payload"), "-a", "busy", "hash", "--format", "json"],
    {
      env: { STOQ_RUNNER_MEMORY: "300000000", STOQ_HOME: folder.at("home") },
      permissions: ["--no-prompt", "--allow-read", "--allow-run", "--allow-env"],
    },
  );
  assert.equal(code, 0, stderr);
  const { errors, results: [payload] } = JSON.parse(stdout);
  assert.deepEqual(
    errors.map((error: { code: string; plugin_name: string }) => [error.plugin_name, error.code]),
    [
      ["busy", "plugin-memory"],
    ],
  );
  assert.equal(payload.workers.hash.md5, "a2004f37730b9445670a738fa0fc9ee5");
});
