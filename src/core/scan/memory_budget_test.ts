import assert from "node:assert/strict";
import { scanRequest } from "./scan.ts";
import { fakeEnvironment, FakeHost, type FakePlugin } from "../testing/fake_environment.ts";
import { MemoryBudget } from "./memory_budget.ts";
import { NEVER } from "../ports/plugin_host.ts";

/** Whether a promise is settled once everything that can run has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  for (let turn = 0; turn < 10; turn++) await null;
  return settled;
}

Deno.test("where nothing is in flight a request may always begin", async () => {
  assert.ok(await isSettled(new MemoryBudget(1).whenRoom(NEVER)));
});

Deno.test("a request waits while the others hold the limit, and continues when they hold less", async () => {
  const budget = new MemoryBudget(100);
  const first = budget.hold();
  first.grow(60);
  assert.ok(await isSettled(budget.whenRoom(NEVER)));
  const second = budget.hold();
  second.grow(40);
  const [one, two] = [budget.whenRoom(NEVER), budget.whenRoom(NEVER)];
  assert.deepEqual([await isSettled(one), await isSettled(two)], [false, false]);
  first.grow(-1);
  assert.deepEqual([await isSettled(one), await isSettled(two)], [true, true]);
  assert.equal(budget.heldBytes, 99);
});

Deno.test("what is released is free, once, and can't grow any more", async () => {
  const budget = new MemoryBudget(100);
  const waiting = (() => {
    using hold = budget.hold();
    hold.grow(500);
    return budget.whenRoom(NEVER);
  })();
  assert.ok(await isSettled(waiting));
  const hold = budget.hold();
  hold.grow(70);
  hold.release();
  hold.release();
  hold.grow(10);
  assert.equal(budget.heldBytes, 0);
});

Deno.test("the last request in flight lets the next one begin, though it is larger than the limit alone", async () => {
  const budget = new MemoryBudget(10);
  const [one, other] = [budget.hold(), budget.hold()];
  one.grow(50);
  other.grow(50);
  const waiting = budget.whenRoom(NEVER);
  one.release();
  assert.ok(!await isSettled(waiting));
  other.release();
  assert.ok(await isSettled(waiting));
});

Deno.test("a wait ends with the signal's reason, and leaves nothing behind", async () => {
  const budget = new MemoryBudget(1);
  const hold = budget.hold();
  hold.grow(5);
  const abort = new AbortController();
  const waiting = budget.whenRoom(abort.signal);
  abort.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  await assert.rejects(async () => await budget.whenRoom(abort.signal), /enough/);
  hold.release();
});

Deno.test("a request reports the bytes that it extracts and what its response costs, while it is scanned", async () => {
  const budget = new MemoryBudget(Infinity);
  const seen: number[] = [];
  const plugins: Record<string, FakePlugin> = {
    unpack: {
      scan: ({ content }) => {
        seen.push(budget.heldBytes);
        return content.length < 1_000 ? undefined : {
          extracted: [{ content: "x".repeat(500) }, { content: "x".repeat(500) }],
          results: "r".repeat(10_000),
        };
      },
    },
    saver: { save: () => void seen.push(budget.heldBytes) },
  };
  const environment = fakeEnvironment(new FakeHost(plugins), {
    alwaysDispatch: ["unpack"],
    connectors: ["saver"],
  });
  const hold = budget.hold();
  await scanRequest(environment, { payloads: [{ content: "y".repeat(40_000) }] }, { hold });
  const [root, extracted, saved] = seen;
  // The root payload is counted by who asked for the request.
  assert.ok(root! > 0 && root! < 5_000, `${root}`);
  // Bytes that are met again are not held again.
  assert.ok(extracted! - root! > 10_500 && extracted! - root! < 17_000, `${extracted}`);
  assert.ok(saved! >= extracted!);
  assert.equal(budget.heldBytes, saved);
  hold.release();
  assert.equal(budget.heldBytes, 0);
});
