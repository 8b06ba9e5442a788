import assert from "node:assert/strict";
import { weave } from "./compression.ts";

Deno.test("woven lists advance evenly, keep their order and end together", () => {
  assert.deepEqual(weave([["a", "b"], ["1", "2", "3", "4"]]), ["1", "a", "2", "3", "b", "4"]);
});

Deno.test("one list is woven into itself", () => {
  assert.deepEqual(weave([["a", "b", "c"]]), ["a", "b", "c"]);
});
