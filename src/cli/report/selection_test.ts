import { deepEqual, equal, ok } from "node:assert/strict";
import { MAX_PLAIN_SIBLINGS, selectForDetails, selectForTree } from "./selection.ts";
import {
  sampleFinding,
  samplePayload,
  sampleResponse,
  sampleSummaryKeys,
} from "./testing/sample_response.ts";
import type { StoqResponse } from "../../core/contract/contract.ts";
import { surveyResponse } from "./survey.ts";

const survey = (response: StoqResponse) => surveyResponse(response, sampleSummaryKeys);
const ids = (nodes: Iterable<{ payload: { payloadId: string } }>) =>
  [...nodes].map(({ payload }) => payload.payloadId);
const members = (count: number, rule?: (index: number) => string | undefined) =>
  Array.from({ length: count }, (_, index) => {
    const name = rule?.(index);
    return samplePayload(`m${index}`, { from: ["top"], findings: name ? [sampleFinding(name)] : [] });
  });

Deno.test("everything is shown where there is room", () => {
  const surveyed = survey(sampleResponse([samplePayload("top"), ...members(9)]));
  equal(selectForTree(surveyed, 10).size, 10);
  equal(selectForDetails(surveyed, 10).length, 10);
});

Deno.test("of many payloads without findings some stand for the others", () => {
  const surveyed = survey(sampleResponse([samplePayload("top"), ...members(500)]));
  equal(selectForTree(surveyed, 100).size, 1 + MAX_PLAIN_SIBLINGS);
  deepEqual(ids(selectForDetails(surveyed, 30)), ["top"]);
});

Deno.test("a payload with a finding is shown with everything above it, however late it comes", () => {
  const surveyed = survey(sampleResponse([
    samplePayload("top"),
    ...members(500),
    samplePayload("deep", { from: ["m499"], findings: [sampleFinding("bad")] }),
  ]));
  const shown = ids(selectForTree(surveyed, 100));
  ok(["top", "m499", "deep"].every((id) => shown.includes(id)));
  deepEqual(ids(selectForDetails(surveyed, 30)), ["top", "deep"]);
});

Deno.test("a finding that is everywhere does not hide one that is there once", () => {
  const surveyed = survey(
    sampleResponse([samplePayload("top"), ...members(500, (index) => index === 400 ? "rare" : "common")]),
  );
  ok(ids(selectForTree(surveyed, 100)).includes("m400"));
  deepEqual(ids(selectForDetails(surveyed, 30)), ["top", "m0", "m1", "m2", "m400"]);
});

Deno.test("hundreds of findings leave room for payloads without any", () => {
  const results = [
    samplePayload("top"),
    ...members(500, (index) => index < 300 ? `rule${index}` : undefined),
  ];
  const surveyed = survey(sampleResponse(results));
  const shown = selectForTree(surveyed, 100);
  const plain = [...shown].filter((node) => surveyed.findingsOf(node).length === 0).length;
  ok(shown.size <= 100 && plain >= MAX_PLAIN_SIBLINGS);
  equal(selectForDetails(surveyed, 30).length, 30);
});
