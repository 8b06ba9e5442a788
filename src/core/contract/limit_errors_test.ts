import assert from "node:assert/strict";
import { extractionLimited } from "./limit_errors.ts";

Deno.test("what was left out is reported with its number, or with the least that it can be", () => {
  const leftOut = { payloads: 3, bytes: 70 };
  const rest = "3 extracted payloads with 70 bytes were left out: the limit is 5 ([limits] payloads)";
  assert.equal(extractionLimited("payloads", leftOut, 5).message, rest);
  assert.equal(extractionLimited("payloads", { ...leftOut, isAtLeast: true }, 5).message, `At least ${rest}`);
  assert.equal(extractionLimited("payloads", leftOut, 5).code, "limit-payloads");
  assert.equal(extractionLimited("response_cost", leftOut, 5).code, "limit-response-cost");
});
