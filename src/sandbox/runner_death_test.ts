import assert from "node:assert/strict";
import { RunnerDeath } from "./runner_death.ts";

const broken = (plugin: string, isLate: boolean, plugins = ["a"]) =>
  new RunnerDeath({ kind: "broken", plugin, isLate, reason: "it sent a forged message" }, plugins);
const ended = (signal: string | null, plugins = ["a"]) =>
  new RunnerDeath({ kind: "ended", code: signal === null ? 1 : 137, signal, lastWords: "" }, plugins);

Deno.test("a call is not blamed for what was before it, for another plugin, or for who ends processes", () => {
  assert.equal(new RunnerDeath({ kind: "gone" }).isInnocent("a"), true);
  assert.equal(new RunnerDeath({ kind: "gone", lastWords: "not cached" }).lastWords, "not cached");
  assert.equal(broken("a", true).isInnocent("a"), true);
  assert.equal(broken("b", false, ["a", "b"]).isInnocent("a"), true);
  assert.equal(ended("SIGKILL").isInnocent("a"), true);
  assert.equal(ended(null, ["a", "b"]).isInnocent("a"), true);
});

Deno.test("a call is blamed for what was done while it was the only one that can have done it", () => {
  assert.equal(broken("a", false).isInnocent("a"), false);
  assert.equal(ended(null).isInnocent("a"), false);
  assert.equal(ended("SIGSEGV").isInnocent("a"), false);
  assert.equal(new RunnerDeath({ kind: "given-up", reason: "late" }, ["a", "b"]).isInnocent("a"), false);
});
