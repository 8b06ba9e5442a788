import { deepEqual, equal, ok } from "node:assert/strict";
import type { ErrorRecord } from "../../core/contract/contract.ts";
import { errorSection, MAX_ERROR_KINDS, MAX_TEXTS_OF_KIND } from "./error_section.ts";
import { sampleError, samplePayload, sampleResponse } from "./testing/sample_response.ts";
import { paintLine } from "./styled_text.ts";
import { surveyResponse } from "./survey.ts";

const render = (errors: readonly ErrorRecord[], columns = 100) => {
  const payloads = Array.from({ length: 9 }, (_, index) => samplePayload(`${index + 1}`));
  return errorSection(surveyResponse(sampleResponse(payloads, { errors })), columns)
    .map((spans) => paintLine(spans, false));
};

const missing = (pluginName: string, payloadId: string) =>
  sampleError(`Plugin "${pluginName}" failed to load`, { pluginName, payloadId, code: "plugin-not-found" });

Deno.test("errors that say the same are one line with their payloads", () => {
  const error = (payloadId: string) =>
    sampleError("no answer", { pluginName: "ole", payloadId, code: "plugin-timeout" });
  deepEqual(render([error("5"), error("2"), sampleError("other")]), [
    "Errors",
    "ole  no answer (plugin-timeout, #2 #5)",
    "other (plugin-failed)",
  ]);
});

Deno.test("an error that a payload has twice, or no payload has, is counted", () => {
  const twice = sampleError("odd", { payloadId: "1", code: "odd" });
  const nowhere = sampleError("lost", { payloadId: "gone", code: "lost" });
  deepEqual(render([twice, twice, nowhere, nowhere]).slice(1), [
    "odd (odd, #1, 2 times)",
    "lost (lost, 2 times)",
  ]);
});

Deno.test("plugins that are not installed share one line", () => {
  deepEqual(
    render([missing("peinfo", "1"), missing("ole", "1"), missing("peinfo", "2"), missing("peinfo", "2")]),
    [
      "Errors",
      "not installed: peinfo (2 payloads), ole (1)",
    ],
  );
});

Deno.test("many texts with one code, many codes and many payloads are cut with their number", () => {
  const offsets = Array.from(
    { length: 50 },
    (_, index) => sampleError(`bad at ${index}`, { code: "bad", payloadId: "1" }),
  );
  equal(render(offsets).length, 1 + MAX_TEXTS_OF_KIND + 1);
  equal(render(offsets).at(-1), "    … 47 more errors with the code bad");

  const codes = Array.from({ length: 50 }, (_, index) => sampleError("bad", { code: `bad-${index}` }));
  equal(render(codes).length, 1 + MAX_ERROR_KINDS + 1);
  equal(render(codes).at(-1), "… 30 more kinds of errors");

  const payloads = Array.from({ length: 9 }, (_, index) => sampleError("bad", { payloadId: `${index + 1}` }));
  ok(render(payloads)[1]!.endsWith("(plugin-failed, #1 #2 #3 #4 #5 +4)"));
});

Deno.test("a text of megabytes leaves room for code and payload", () => {
  const lines = render([sampleError("x".repeat(1_000_000), { payloadId: "3" })], 40);
  ok(lines.length <= 5);
  ok(lines.join(" ").includes("#3"), lines.join("\n"));
});
