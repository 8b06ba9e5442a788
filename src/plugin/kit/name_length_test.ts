import assert from "node:assert/strict";
import { endOfName, startOfName } from "./name_length.ts";

Deno.test("a name is cut by bytes, between characters", () => {
  assert.equal(startOfName("añb.txt", 2), "a");
  assert.equal(startOfName("añb.txt", 3), "añ");
  assert.equal(endOfName("añb.txt", 6), "b.txt");
  assert.equal(endOfName("añb.txt", 7), "ñb.txt");
});

Deno.test("a name that is short enough stays, and one without room is empty", () => {
  assert.equal(startOfName("a.txt", 5), "a.txt");
  assert.equal(endOfName("a.txt", 5), "a.txt");
  assert.equal(startOfName("a.txt", -1), "");
});
