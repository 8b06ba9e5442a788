import assert from "node:assert/strict";
import { StoqError } from "../core/contract/errors.ts";
import { DEFAULT_LIMITS } from "../core/contract/limits.ts";
import { type AnyCall, type Clock, NEVER } from "../core/ports/plugin_host.ts";
import type { InProcessHost } from "./in_process.ts";
import type { Launcher } from "./launch.ts";
import type { Placement, Placements } from "./placement.ts";
import { SandboxHost } from "./sandbox_host.ts";
import { RunnerPlugins } from "./testing/runner_plugins.ts";

const CLOCK: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (ms, callback) => {
    if (ms === Infinity) return () => {};
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const CALL = {
  role: "worker",
  payload: { content: new Uint8Array([1]), payloadId: "p" },
  request: { results: [], errors: [], requestMeta: {}, budget: { payloads: 10, extractedBytes: 100 } },
} as unknown as AnyCall;

/** A host whose plugins share runners of so much memory. @param onStart called when a runner is started */
function sharedHost(
  plugins: RunnerPlugins,
  runnerMemoryBytes: number,
  { poolSize = 1, onStart = () => {} } = {},
): SandboxHost {
  const placements = {
    of: (plugin: string): Placement => ({
      plugin,
      pool: "shared",
      poolSize,
      needs: { grant: {}, codeFolders: [] },
      ownFolders: [],
      module: undefined,
      verify: undefined,
      open: plugins.open(plugin),
    }),
  };
  const here = { find: () => undefined, nearest: () => undefined, close: () => Promise.resolve() };
  return new SandboxHost(here as unknown as InProcessHost, {
    placements: placements as unknown as Placements,
    launcher: {
      command: () => {
        onStart();
        return plugins.command();
      },
    } as unknown as Launcher,
    limits: { ...DEFAULT_LIMITS, runnerMemoryBytes },
    clock: CLOCK,
    log: { line: () => {}, dropped: () => {} },
  });
}

/** Results of a call, or the code of its failure. */
async function endOf(host: SandboxHost, plugin: string): Promise<unknown> {
  const { value, thrown } = await host.call(plugin, CALL, NEVER);
  if (thrown) return thrown.reason instanceof StoqError ? thrown.reason.code : thrown.reason;
  return (value as { results: unknown }).results;
}

const MEMORY = 500_000_000;
/** Keeps memory, of which a runner has enough for one such plugin and not for two. */
const keeping = (result: string) =>
  `let kept; ---kept ??= new Uint8Array(250_000_000).fill(1); return { results: "${result}" };`;

Deno.test("of two plugins that take too much memory only together neither is blamed", async () => {
  using plugins = new RunnerPlugins({ one: keeping("first"), two: keeping("second") }, {
    runnerMemoryBytes: MEMORY,
  });
  const host = sharedHost(plugins, MEMORY);
  try {
    for (const [plugin, result] of [["one", "first"], ["two", "second"], ["one", "first"]] as const) {
      assert.equal(await endOf(host, plugin), result);
    }
  } finally {
    await host.close();
  }
});

Deno.test("a plugin that takes too much memory is blamed when it does so alone, and its neighbour is not", async () => {
  using plugins = new RunnerPlugins({
    modest: 'return { results: "modest" };',
    greedy: "const all = []; for (;;) all.push(new Uint8Array(2e7).fill(1));",
    crashing: "for (const all = [];;) all.push([...Array(1e5).keys()].map(String));",
  }, { runnerMemoryBytes: MEMORY });
  const host = sharedHost(plugins, MEMORY);
  try {
    for (const plugin of ["greedy", "crashing"]) {
      assert.equal(await endOf(host, "modest"), "modest");
      assert.equal(await endOf(host, plugin), "plugin-memory");
    }
    assert.equal(await endOf(host, "modest"), "modest");
  } finally {
    await host.close();
  }
});

Deno.test("a plugin that is being loaded is called in the runner that loads it, although there might be another", async () => {
  using plugins = new RunnerPlugins({ one: 'return { results: "first" };' });
  let started = 0;
  const host = sharedHost(plugins, DEFAULT_LIMITS.runnerMemoryBytes, {
    poolSize: 2,
    onStart: () => started++,
  });
  try {
    const [, result] = await Promise.all([host.open("one", "worker"), endOf(host, "one")]);
    assert.deepEqual([result, started], ["first", 1]);
  } finally {
    await host.close();
  }
});
