import { deepEqual, equal, ok } from "node:assert/strict";
import { MAX_PLAIN_SIBLINGS, selectForDetails, selectForTree } from "./selection.ts";
import { sampleMatch, samplePayload, sampleResponse } from "./testing/sample_response.ts";
import { surveyResponse } from "./survey.ts";

const ids = (nodes: Iterable<{ payload: { payloadId: string } }>) =>
  [...nodes].map(({ payload }) => payload.payloadId);
const members = (count: number, rule?: (index: number) => string | undefined) =>
  Array.from({ length: count }, (_, index) => {
    const name = rule?.(index);
    return samplePayload(`m${index}`, { from: ["top"], matches: name ? [sampleMatch(name)] : [] });
  });

Deno.test("everything is shown where there is room", () => {
  const survey = surveyResponse(sampleResponse([samplePayload("top"), ...members(9)]));
  equal(selectForTree(survey, 10).size, 10);
  equal(selectForDetails(survey, 10).length, 10);
});

Deno.test("of many payloads without matches some stand for the others", () => {
  const survey = surveyResponse(sampleResponse([samplePayload("top"), ...members(500)]));
  equal(selectForTree(survey, 100).size, 1 + MAX_PLAIN_SIBLINGS);
  deepEqual(ids(selectForDetails(survey, 30)), ["top"]);
});

Deno.test("a payload with a match is shown with everything above it, however late it comes", () => {
  const survey = surveyResponse(sampleResponse([
    samplePayload("top"),
    ...members(500),
    samplePayload("deep", { from: ["m499"], matches: [sampleMatch("bad")] }),
  ]));
  const shown = ids(selectForTree(survey, 100));
  ok(["top", "m499", "deep"].every((id) => shown.includes(id)));
  deepEqual(ids(selectForDetails(survey, 30)), ["top", "deep"]);
});

Deno.test("a rule that matches everywhere does not hide one that matched once", () => {
  const survey = surveyResponse(
    sampleResponse([samplePayload("top"), ...members(500, (index) => index === 400 ? "rare" : "common")]),
  );
  ok(ids(selectForTree(survey, 100)).includes("m400"));
  deepEqual(ids(selectForDetails(survey, 30)), ["top", "m0", "m1", "m2", "m400"]);
});

Deno.test("hundreds of rules leave room for payloads without matches", () => {
  const results = [
    samplePayload("top"),
    ...members(500, (index) => index < 300 ? `rule${index}` : undefined),
  ];
  const survey = surveyResponse(sampleResponse(results));
  const shown = selectForTree(survey, 100);
  const plain = [...shown].filter((node) => survey.matchesOf(node).length === 0).length;
  ok(shown.size <= 100 && plain >= MAX_PLAIN_SIBLINGS);
  equal(selectForDetails(survey, 30).length, 30);
});
