import assert from "node:assert/strict";
import { childrenOf, hasProcFolder, isRunning, until } from "../processes.ts";
import { TempFolder } from "../run_stoq.ts";
import { type Sandbox, sandbox, scanning } from "../strange_plugin.ts";

const ignore = !hasProcFolder;

/** Returns how a scan ends when the runners get a signal in the middle of the plugin's call; the next scan has a new runner. */
async function signalled(body: string, signal: Deno.Signal) {
  const code = scanning(`if (payload.content.length === 1) return { results: Deno.pid }; ${body}`);
  const box = sandbox(code, { logLevel: "critical", pluginTimeout: 20 });
  const end = await endOf(box, signal).finally(() => box[Symbol.asyncDispose]());
  assert.deepEqual(box.runners(), []);
  return end;
}

async function endOf(box: Sandbox, signal: Deno.Signal) {
  const first = (await box.stoq.scan("x")).results[0]!.workers.evil;
  const scan = box.scan();
  await new Promise((resolve) => setTimeout(resolve, 300));
  // From a signal that blames, the runners of others are spared.
  for (const pid of signal === "SIGABRT" ? [first as number] : box.runners()) Deno.kill(pid, signal);
  const { errors, results: [payload] } = await scan;
  const again = await box.stoq.scan("y");
  assert.deepEqual(again.errors, []);
  assert.notEqual(again.results[0]!.workers.evil, first);
  assert.equal((payload!.workers.hash as { md5: string }).md5, "a2004f37730b9445670a738fa0fc9ee5");
  return {
    result: payload!.workers.evil,
    codes: errors.map(({ code, pluginName }) => `${pluginName} ${code}`),
  };
}

const SLOW = "await new Promise((resolve) => setTimeout(resolve, 1000)); return { results: 'done' };";

Deno.test({
  name: "a call whose runner was killed from outside is made again",
  ignore,
  fn: async () => {
    for (const signal of ["SIGKILL", "SIGINT"] as const) {
      assert.deepEqual(await signalled(SLOW, signal), { result: "done", codes: [] }, signal);
    }
  },
});

Deno.test({
  name: "a runner that aborts in the middle of a call is its plugin's crash",
  ignore,
  fn: async () => {
    assert.deepEqual(await signalled(SLOW, "SIGABRT"), { result: undefined, codes: ["evil plugin-crashed"] });
  },
});

Deno.test({
  name: "a runner that is stopped from outside is given up at the deadline",
  ignore,
  fn: async () => {
    await using box = sandbox(scanning("return { results: Deno.pid };"), { pluginTimeout: 2 });
    const pid = (await box.scan()).results[0]!.workers.evil as number;
    Deno.kill(pid, "SIGSTOP");
    const { errors, results } = await box.scan();
    assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [["plugin-timeout", "evil"]]);
    assert.deepEqual(Object.keys(results[0]!.workers), ["hash"]);
    await until("the stopped process is gone", () => !isRunning(pid));
  },
});

Deno.test({
  name: "a program that a plugin was allowed to start and that outlives it is not waited for",
  ignore,
  fn: async () => {
    const code = scanning(`
      const path = "/bin/sleep";
      const { pid } = new Deno.Command(path, { args: ["600"], stdout: "inherit", stderr: "inherit" }).spawn();
      return { results: pid };
    `);
    let pid: number;
    {
      await using box = sandbox(code, { logLevel: "critical", sandbox: { evil: { run: "/bin/sleep" } } });
      pid = (await box.scan()).results[0]!.workers.evil as number;
    }
    assert.ok(isRunning(pid));
    Deno.kill(pid, "SIGKILL");
  },
});

Deno.test({
  name: "idle runners that are killed from outside are replaced without an error",
  ignore,
  fn: async () => {
    await using box = sandbox(scanning("return { results: 1 };"));
    for (let round = 0; round < 3; round++) {
      const { errors, results } = await box.scan();
      assert.deepEqual([errors, results[0]!.workers.evil], [[], 1]);
      const runners = box.runners();
      assert.ok(runners.length > 0);
      for (const pid of runners) Deno.kill(pid, "SIGKILL");
      await until("they are gone", () => !runners.some(isRunning));
    }
  },
});

/** What an untrusted plugin may be busy with when the host dies. */
const BUSY = [
  "for (;;);",
  'for (;;) postMessage({ type: "log", level: "info", message: "x" });',
  "const bytes = new Uint8Array(60_000).fill(65); for (;;) Deno.stdout.writeSync(bytes);",
  'for (let n = 0; n < 3; n++) new Worker("data:text/javascript,for(;;);", { type: "module" }); for (;;);',
  "for (;;) Deno.stdin.readSync(new Uint8Array(10));",
  "for (;;) { try { Deno.exit(); } catch { /* it looks at the next one */ } }",
];

Deno.test({
  name: "a host that is killed while plugins loop leaves no runner behind",
  ignore,
  fn: async () => {
    const plugins = Object.fromEntries(BUSY.flatMap((body, n) => [
      [
        `plugins/busy-${n}/manifest.json`,
        JSON.stringify({ name: `busy-${n}`, version: "1.0.0", description: "x", roles: ["worker"], api: 1 }),
      ],
      [`plugins/busy-${n}/mod.ts`, scanning(`Deno.stderr.writeSync(new Uint8Array([10])); ${body}`)],
    ]));
    using folder = new TempFolder({
      ...plugins,
      "host.ts": `
        import { Stoq } from ${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)};
        const stoq = new Stoq({
          stoqHome: "/proc/nonexistent/stoq-home",
          isolation: "process",
          pluginDirList: [import.meta.dirname + "/plugins"],
          alwaysDispatch: [${BUSY.map((_, n) => `"busy-${n}"`)}],
          logLevel: "critical",
        });
        await stoq.scan("x");
      `,
    });
    const host = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", folder.at("host.ts")],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until("all plugins are called", () => childrenOf(host.pid).length === BUSY.length);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const runners = childrenOf(host.pid);
    assert.ok(runners.length > 0);
    host.kill("SIGKILL");
    await host.status;
    await until("all runners are gone", () => !runners.some(isRunning));
  },
});
