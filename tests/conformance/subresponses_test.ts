/** The original's test_core.py: parts of a response. */

import assert from "node:assert/strict";
import { type PayloadResults, splitResponse, type StoqResponse } from "../../mod.ts";
import { FOX, openStoq } from "./fixture_stoq.ts";

Deno.test("test_split_results: a response is split into one for each worker", async () => {
  await using stoq = openStoq();
  const response = await stoq.scan(FOX, { startDispatch: ["multiclass_plugin", "simple_worker"] });
  const parts = [...splitResponse(response)];
  assert.deepEqual(parts.map(({ results }) => results.map(({ workers }) => Object.keys(workers))), [
    [["multiclass_plugin"]],
    [["simple_worker"]],
  ]);
  assert.ok(parts.every(({ scanId }) => scanId === response.scanId));
});

Deno.test("test_reconstruct_all_subresponses: each payload can be seen as if it were the root", async () => {
  await using stoq = openStoq({ decorators: ["simple_decorator"] });
  const scan = await stoq.scan(FOX);
  const entry = (payloadId: string, extractedFrom: string[], result: number): PayloadResults => ({
    ...scan.results[0]!,
    payloadId,
    extractedFrom,
    extractedBy: extractedFrom.map(() => "fake"),
    workers: { fake: `result-${result}` },
  });
  const response: StoqResponse = {
    ...scan,
    results: [
      entry("A.zip", [], 1),
      entry("B.txt", ["A.zip"], 2),
      entry("C.zip", ["A.zip"], 3),
      entry("D.txt", ["C.zip"], 4),
    ],
    decorators: {},
  };
  const parts = await Array.fromAsync(stoq.reconstructAllSubresponses(response));
  assert.deepEqual(parts.map(({ results }) => results.length), [4, 1, 2, 1]);
  assert.deepEqual(
    parts.map(({ results }) => results[0]?.workers.fake),
    [1, 2, 3, 4].map((n) => `result-${n}`),
  );
  for (const { decorators, scanId } of parts) {
    assert.deepEqual(decorators, { simple_decorator: { simple_decoration: 123 } });
    assert.equal(scanId, scan.scanId);
  }
});
