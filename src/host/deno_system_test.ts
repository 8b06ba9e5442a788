import assert from "node:assert/strict";
import { DenoFiles } from "./deno_files.ts";
import { FakeHost } from "../core/fake_engine.ts";
import { DenoClock, DenoSystem } from "./deno_system.ts";

Deno.test("a timer beyond what the runtime can count does not go off at once", () => {
  const setTimeout = globalThis.setTimeout;
  const asked: number[] = [];
  globalThis.setTimeout =
    ((_callback: () => void, ms: number) => asked.push(ms)) as unknown as typeof setTimeout;
  try {
    new DenoClock().after(3e9, () => {});
    new DenoClock().after(5, () => {});
    new DenoClock().after(Infinity, () => {});
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  assert.deepEqual(asked, [2 ** 31 - 1, 5]);
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
