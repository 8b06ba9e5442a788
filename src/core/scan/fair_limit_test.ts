import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { FairLimit } from "./fair_limit.ts";

/** Adds holders in an order, and returns how many parts each keeps. */
function shareOut(
  limit: number,
  holders: readonly (readonly number[])[],
  order: readonly number[],
): number[] {
  const fair = new FairLimit(limit);
  const shares = new Map(order.map((index) => [index, fair.add(index, holders[index]!)]));
  return holders.map((_, index) => shares.get(index)!.kept);
}

const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);

const holders = fc.array(fc.array(fc.nat(20), { maxLength: 6 }), { minLength: 1, maxLength: 8 });
const shuffled = holders.chain((holders) =>
  fc.record({
    holders: fc.constant(holders),
    order: fc.shuffledSubarray([...holders.keys()], { minLength: holders.length }),
    limit: fc.nat(200),
  })
);

Deno.test("property: what holders keep does not depend on the order in which they are added", () => {
  fc.assert(
    fc.property(shuffled, ({ holders, order, limit }) => {
      assert.deepEqual(shareOut(limit, holders, order), shareOut(limit, holders, [...holders.keys()]));
    }),
    { numRuns: 1000, seed: 1 },
  );
});

Deno.test("property: all that is kept is within the limit, and one part more would not be", () => {
  fc.assert(
    fc.property(shuffled, ({ holders, order, limit }) => {
      const kept = shareOut(limit, holders, order);
      const total = sum(holders.flatMap((parts, index) => parts.slice(0, kept[index])));
      assert.ok(total <= limit);
      const cut = holders.flatMap((parts, index) =>
        kept[index]! < parts.length
          ? [{ index, key: sum(parts.slice(0, kept[index]! + 1)), part: parts[kept[index]!]! }]
          : []
      ).sort((a, b) => a.key - b.key || a.index - b.index);
      if (cut.length > 0) {
        assert.ok(total + cut[0]!.part > limit, "the last part that was cut would have fitted");
      }
    }),
    { numRuns: 1000, seed: 1 },
  );
});

Deno.test("property: no holder is cut while another one holds more than it held", () => {
  fc.assert(
    fc.property(shuffled, ({ holders, order, limit }) => {
      const kept = shareOut(limit, holders, order);
      const held = holders.map((parts, index) => sum(parts.slice(0, kept[index])));
      for (const [index, parts] of holders.entries()) {
        if (kept[index] === parts.length) continue;
        // With one part more it would have been the largest, and was cut for that.
        const before = sum(parts.slice(0, kept[index]! + 1));
        for (const other of held) assert.ok(other <= before, `${other} > ${before}`);
      }
    }),
    { numRuns: 1000, seed: 1 },
  );
});

Deno.test("the largest are cut to a common level, from the tail", () => {
  const ones = (count: number) => Array(count).fill(1);
  assert.deepEqual(shareOut(100, [ones(90), ones(10), ones(50), ones(5)], [2, 0, 3, 1]), [43, 10, 42, 5]);
});

Deno.test("of equal parts as many are kept as fit, those of the first holders", () => {
  assert.deepEqual(shareOut(400, Array(5).fill([100]), [4, 3, 2, 1, 0]), [1, 1, 1, 1, 0]);
});

Deno.test("each cut is reported, and what was cut does not come back", () => {
  const fair = new FairLimit(10);
  const cuts: string[] = [];
  fair.add(0, [4, 4], (kept) => cuts.push(`first ${kept}`));
  fair.add(1, [7], (kept) => cuts.push(`second ${kept}`));
  assert.deepEqual(cuts, ["first 1", "second 0"]);
  assert.equal(fair.total, 4);
  fair.add(2, [1]);
  assert.equal(fair.total, 5);
});

Deno.test("without a limit nothing is cut", () => {
  assert.deepEqual(shareOut(Infinity, [[1e300], [1e300, 5]], [0, 1]), [1, 2]);
});
