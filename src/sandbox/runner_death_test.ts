import assert from "node:assert/strict";
import { RunnerDeath } from "./runner_death.ts";

const broken = (plugin: string, isLate: boolean) =>
  new RunnerDeath({ kind: "broken", plugin, isLate, reason: "said what only a forger says" });
const ended = (signal: string | null) =>
  new RunnerDeath({ kind: "ended", code: signal === null ? 1 : 137, signal, lastWords: "" });

Deno.test("a call is not blamed for what was before it, for another plugin, or for who ends processes", () => {
  assert.equal(new RunnerDeath({ kind: "gone" }).isInnocent("a", ["a"]), true);
  assert.equal(new RunnerDeath({ kind: "gone", lastWords: "not cached" }).lastWords, "not cached");
  assert.equal(broken("a", true).isInnocent("a", ["a"]), true);
  assert.equal(broken("b", false).isInnocent("a", ["a", "b"]), true);
  assert.equal(ended("SIGKILL").isInnocent("a", ["a"]), true);
  assert.equal(ended(null).isInnocent("a", ["a", "b"]), true);
});

Deno.test("a call is blamed for what was done while it was the only one that can have done it", () => {
  assert.equal(broken("a", false).isInnocent("a", ["a"]), false);
  assert.equal(ended(null).isInnocent("a", ["a"]), false);
  assert.equal(ended("SIGSEGV").isInnocent("a", ["a"]), false);
  assert.equal(new RunnerDeath({ kind: "given-up", reason: "late" }).isInnocent("a", ["a", "b"]), false);
});
