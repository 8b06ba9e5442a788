import assert from "node:assert/strict";
import type { RequestView } from "../contract/contract.ts";
import { FakeClock, type FakePlugin, fakeScan } from "../testing/fake_environment.ts";

/** Opens with one password; what is inside it is extracted once it fits. */
function locked(password: string, calls: string[][] = []): FakePlugin {
  return {
    scan: (payload, { passwords }: RequestView) => {
      if (!new TextDecoder().decode(payload.content).startsWith("locked")) return undefined;
      calls.push(passwords.map(({ value }) => value));
      const fitting = passwords.find(({ value }) => value === password);
      if (!fitting) {
        return {
          errors: [{ message: "Wrong password", code: "wrong" }],
          blindSpots: [{ code: "encrypted" }],
        };
      }
      const { origin, index } = fitting;
      return { results: { origin, ...index !== undefined && { index } }, extracted: [{ content: "inside" }] };
    },
  };
}

/** Finds a candidate in every payload. */
function guesser(value: string): FakePlugin {
  return { scan: () => ({ passwords: [{ value, origin: "guess" }] }) };
}

Deno.test("a worker that met encrypted content is called again when a candidate is found, and its last answer counts", async () => {
  const calls: string[][] = [];
  const mail: FakePlugin = {
    scan: (payload) =>
      payload.extractedFrom.length > 0
        ? undefined
        : { extracted: [{ content: "locked" }, { content: "note" }] },
  };
  const note: FakePlugin = {
    scan: (payload) =>
      new TextDecoder().decode(payload.content) === "note"
        ? { passwords: [{ value: "secret", origin: "note" }] }
        : undefined,
  };
  const { response } = await fakeScan({ mail, note, unlock: locked("secret", calls) }, {
    alwaysDispatch: ["mail", "note", "unlock"],
  });
  assert.deepEqual(calls, [[], ["secret"]]);
  const [, archive, , inside] = response.results;
  assert.deepEqual(archive?.workers, { unlock: { origin: "note" } });
  assert.deepEqual(archive?.pluginsRun.workers, ["mail", "note", "unlock"]);
  assert.deepEqual(inside?.extractedBy, ["unlock"]);
  assert.deepEqual(response.errors, []);
  assert.equal(response.summary.blindSpots.some(({ code }) => code === "encrypted"), false);
});

Deno.test("explanations say why a worker was called again", async () => {
  const { response } = await fakeScan({ unlock: locked("found"), guess: guesser("found") }, {
    alwaysDispatch: ["guess", "unlock"],
    isExplaining: true,
  }, ["locked"]);
  const reasons = response.results[0]?.explain?.filter(({ plugin }) => plugin === "unlock");
  assert.deepEqual(reasons?.map(({ reason }) => reason), [
    "always_dispatch; called 2 times: new password candidates",
  ]);
  const later = await fakeScan({ remote: remote(2) }, {
    alwaysDispatch: ["remote"],
    isExplaining: true,
    clock: new HastyClock(),
  });
  assert.equal(
    later.response.results[0]?.explain?.[0]?.reason,
    "always_dispatch; called 3 times: it asked for a later call",
  );
});

Deno.test("the user's candidates come first and appear by their number alone", async () => {
  const { response } = await fakeScan(
    { unlock: locked("mine") },
    { alwaysDispatch: ["unlock"] },
    ["locked"],
    {
      passwords: ["other", "mine"],
    },
  );
  assert.deepEqual(response.results[0]?.workers, { unlock: { origin: "user", index: 1 } });
  assert.equal(JSON.stringify(response).includes("mine"), false);
});

Deno.test("a worker is called again three times at most, and what it extracted twice is applied once", async () => {
  let calls = 0;
  const never: FakePlugin = {
    scan: (payload) => {
      if (payload.extractedFrom.length > 0) return undefined;
      calls++;
      return { blindSpots: [{ code: "encrypted" }], extracted: [{ content: "readable part" }] };
    },
  };
  const rumours: FakePlugin = {
    scan: (payload) => ({
      passwords: [{ value: payload.payloadId, origin: "rumour" }],
      extracted: [{ content: `${new TextDecoder().decode(payload.content)}+` }],
    }),
  };
  const { response } = await fakeScan({ never, rumours }, { alwaysDispatch: ["never", "rumours"] });
  assert.equal(calls, 4);
  const part = response.results.find(({ extractedBy }) => extractedBy.includes("never"));
  assert.deepEqual(part?.extractedBy, ["never"]);
  assert.equal(part?.alsoSeenAs, undefined);
});

