import assert from "node:assert/strict";
import { childrenOf, hasProcFolder, isRunning, until } from "../processes.ts";
import { sandbox, scanning } from "../strange_plugin.ts";

const LEFT_BEHIND: readonly (readonly [what: string, body: string])[] = [
  ["threads", 'for (let n = 0; n < 3; n++) new Worker("data:text/javascript,for(;;);", { type: "module" });'],
  [
    "threads of threads",
    `
    const inner = "new Worker('data:text/javascript,for(;;);', { type: 'module' })";
    new Worker("data:text/javascript," + inner, { type: "module" });
  `,
  ],
  [
    "a timer that never rests",
    "setInterval(() => { for (const end = Date.now() + 50; Date.now() < end;); }, 1);",
  ],
  ["a loop behind its answer", "setTimeout(() => { for (;;); }, 50);"],
];

/** Scans twice, calls `look` between the scans, and returns the processes in which the plugin ran. */
async function afterCall(
  body: string,
  look: (pid: number) => Promise<void>,
): Promise<[before: number, after: number]> {
  await using box = sandbox(scanning(`${body} return { results: Deno.pid };`), { logLevel: "critical" });
  const pids: number[] = [];
  for (const isFirst of [true, false]) {
    const { errors, results } = await box.scan();
    assert.deepEqual(errors, []);
    const pid = results[0]!.workers.evil as number;
    assert.ok(childrenOf(Deno.pid).includes(pid));
    pids.push(pid);
    if (isFirst) await look(pid);
  }
  return pids as [number, number];
}

Deno.test({
  name: "a plugin that computes after its call loses its process, one that rests keeps it",
  ignore: !hasProcFolder,
  fn: async () => {
    const busy = LEFT_BEHIND.map(async ([what, body]) => {
      const [pid, next] = await afterCall(
        body,
        (pid) => until(`the process that left ${what} behind ends`, () => !isRunning(pid)),
      );
      assert.notEqual(next, pid);
    });
    const resting = afterCall("setInterval(() => {}, 50);", async (pid) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      assert.ok(isRunning(pid));
    });
    const [pid, next] = await resting;
    assert.equal(next, pid);
    await Promise.all(busy);
  },
});
