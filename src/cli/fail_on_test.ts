import { deepEqual } from "node:assert/strict";
import { summarize } from "../core/contract/summary.ts";
import { FailOn } from "./fail_on.ts";
import { sampleFinding, samplePayload } from "./report/testing/sample_response.ts";

const MEDIUM = { failOn: "medium", failOnBlindSpots: false };
const findings = [
  sampleFinding("a", { severity: "low" }),
  sampleFinding("b", { severity: "medium" }),
  sampleFinding("c", { severity: "critical" }),
];
const response = {
  summary: summarize([samplePayload("p", { findings })], [
    { code: "encrypted", count: 2, payloadIds: ["p"] },
    { code: "damaged", count: 1, payloadIds: ["p"] },
  ]),
};

Deno.test("findings of the severity or worse are counted over all responses", () => {
  const failOn = new FailOn(MEDIUM);
  failOn.add(response);
  failOn.add(response);
  deepEqual(failOn.lines(), ["Findings of severity medium or worse: 4 (--fail-on)"]);
});

Deno.test("milder findings and blind spots without their flag are no reason", () => {
  const failOn = new FailOn(MEDIUM);
  failOn.add({
    summary: summarize([samplePayload("p", { findings: findings.slice(0, 1) })], response.summary.blindSpots),
  });
  deepEqual(failOn.lines(), []);
  const none = new FailOn({ failOn: undefined, failOnBlindSpots: false });
  none.add(response);
  deepEqual(none.lines(), []);
});

Deno.test("blind spots are named with the number of their payloads", () => {
  const failOn = new FailOn({ failOn: undefined, failOnBlindSpots: true });
  failOn.add(response);
  deepEqual(failOn.lines(), ["Not looked into: encrypted ×2, damaged ×1 (--fail-on-blind-spots)"]);
});
