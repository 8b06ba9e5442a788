import assert from "node:assert/strict";
import type { Explanation } from "../../core/contract/contract.ts";
import { explanationLines } from "./explanation_lines.ts";
import { samplePayload } from "./testing/sample_response.ts";
import { lineWidth } from "./styled_text.ts";

const COLUMNS = 76;

function textOf(explain: readonly Explanation[], columns = COLUMNS): string[] {
  const lines = explanationLines(samplePayload("payload", { explain }), columns);
  for (const spans of lines) assert.ok(lineWidth(spans) <= columns);
  return lines.map((spans) => spans.map(({ text }) => text).join(""));
}

Deno.test("plugins with the same reason in the same role share a line", () => {
  const always = { ran: true, reason: "always_dispatch" };
  assert.deepEqual(
    textOf([
      { plugin: "hash", role: "worker", ...always },
      { plugin: "mimetype", role: "worker", ...always },
      { plugin: "late", role: "deep-dispatcher", ran: false, reason: "should_scan is false" },
      { plugin: "filedir", role: "dest-archiver", ran: true, reason: "dest_archivers" },
      { plugin: "*", role: null, ran: false, reason: "met again with the same bytes (once): scanned once" },
    ]),
    [
      "ran: hash, mimetype · always_dispatch",
      "deep dispatcher did not run: late · should_scan is false",
      "archiver ran: filedir · dest_archivers",
      "met again with the same bytes (once): scanned once",
    ],
  );
});

Deno.test("names and reasons of strangers neither steer the terminal nor break a line", () => {
  const lines = textOf([{ plugin: "e\x1b[2Jvil", role: "worker", ran: false, reason: "no\n\u202eway\x07" }]);
  assert.equal(lines.length, 1);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(lines[0]!, /[\x00-\x1f\u202e]/);
  assert.match(lines[0]!, /did not run: e.+2Jvil · no.+way/);
});

Deno.test("a hundred reasons and a reason without end stay readable", () => {
  const explain = Array.from({ length: 100 }, (_, index): Explanation => (
    { plugin: `ghost${index}`, role: "worker", ran: false, reason: `no ${index} ${"word ".repeat(1000)}` }
  ));
  const lines = textOf(explain);
  assert.ok(lines.length <= 20 * 4 + 1, String(lines.length));
  assert.equal(lines.at(-1), "… 80 more reasons; --format json has everything");
});
