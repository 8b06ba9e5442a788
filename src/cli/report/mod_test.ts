import { equal, match, ok } from "node:assert/strict";
import type { StoqResponse } from "../../core/contract/contract.ts";
import { textWidth } from "./cell_width.ts";
import { MAX_COLUMNS, MIN_COLUMNS, renderReport } from "./mod.ts";
import { sampleCases } from "./testing/sample_cases.ts";
import {
  sampleError,
  sampleFinding,
  samplePayload,
  sampleResponse,
  sampleSummaryKeys,
} from "./testing/sample_response.ts";

const render = (response: StoqResponse, columns = 80) =>
  renderReport(response, { isColor: false, columns, summaryKeys: sampleSummaryKeys });

Deno.test("no line is wider than the terminal, at any width", () => {
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
    const painted = renderReport(response, { isColor: true, columns, summaryKeys: sampleSummaryKeys });
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

Deno.test("a response of 10,000 payloads with errors and findings stays readable", () => {
  const members = Array.from(
    { length: 9_999 },
    (_, index) =>
      samplePayload(`m${index}`, { from: ["top"], findings: [sampleFinding(`rule${index % 500}`)] }),
  );
  const errors = members.map(({ payloadId }, index) =>
    sampleError(`at ${index}`, { payloadId, code: `c${index % 90}` })
  );
  const lines = render(sampleResponse([samplePayload("top"), ...members], { errors })).split("\n");
  ok(lines.length < 500, `${lines.length} lines`);
  ok(lines.some((text) => text.includes("more payloads")));
  ok(lines.some((text) => text.includes("--format json has everything")));
});

Deno.test("a chain of 10,000 payloads shows what is at its end", () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    samplePayload(`c${index}`, {
      from: index === 0 ? [] : [`c${index - 1}`],
      findings: index === 9_999 ? [sampleFinding("Deep inside", { severity: "high" })] : [],
    }));
  const report = render(sampleResponse(chain), 120);
  match(report, /^high +Deep inside\n +#10000 /m);
  match(report, /1 with findings inside/);
  match(report, /^#10000 /m);
});

Deno.test("no findings never reads as clean: the first line has what was not looked into", () => {
  const firstLine = (response: StoqResponse) => render(response).split("\n")[0];
  const payloads = [samplePayload("a")];
  equal(firstLine(sampleResponse(payloads)), "NO FINDINGS · no blind spots");
  const encrypted = { code: "encrypted", count: 1, payloadIds: ["a"], detail: "3 of 5 entries" };
  equal(
    firstLine(sampleResponse(payloads, {}, [encrypted, { code: "unparsed", count: 2, payloadIds: ["a"] }])),
    "NO FINDINGS · not looked into: encrypted (3 of 5 entries), unparsed ×2",
  );
});

Deno.test("the first line has the worst severity and the number of findings of each", () => {
  const findings = [sampleFinding("x"), sampleFinding("y", { severity: "info" }), sampleFinding("z")];
  const response = sampleResponse([samplePayload("a", { findings }), samplePayload("b", { findings })]);
  match(render(response), /^MEDIUM {2}4 medium, 2 info · no blind spots\n/);
});

Deno.test("a finding of many payloads is listed once, with how often it was made", () => {
  const findings = [sampleFinding("x", { detail: "a" }), sampleFinding("x", { detail: "b" })];
  const payloads = Array.from({ length: 5 }, (_, index) => samplePayload(`p${index}`, { findings }));
  match(
    render(sampleResponse(payloads)),
    /^Findings\nmedium {4}x: a\n {10}10 times: #1 #2 #3 \+2 · yara-match by yara\n\n/m,
  );
});

Deno.test("indicators are defanged, and each value is listed once", () => {
  const indicators = [{ kind: "url" as const, value: "https://a.example/b.c" }];
  const response = sampleResponse([samplePayload("a", { indicators }), samplePayload("b", { indicators })]);
  match(render(response), /^Indicators · 1\nurl +hxxps:\/\/a\[\.\]example\/b\.c {2}#1 #2\n\n/m);
});

Deno.test("what a manifest calls the summary stands first, the rest in general form", () => {
  const workers = { peinfo: { machine: "x86", imphash: "f34d", compile_time: "2019" } };
  match(
    render(sampleResponse([samplePayload("a", { workers })])),
    /^ {4}compile_time 2019\n {4}imphash +f34d\n {4}peinfo: machine=x86$/m,
  );
});

Deno.test("payloads that are not kept are marked only where something is kept", () => {
  const kept = samplePayload("a", { archivers: { filedir: { path: "x" } } });
  const left = samplePayload("b", { from: ["a"], shouldArchive: false });
  match(render(sampleResponse([kept, left])), /not archived/);
  ok(!render(sampleResponse([samplePayload("a"), left])).includes("not archived"));
});
