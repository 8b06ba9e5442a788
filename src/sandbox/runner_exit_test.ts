import assert from "node:assert/strict";
import { RunnerExit } from "./runner_exit.ts";

const broken = (plugin: string, isLate: boolean, plugins = ["a"]) =>
  new RunnerExit({ kind: "broken", plugin, isLate, reason: "it sent a forged message" }, plugins);
const ended = (signal: string | null, plugins = ["a"]) =>
  new RunnerExit({ kind: "ended", code: signal === null ? 1 : 137, signal, lastOutput: "" }, plugins);

Deno.test("a call is not blamed for what was before it, for another plugin, or for who ends processes", () => {
  assert.equal(new RunnerExit({ kind: "gone" }).mayHaveOtherCause("a"), true);
  assert.equal(new RunnerExit({ kind: "gone", lastOutput: "not cached" }).lastOutput, "not cached");
  assert.equal(broken("a", true).mayHaveOtherCause("a"), true);
  assert.equal(broken("b", false, ["a", "b"]).mayHaveOtherCause("a"), true);
  assert.equal(ended("SIGKILL").mayHaveOtherCause("a"), true);
  assert.equal(ended(null, ["a", "b"]).mayHaveOtherCause("a"), true);
});

Deno.test("a call is blamed for what was done while it was the only one that can have done it", () => {
  assert.equal(broken("a", false).mayHaveOtherCause("a"), false);
  assert.equal(ended(null).mayHaveOtherCause("a"), false);
  assert.equal(ended("SIGSEGV").mayHaveOtherCause("a"), false);
  assert.equal(
    new RunnerExit({ kind: "given-up", reason: "late" }, ["a", "b"]).mayHaveOtherCause("a"),
    false,
  );
});
