import { equal, match, ok } from "node:assert/strict";
import type { StoqResponse } from "../../core/contract/contract.ts";
import { textWidth } from "./cell_width.ts";
import { MAX_COLUMNS, MIN_COLUMNS, renderReport } from "./mod.ts";
import { sampleCases } from "./testing/sample_cases.ts";
import { sampleError, sampleMatch, samplePayload, sampleResponse } from "./testing/sample_response.ts";

const render = (response: StoqResponse, columns = 80) => renderReport(response, { isColor: false, columns });

Deno.test("no line is wider than the terminal, whatever that is", () => {
  for (const { name, response } of sampleCases()) {
    for (let columns = MIN_COLUMNS; columns <= MAX_COLUMNS; columns += 7) {
      // A decorator's text is laid out by its template.
      for (const text of render({ ...response, decorators: {} }, columns).split("\n")) {
        ok(textWidth(text) <= columns, `${name} at ${columns}: ${text}`);
      }
    }
  }
});

Deno.test("no text of a file or a plugin reaches the terminal unescaped", () => {
  for (const { name, response } of sampleCases()) {
    ok(!/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u.test(render(response)), name);
  }
});

Deno.test("colours add nothing but SGR sequences that are reset on their line", () => {
  for (const { name, response, columns } of sampleCases()) {
    const painted = renderReport(response, { isColor: true, columns });
    // deno-lint-ignore no-control-regex -- the sequences are what is looked for
    equal(painted.replace(/\x1b\[[\d;]+m(.+?)\x1b\[0m/g, "$1"), render(response, columns), name);
  }
});

Deno.test("a report ends with one line end", () => {
  for (const { response } of sampleCases()) match(render(response), /[^\n]\n$/);
});

Deno.test("a response is not changed", () => {
  for (const { response } of sampleCases()) {
    const before = structuredClone(response);
    render(response);
    equal(Deno.inspect(response, { depth: 20 }), Deno.inspect(before, { depth: 20 }));
  }
});

Deno.test("odd widths get a layout all the same", () => {
  const response = sampleCases()[0]!.response;
  equal(render(response, 0), render(response, 80));
  equal(render(response, NaN), render(response, 80));
  equal(render(response, Infinity), render(response, 80));
  equal(render(response, 10), render(response, MIN_COLUMNS));
  equal(render(response, 9_999), render(response, MAX_COLUMNS));
});

Deno.test("the sha256 of every payload of a small response is there in full, in a narrow terminal too", () => {
  const { response } = sampleCases().find(({ name }) => name === "nested_archive")!;
  const report = render(response, MIN_COLUMNS).replaceAll(/\s+/g, "");
  for (const { sha256 } of response.results) ok(report.includes(sha256!));
});

Deno.test("a response of 10,000 payloads with errors and matches stays readable", () => {
  const members = Array.from(
    { length: 9_999 },
    (_, index) => samplePayload(`m${index}`, { from: ["top"], matches: [sampleMatch(`rule${index % 500}`)] }),
  );
  const errors = members.map(({ payloadId }, index) =>
    sampleError(`at ${index}`, { payloadId, code: `c${index % 90}` })
  );
  const lines = render(sampleResponse([samplePayload("top"), ...members], { errors })).split("\n");
  ok(lines.length < 500, `${lines.length} lines`);
  ok(lines.some((text) => text.includes("more payloads")));
  ok(lines.some((text) => text.includes("--format json has everything")));
});

Deno.test("a chain of 10,000 payloads says what is at its end", () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    samplePayload(`c${index}`, {
      from: index === 0 ? [] : [`c${index - 1}`],
      matches: index === 9_999 ? [sampleMatch("deep", { severity: "high" })] : [],
    }));
  const report = render(sampleResponse(chain), 120);
  match(report, /^!! +deep +#10000$/m);
  match(report, /1 matched inside/);
  match(report, /^#10000 /m);
});

Deno.test("whether YARA ran is told where nothing matched", () => {
  match(render(sampleResponse([samplePayload("a")])), /YARA worker did not run/);
  match(render(sampleResponse([samplePayload("a", { matches: [] })])), /no YARA matches ·/);
  const both = sampleResponse([samplePayload("a"), samplePayload("b", { matches: [] })]);
  match(render(both), /no YARA matches in 1 payload ·/);
});

Deno.test("results of a worker that only has the name of ours are shown in general form", () => {
  const report = render(sampleResponse([samplePayload("a", { workers: { yara: { matches: ["odd"] } } })]));
  match(report, /^ +yara:\n +matches: odd$/m);
});

Deno.test("payloads that are not kept are marked only where something is kept", () => {
  const kept = samplePayload("a", { archivers: { filedir: { path: "x" } } });
  const left = samplePayload("b", { from: ["a"], shouldArchive: false });
  match(render(sampleResponse([kept, left])), /not archived/);
  ok(!render(sampleResponse([samplePayload("a"), left])).includes("not archived"));
});
