import assert from "node:assert/strict";
import { packLists, unpackLists } from "./lists.ts";

Deno.test("lists come out as they were put in", () => {
  const lists = [[1, 2], [], [0], [9, 9, 9]];
  const unpacked = unpackLists(packLists(lists), 10);
  assert.equal(unpacked.length, 4);
  assert.deepEqual(lists.map((_, index) => [...unpacked.at(index)]), lists);
  assert.equal(unpackLists(packLists([]), 1).length, 0);
});

Deno.test("lists with a number changed are refused, or still hold numbers below the bound", () => {
  const packed = packLists([[1, 2], [], [3]]);
  for (let at = 0; at < packed.length; at++) {
    for (const value of [0, 1, 3, 4, 7, 8, 9, 0xffffffff]) {
      const changed = packed.slice();
      changed[at] = value;
      try {
        const lists = unpackLists(changed, 4);
        for (let index = 0; index < lists.length; index++) {
          assert.ok([...lists.at(index)].every((number) => number < 4));
        }
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }
    assert.throws(() => unpackLists(packed.slice(0, at), 4), RangeError);
  }
});
