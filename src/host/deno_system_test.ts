import assert from "node:assert/strict";
import { DenoFiles } from "./deno_files.ts";
import { FakeHost } from "../core/testing/fake_environment.ts";
import { DenoClock, DenoSystem } from "./deno_system.ts";

/** Milliseconds for which the runtime's timers are set when the turn in which `act` uses a clock is over. */
async function timersSetBy(act: (clock: FixedClock) => void): Promise<number[]> {
  const setTimeout = globalThis.setTimeout;
  const asked: number[] = [];
  globalThis.setTimeout =
    ((_callback: () => void, ms: number) => asked.push(ms)) as unknown as typeof setTimeout;
  try {
    act(new FixedClock());
    assert.deepEqual(asked, []);
    await new Promise<void>((resolve) => setImmediate(resolve));
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  return asked;
}

/** Stands still until it is set forward. */
class FixedClock extends DenoClock {
  nowMs = 1000.25;

  override now(): number {
    return this.nowMs;
  }
}

Deno.test("a timer beyond what the runtime can count does not go off at once", async () => {
  const asked = await timersSetBy((clock) => {
    clock.after(3e9, () => {});
    clock.after(5, () => {});
    clock.after(Infinity, () => {});
  });
  assert.deepEqual(asked, [2 ** 31 - 1, 5]);
});

Deno.test("a timer that is cancelled before the turn ends is never set, and the others still are", async () => {
  const asked = await timersSetBy((clock) => {
    clock.after(7, () => {})();
    clock.after(8, () => {});
    clock.after(9, () => {})();
  });
  assert.deepEqual(asked, [8]);
});

Deno.test("what the turn took counts, a timer whose time is over goes off when the turn ends", async () => {
  const gone: string[] = [];
  const asked = await timersSetBy((clock) => {
    clock.after(10, () => gone.push("10 ms"));
    clock.after(50, () => gone.push("50 ms"));
    clock.nowMs += 10.5;
  });
  assert.deepEqual([asked, gone], [[40], ["10 ms"]]);
});

Deno.test("a callback may cancel another timer that is due as well", async () => {
  const gone: string[] = [];
  await timersSetBy((clock) => {
    clock.after(1, () => {
      gone.push("first");
      cancel();
    });
    const cancel = clock.after(1, () => gone.push("second"));
    clock.nowMs += 2;
  });
  assert.deepEqual(gone, ["first"]);
});

Deno.test("a timer that was set can be cancelled: the test's sanitizer would find it", async () => {
  const cancel = new DenoClock().after(600_000, () => {});
  await new Promise<void>((resolve) => setImmediate(resolve));
  cancel();
});

Deno.test("a word that is too long for a path names nothing", async () => {
  assert.equal(await new DenoFiles().kindOf("x".repeat(5000)), undefined);
});

Deno.test("telemetry is opened only where the process has registered one", async () => {
  const registered = Symbol.for("opentelemetry.js.api.1");
  const before = Object.getOwnPropertyDescriptor(globalThis, registered);
  const open = () => new DenoSystem().openTelemetry(new FakeHost({}), "1.0.0");
  try {
    Reflect.deleteProperty(globalThis, registered);
    assert.equal(await open(), undefined);
    Object.defineProperty(globalThis, registered, { value: { version: "1.9.0" }, configurable: true });
    assert.equal(typeof (await open())?.request, "function");
  } finally {
    Reflect.deleteProperty(globalThis, registered);
    if (before) Object.defineProperty(globalThis, registered, before);
  }
});

Deno.test("digests are the same before and after native code takes over", async () => {
  const system = new DenoSystem();
  const hello = new TextEncoder().encode("hello");
  const expected = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  assert.equal(await system.sha256(hello), expected);
  await system.sha256(new Uint8Array(16_000_000));
  assert.equal(system.sha256(hello), expected);
});
