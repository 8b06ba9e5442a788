import assert from "node:assert/strict";
import { hasMoreMarks } from "./call_bounds.ts";

const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

Deno.test("commas and opening brackets are counted, but for those in texts", () => {
  const json = bytes({ a: [1, {}, [[]]], 'b",[{\\': ',[{\\"\\\\', c: "\\" });
  assert.equal(hasMoreMarks(json, 9), false);
  assert.equal(hasMoreMarks(json, 8), true);
});

Deno.test("a text of nothing but brackets is one value", () => {
  assert.equal(hasMoreMarks(bytes("[".repeat(1000)), 0), false);
  assert.equal(hasMoreMarks(new TextEncoder().encode("[".repeat(1000)), 999), true);
});
