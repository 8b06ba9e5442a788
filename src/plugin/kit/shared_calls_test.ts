import assert from "node:assert/strict";
import { SharedCalls } from "./shared_calls.ts";

/** Calls that the test ends. */
function heldCalls() {
  const begun: { readonly key: string; end(failure?: Error): void }[] = [];
  const calls = new SharedCalls((key) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const number = begun.length + 1;
    begun.push({ key, end: (failure) => failure ? reject(failure) : resolve(number) });
    return promise;
  });
  return { calls, begun };
}

Deno.test("callers that come while a call is under way share the next one", async () => {
  const { calls, begun } = heldCalls();
  const first = calls.call("a");
  const others = [calls.call("a"), calls.call("a")];
  assert.equal(begun.length, 1);
  begun[0]!.end();
  assert.equal(await first, 1);
  await Promise.resolve();
  assert.equal(begun.length, 2);
  begun[1]!.end();
  assert.deepEqual(await Promise.all(others), [2, 2]);
});

Deno.test("calls of different keys do not wait for each other", () => {
  const { calls, begun } = heldCalls();
  for (const key of ["a", "b", "c"]) void calls.call(key);
  assert.deepEqual(begun.map(({ key }) => key), ["a", "b", "c"]);
});

Deno.test("a failure is that of its own callers alone", async () => {
  const { calls, begun } = heldCalls();
  const [first, second] = [calls.call("a"), calls.call("a")];
  begun[0]!.end(new Error("full"));
  await assert.rejects(first, { message: "full" });
  await Promise.resolve();
  begun[1]!.end();
  assert.equal(await second, 2);
});
