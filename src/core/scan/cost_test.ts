import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { errorCost, NODE_COST, PAYLOAD_COST, plainCost } from "./cost.ts";
import { fakeScan } from "../testing/fake_environment.ts";
import type { Plain } from "../contract/plain.ts";
import { serializePlain, serializeResponse } from "../contract/serialize.ts";
import { arbitraryPlain } from "../testing/arbitrary_plain.ts";

const bytesOf = (json: string) => new TextEncoder().encode(json).length;

/** Objects, arrays and entries of JSON. */
function nodesOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items = Object.values(value);
  return 1 + items.length + items.reduce((sum: number, item) => sum + nodesOf(item), 0);
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("base64", "\u202e\ud800", "😀".repeat(40_000)),
);
const plain = arbitraryPlain(text);

Deno.test("property: data costs the bytes of its JSON and so much for each object, array and entry", () => {
  fc.assert(
    fc.property(plain, (value) => {
      const json = serializePlain(value, { compactly: true });
      const cost = plainCost(value);
      // Two keys that differ in a lone surrogate alone are one key for a reader.
      const nodes = nodesOf(JSON.parse(json));
      assert.ok(cost >= bytesOf(json) + NODE_COST * nodes);
      assert.equal((cost - bytesOf(json)) % NODE_COST, 0);
    }),
    { numRuns: 500, seed: 1 },
  );
});

Deno.test("a cost is counted in full below a limit, and no further than that above it", () => {
  const list = Array.from({ length: 1_000 }, () => "x".repeat(100));
  assert.equal(plainCost(list), 102 * 1_000 + 999 + 2 + NODE_COST * 1_001);
  assert.equal(plainCost(list, Infinity), plainCost(list));
  const cost = plainCost(list, 5_000);
  assert.ok(cost >= 5_000 && cost < plainCost(list));
});

Deno.test("the cost of data that is nested deeply is counted", () => {
  let value: Plain = 1;
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  assert.equal(plainCost(value), 100_000 * (2 + 2 * NODE_COST) + 1);
});

Deno.test("a payload's bare entry costs no more than is set aside for it, and about that", async () => {
  const unpack = {
    scan: () => ({ extracted: [{ content: "x".repeat(9_999_999) }] }),
  };
  const worker = "a_worker_with_a_name_of_some_length";
  const { response } = await fakeScan({ [worker]: unpack }, { limits: { recursionRounds: 1 } }, ["root"], {
    startDispatch: [worker],
  });
  const { results, errors } = JSON.parse(serializeResponse(response));
  const uuid = "0".repeat(36);
  const entry = { ...results[1], payload_id: uuid, extracted_from: [uuid], sha256: "0".repeat(64) };
  const cost = plainCost(entry) + NODE_COST;
  assert.ok(cost <= PAYLOAD_COST && cost > PAYLOAD_COST * 0.9, `${cost}`);
  const errorSpare = errorCost(response.errors[0]!) - (plainCost(errors[0]) + NODE_COST + 1);
  assert.ok(errorSpare >= 0 && errorSpare < 12, `${errorSpare}`);
});
