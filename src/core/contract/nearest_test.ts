import assert from "node:assert/strict";
import { nearestHint, nearestName } from "./nearest.ts";

Deno.test("a mistyped name finds the one that was meant", () => {
  const names = ["hash", "mimetype", "yara", "max_recursion", "decompress"];
  assert.equal(nearestName("hahs", names), "hash");
  assert.equal(nearestName("YARA", names), "yara");
  assert.equal(nearestName("max-recursoin", names), "max_recursion");
  assert.equal(nearestName("decompres", names), "decompress");
});

Deno.test("a hint ends a message, or is empty", () => {
  assert.equal(nearestHint("hahs", ["hash"]), ', did you mean "hash"?');
  assert.equal(nearestHint("peinfo", ["hash"]), "");
});

Deno.test("a name that is like none of them finds none", () => {
  assert.equal(nearestName("peinfo", ["hash", "yara"]), undefined);
  assert.equal(nearestName("a".repeat(10_000), ["a".repeat(9_999)]), undefined);
});
