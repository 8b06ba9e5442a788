import assert from "node:assert/strict";
import type { StoqResponse } from "./contract.ts";
import { type FakePlugin, fakeScan } from "../testing/fake_environment.ts";
import { splitResponse, subresponses } from "./subresponses.ts";

/** A.zip holds B and C.zip, C.zip holds D, and D holds itself. */
async function nested(): Promise<StoqResponse> {
  const inside: Readonly<Record<string, readonly string[]>> = { A: ["B", "C"], C: ["D"], D: ["D"] };
  const unpack: FakePlugin = {
    scan(payload) {
      const name = new TextDecoder().decode(payload.content);
      const extracted = (inside[name] ?? []).map((content) => ({ content }));
      return { results: { name }, extracted, errors: name === "D" ? ["odd"] : [] };
    },
  };
  const other: FakePlugin = { scan: () => ({ results: {} }) };
  const { response } = await fakeScan({ unpack, other }, { alwaysDispatch: ["unpack", "other"] }, ["A"]);
  return response;
}

const names = (response: StoqResponse) =>
  response.results.map(({ workers }) => (workers.unpack as { name: string }).name);

Deno.test("a response splits into one part for each payload and worker", async () => {
  const response = await nested();
  const parts = splitResponse(response);
  assert.deepEqual(parts.map(({ results }) => Object.keys(results[0]!.workers)), [
    ["other"],
    ["unpack"],
    ["other"],
    ["unpack"],
    ["other"],
    ["unpack"],
    ["other"],
    ["unpack"],
  ]);
  assert.ok(parts.every(({ scanId }) => scanId === response.scanId));
});

Deno.test("each payload becomes the root of what came out of it, everything once", async () => {
  const response = await nested();
  const parts = subresponses(response);
  assert.deepEqual(parts.map(names), [["A", "B", "C", "D"], ["B"], ["C", "D"], ["D"]]);
  assert.ok(parts.every(({ scanId, time }) => scanId === response.scanId && time === response.time));
  assert.deepEqual(parts.map(({ errors }) => errors.length), [1, 0, 1, 1]);
});
