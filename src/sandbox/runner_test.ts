import assert from "node:assert/strict";
import type { AnyCall } from "../core/ports/plugin_host.ts";
import { Runner, type RunnerLog } from "./runner.ts";
import { RunnerExit } from "./runner_exit.ts";
import { RunnerPlugins } from "./testing/runner_plugins.ts";

const SILENT: RunnerLog = { line: () => {}, dropped: () => {} };

const CALL = {
  role: "worker",
  payload: { content: new Uint8Array([1]), payloadId: "p" },
  request: { results: [], errors: [], requestMeta: {}, budget: { payloads: 10, extractedBytes: 100 } },
} as unknown as AnyCall;

/** What a plugin of an open runner answers as its results. */
async function resultsOf(runner: Runner, plugin: string): Promise<unknown> {
  const { value, failure } = await runner.call(plugin, CALL);
  assert.equal(failure, undefined);
  return (value as { results: unknown }).results;
}

async function ended(runner: Runner): Promise<void> {
  runner.kill({ kind: "closed" });
  await runner.ended();
}

Deno.test("a ninth plugin takes the place of the least recently used one, which may be opened again", async () => {
  const names = Array.from({ length: 9 }, (_, n) => `plugin-${n}`);
  using plugins = new RunnerPlugins(
    Object.fromEntries(
      names.map((name) => [name, `let calls = 0; ---return { results: ${JSON.stringify(name)} + ++calls };`]),
    ),
  );
  const runner = new Runner(plugins.command(), SILENT, 1_000_000);
  try {
    for (const name of names.slice(0, 8)) {
      await runner.open(plugins.open(name));
      assert.equal(await resultsOf(runner, name), `${name}1`);
    }
    assert.equal(await resultsOf(runner, "plugin-0"), "plugin-02");
    await runner.open(plugins.open("plugin-8"));
    assert.equal(await resultsOf(runner, "plugin-8"), "plugin-81");
    // The first one was used again, so it is the second that made room.
    assert.deepEqual(names.filter((name) => !runner.isReady(name)), ["plugin-1"]);
    await runner.open(plugins.open("plugin-1"));
    assert.equal(await resultsOf(runner, "plugin-1"), "plugin-11", "starts over");
    assert.equal(await resultsOf(runner, "plugin-0"), "plugin-03");
    assert.deepEqual(names.filter((name) => !runner.isReady(name)), ["plugin-2"]);
    assert.deepEqual(runner.plugins, names, "each may have left something behind");
  } finally {
    await ended(runner);
  }
});

Deno.test("messages of a plugin whose thread was ended are ignored", async () => {
  const names = Array.from({ length: 9 }, (_, n) => `plugin-${n}`);
  using plugins = new RunnerPlugins(
    Object.fromEntries(
      names.map((name) => [
        name,
        `setInterval(() => postMessage({ type: "log", level: "info", message: "x" }), 1);
         ---return { results: 1 };`,
      ]),
    ),
  );
  const runner = new Runner(plugins.command(), SILENT, 1_000_000);
  try {
    for (let round = 0; round < 2; round++) {
      for (const name of names) {
        await runner.open(plugins.open(name));
        assert.equal(await resultsOf(runner, name), 1);
      }
    }
  } finally {
    await ended(runner);
  }
});

Deno.test("a log that fails ends the runner whose line it was, with a reason, and nothing else", async () => {
  using plugins = new RunnerPlugins({
    talks: 'console.log("a line"); await new Promise(() => {});',
    prints: 'Deno.stderr.writeSync(new TextEncoder().encode("a line\\n")); await new Promise(() => {});',
  });
  for (const name of ["talks", "prints"]) {
    const failing: RunnerLog = {
      line: () => {
        throw new Error("the disk is full");
      },
      dropped: () => {},
    };
    const runner = new Runner(plugins.command(), failing, 1_000_000);
    try {
      await runner.open(plugins.open(name));
      await assert.rejects(runner.call(name, CALL), (exit: unknown) => {
        assert.ok(exit instanceof RunnerExit);
        assert.deepEqual(exit.cause, { kind: "breach", reason: "Error: the disk is full" });
        return true;
      });
      assert.equal(runner.isAlive, false);
    } finally {
      await ended(runner);
    }
  }
});