Deno.test("a worker that met nothing encrypted is not called again", async () => {
  let calls = 0;
  const open: FakePlugin = {
    scan: (payload) => {
      calls++;
      return { passwords: [{ value: payload.payloadId, origin: "here" }] };
    },
  };
  await fakeScan({ open }, { alwaysDispatch: ["open"] });
  assert.equal(calls, 1);
});

/** A clock on which every timer fires at once, and time passes by it. */
class HastyClock extends FakeClock {
  override after(ms: number, callback: () => void): () => void {
    // Deadlines of requests never fire here.
    if (ms >= 600_000) return () => {};
    let isCancelled = false;
    queueMicrotask(() => {
      if (isCancelled) return;
      this.pass(ms);
      callback();
    });
    return () => {
      isCancelled = true;
    };
  }
}

/** Answers when it was called so many times. */
function remote(polls: number, afterMs = 1_000): FakePlugin {
  return {
    scan: (payload, { resume }: RequestView) => {
      if (payload.extractedFrom.length > 0) return undefined;
      const count = typeof resume === "number" ? resume : 0;
      if (count < polls) return { results: { ignored: true }, resume: { afterMs, state: count + 1 } };
      return { results: { polls: count }, extracted: [{ content: "report" }] };
    },
  };
}

Deno.test("a worker that asks for a later call gets its state back, and the others do not wait for it", async () => {
  const order: string[] = [];
  const child: FakePlugin = {
    scan: (payload) => {
      const text = new TextDecoder().decode(payload.content);
      order.push(text);
      return text === "root" ? { extracted: [{ content: "child" }] } : undefined;
    },
  };
  const { response } = await fakeScan({ remote: remote(3), child }, {
    alwaysDispatch: ["child", "remote"],
    clock: new HastyClock(),
  });
  assert.deepEqual(response.results[0]?.workers, { remote: { polls: 3 } });
  assert.deepEqual(order, ["root", "child", "report"]);
  assert.deepEqual(response.errors, []);
});

Deno.test("later calls use up no rounds", async () => {
  const { response } = await fakeScan({ remote: remote(50) }, {
    alwaysDispatch: ["remote"],
    limits: { recursionRounds: 1 },
    clock: new HastyClock(),
  });
  assert.deepEqual(response.results[0]?.workers, { remote: { polls: 50 } });
  assert.deepEqual(response.errors.map(({ code }) => code), ["limit-recursion"]);
});

Deno.test("a worker that puts its answer off too often has failed, and says so", async () => {
  const { response } = await fakeScan({ remote: remote(Infinity) }, {
    alwaysDispatch: ["remote"],
    limits: { maxResumes: 5 },
    clock: new HastyClock(),
  });
  assert.deepEqual(response.errors.map(({ code, pluginName }) => [code, pluginName]), [[
    "limit-resumes",
    "remote",
  ]]);
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["remote"]);
});

Deno.test("a worker that requires one that put its answer off waits for it", async () => {
  const after: FakePlugin = {
    requires: ["remote"],
    scan: (payload) => ({ results: payload.results.workers.remote }),
  };
  const { response } = await fakeScan({ remote: remote(2), after }, {
    alwaysDispatch: ["after"],
    clock: new HastyClock(),
  }, ["root"]);
  assert.deepEqual(response.results[0]?.workers, { remote: { polls: 2 }, after: { polls: 2 } });
});

Deno.test("the request's deadline ends the wait for a later call, and names the worker", async () => {
  const clock = new FakeClock();
  const scan = fakeScan({ remote: remote(1, 60_000) }, {
    alwaysDispatch: ["remote"],
    limits: { requestTimeoutMs: 5_000 },
    clock,
  });
  await new Promise((resolve) => setTimeout(resolve));
  clock.pass(5_000);
  const { response } = await scan;
  assert.deepEqual(response.errors.map(({ code }) => code), ["limit-request-time"]);
  assert.match(response.errors[0]!.error, /remote/);
});
