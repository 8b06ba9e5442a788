import assert from "node:assert/strict";
import { isSameData } from "./same_data.ts";

Deno.test("equal data is the same, whoever made it", () => {
  const make = () => ({ a: [1, null, "x", { b: new Uint8Array([1, 2]) }], n: NaN, u: undefined });
  assert.ok(isSameData(make(), make()));
});

Deno.test("whatever a plugin could tell apart is not the same", () => {
  const pairs: [unknown, unknown][] = [
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    [{ a: 1 }, { a: 1, b: undefined }],
    [[1, 2], [1, 2, 3]],
    [[], {}],
    [["a"], { 0: "a" }],
    [new Uint8Array([1]), new Uint8Array([2])],
    [new Uint8Array([1]), [1]],
    [new Uint8Array([1]), new Uint8Array([1, 1])],
    [null, {}],
    [0, -0],
    ["1", 1],
  ];
  for (const [a, b] of pairs) assert.ok(!isSameData(a, b) && !isSameData(b, a), JSON.stringify([a, b]));
});
