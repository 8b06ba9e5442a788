import assert from "node:assert/strict";
import type { Clock } from "../core/ports/plugin_host.ts";
import { withDeadline } from "./deadline.ts";

/** A clock whose only alarm is set off by hand. */
function clockOf(): { readonly clock: Clock; readonly pending: Set<() => void> } {
  const pending = new Set<() => void>();
  const after = (_ms: number, callback: () => void) => {
    pending.add(callback);
    return () => void pending.delete(callback);
  };
  return { clock: { now: () => 0, date: () => new Date(0), after }, pending };
}

const never = new Promise<never>(() => {});

Deno.test("work that ends in time gives its result, or the reason of its failure, and leaves no alarm", async () => {
  const { clock, pending } = clockOf();
  const deadline = { clock, timeoutMs: 5, role: "worker" } as const;
  assert.equal(await withDeadline(deadline, Promise.resolve("done")), "done");
  await assert.rejects(withDeadline(deadline, Promise.reject(new Error("no"))), /no/);
  assert.equal(pending.size, 0);
});

Deno.test("work that takes too long is given up with the timeout of its role", async () => {
  const { clock, pending } = clockOf();
  const reasons: unknown[] = [];
  const waiting = withDeadline(
    { clock, timeoutMs: 5000, role: "worker" },
    never,
    (reason) => reasons.push(reason),
  );
  for (const expire of [...pending]) expire();
  await assert.rejects(waiting, { code: "plugin-timeout", message: /5 s/ });
  assert.equal((reasons[0] as { code: string }).code, "plugin-timeout");
});

Deno.test("a signal gives work up with its reason, also one that was aborted before", async () => {
  const { clock } = clockOf();
  const stop = new AbortController();
  const deadline = { clock, timeoutMs: 5, role: "worker", signal: stop.signal } as const;
  const waiting = withDeadline(deadline, never);
  stop.abort("enough");
  await assert.rejects(waiting, (reason) => reason === "enough");
  const reasons: unknown[] = [];
  const work = Promise.resolve("done");
  await assert.rejects(
    withDeadline(deadline, work, (reason) => reasons.push(reason)),
    (reason) => reason === "enough",
  );
  assert.deepEqual(reasons, ["enough"]);
});
