import assert from "node:assert/strict";
import type { FindingDeclaration } from "../contract/findings.ts";
import type { WorkerResponse } from "../contract/contract.ts";
import { serializeResponse } from "../contract/serialize.ts";
import { type FakePlugin, fakeScan, type FakeSetup } from "../testing/fake_environment.ts";

const MACRO: FindingDeclaration = {
  title: "Macro runs when the document is opened",
  severity: "high",
  attack: ["T1204.002"],
  doc: "…",
};
const MATCH: FindingDeclaration = { title: "Rule matched", severity: "medium", doc: "…", dynamic: true };
const FINDINGS = { macro: MACRO, match: MATCH };

async function scanWith(answer: WorkerResponse, setup: FakeSetup = {}) {
  const worker: FakePlugin = { findings: FINDINGS, scan: () => answer };
  const { response } = await fakeScan({ worker }, { alwaysDispatch: ["worker"], ...setup });
  return response;
}

Deno.test("a finding is completed from what the manifest declares", async () => {
  const { results: [result], errors } = await scanWith({
    findings: [{ code: "macro", detail: "AutoOpen", offset: 12 }],
  });
  assert.deepEqual(result?.findings, [{
    plugin: "worker",
    code: "macro",
    title: "Macro runs when the document is opened",
    severity: "high",
    attack: ["T1204.002"],
    detail: "AutoOpen",
    offset: 12,
  }]);
  assert.deepEqual(errors, []);
});

Deno.test("only a dynamic finding brings its own title and severity", async () => {
  const own = { title: "EvilRule", severity: "critical" } as const;
  const { results: [result] } = await scanWith({
    findings: [{ code: "macro", ...own }, { code: "match", ...own }],
  });
  assert.deepEqual(result?.findings?.map(({ title, severity }) => [title, severity]), [
    ["Macro runs when the document is opened", "high"],
    ["EvilRule", "critical"],
  ]);
});

Deno.test("findings that the manifest does not declare are left out with an error", async () => {
  const { results: [result], errors } = await scanWith({
    findings: [{ code: "macro" }, { code: "constructor" }, { code: "unheard-of" }],
  });
  assert.equal(result?.findings?.length, 1);
  assert.deepEqual(errors.map(({ code, error, pluginName }) => [code, error, pluginName]), [
    [
      "finding-not-declared",
      'Findings were left out: the manifest must declare "constructor", "unheard-of"',
      "worker",
    ],
  ]);
});

Deno.test("only workers report findings and indicators", async () => {
  const answer = { findings: [{ code: "macro" }], indicators: [{ kind: "domain", value: "a.example" }] };
  const plugins = { asks: { findings: FINDINGS, getDispatches: () => answer } } as unknown as Record<
    string,
    FakePlugin
  >;
  const { response } = await fakeScan(plugins, { dispatchers: ["asks"] });
  assert.equal(response.results[0]?.findings, undefined);
  assert.equal(response.results[0]?.indicators, undefined);
});

Deno.test("indicators are unique by kind and value, over all workers of a payload", async () => {
  const domain = { kind: "domain", value: "a.example" } as const;
  const worker: FakePlugin = { scan: () => ({ indicators: [domain, { ...domain, offset: 5 }] }) };
  const other: FakePlugin = {
    scan: () => ({ indicators: [domain, { kind: "url", value: "https://a.example/" }] }),
  };
  const { response } = await fakeScan({ worker, other }, { alwaysDispatch: ["other", "worker"] });
  assert.deepEqual(response.results[0]?.indicators?.map(({ kind }) => kind), ["domain", "url"]);
  assert.equal(response.summary.indicators, 2);
});

Deno.test("a payload has at most a thousand indicators, and the error has the true number of the others", async () => {
  const many = (prefix: string) =>
    Array.from(
      { length: 700 },
      (_, number) => ({ kind: "domain", value: `${prefix}${number}.example` }) as const,
    );
  const plugins = {
    a: { scan: () => ({ indicators: many("a") }) },
    b: { scan: () => ({ indicators: many("b") }) },
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: ["a", "b"] });
  assert.equal(response.results[0]?.indicators?.length, 1_000);
  assert.deepEqual(
    response.errors.map(({ code, error, pluginName }) => [code, pluginName, error.split(":")[0]]),
    [
      ["limit-indicators", "b", "400 indicators were left out"],
    ],
  );
});

Deno.test("an answer of too many findings keeps the first and counts the others", async () => {
  const findings = Array.from({ length: 1_003 }, () => ({ code: "macro" }));
  const { results: [result], errors } = await scanWith({ findings });
  assert.equal(result?.findings?.length, 1_000);
  assert.deepEqual(errors.map(({ code, error }) => [code, error]), [
    ["limit-findings", "3 findings were left out: one answer may have 1000"],
  ]);
});

Deno.test("findings that the response has no room for are counted", async () => {
  const findings = Array.from({ length: 1_000 }, () => ({ code: "macro", detail: "x".repeat(400) }));
  const { results: [result], errors } = await scanWith({ findings }, { limits: { responseCost: 200_000 } });
  const kept = result?.findings?.length ?? 0;
  assert.ok(kept > 0 && kept < 1_000, `${kept}`);
  assert.match(errors[0]!.error, new RegExp(`Left out: ${1_000 - kept} findings`));
});

Deno.test("a hostile answer's annotations become problems, and the rest of the answer is kept", async () => {
  const hostile = {
    results: { kept: true },
    findings: [null, { code: "Not Kebab" }, { code: "macro", offset: -1, detail: 5 }, { code: "macro" }],
    indicators: "no list",
    passwords: [{ value: 7 }, { value: "" }, { value: "x".repeat(5_000) }],
    blindSpots: [{ code: "encrypted", detail: "y".repeat(2_000) }],
    mediaType: "not a type",
    resume: { afterMs: NaN },
  } as unknown as WorkerResponse;
  const { results: [result], errors, summary } = await scanWith(hostile);
  assert.deepEqual(result?.workers, { worker: { kept: true } });
  assert.equal(result?.findings?.length, 2);
  assert.deepEqual(errors.map(({ code }) => code), ["plugin-bad-response"]);
  assert.equal(summary.blindSpots[0]?.code, "encrypted");
  assert.equal(summary.blindSpots[0]?.detail?.length, 200);
});

Deno.test("the summary has the worst severity, counts, and what was not looked into", async () => {
  const response = await scanWith({ findings: [{ code: "match" }, { code: "macro" }] });
  const { summary } = response;
  assert.deepEqual(summary, {
    severity: "high",
    payloads: 1,
    findings: { critical: 0, high: 1, medium: 1, low: 0, info: 0 },
    blindSpots: [{ code: "types-unknown", count: 1, payloadIds: [] }],
    indicators: 0,
  });
  const json = JSON.parse(serializeResponse(response));
  assert.equal(json.schema, 2);
  assert.deepEqual(json.summary.blind_spots, [
    { code: "types-unknown", count: 1, payload_ids: [] },
  ]);
});

const FORMATS: FakeSetup["formats"] = {
  canHoldContent: (mediaType) => ["application/pdf", "application/zip"].includes(mediaType),
  parsersOf: (mediaType) => mediaType === "application/zip" ? ["unzip"] : [],
};
const typed = (mediaType: string): FakePlugin => ({ scan: () => ({ mediaType }) });

Deno.test("a payload of a type that can hold content and that no worker parsed is a blind spot", async () => {
  const setup = { alwaysDispatch: ["types"], formats: FORMATS };
  const pdf = await fakeScan({ types: typed("application/pdf") }, setup);
  assert.deepEqual(pdf.response.summary.blindSpots.map(({ code, mediaType }) => [code, mediaType]), [
    ["unparsed", "application/pdf"],
  ]);
  const text = await fakeScan({ types: typed("text/plain") }, setup);
  assert.deepEqual(text.response.summary.blindSpots, []);
});

Deno.test("a parser that had an answer parsed the payload, one that had none did not", async () => {
  const setup = { alwaysDispatch: ["types", "unzip"], formats: FORMATS };
  const types = typed("application/zip");
  const parsed = await fakeScan({ types, unzip: { scan: () => ({ results: {} }) } }, setup);
  assert.deepEqual(parsed.response.summary.blindSpots, []);
  const silent = await fakeScan({ types, unzip: { scan: () => undefined } }, setup);
  assert.deepEqual(silent.response.summary.blindSpots.map(({ code }) => code), ["unparsed"]);
});

Deno.test("a plugin that failed and a limit that was met are blind spots", async () => {
  const broken: FakePlugin = {
    scan: () => {
      throw new Error("no");
    },
  };
  const greedy: FakePlugin = { scan: () => ({ mediaType: "text/plain", extracted: [{ content: "xxx" }] }) };
  const { response } = await fakeScan({ broken, greedy }, {
    alwaysDispatch: ["broken", "greedy"],
    limits: { payloadBytes: 2 },
  }, ["r"]);
  assert.deepEqual(response.summary.blindSpots.map(({ code, detail }) => [code, detail]), [
    ["plugin-failed", "broken: plugin-failed"],
    ["limit-payload-bytes", undefined],
  ]);
});

Deno.test("payloads of one blind spot are one group with the first twenty ids", async () => {
  const contents = Array.from({ length: 30 }, (_, number) => `${number}`);
  const closed: FakePlugin = {
    scan: () => ({ mediaType: "text/plain", blindSpots: [{ code: "encrypted", detail: "1 of 1 entries" }] }),
  };
  const { response } = await fakeScan({ closed }, { alwaysDispatch: ["closed"] }, contents);
  assert.equal(response.summary.blindSpots.length, 1);
  const [{ count, payloadIds, detail }] = response.summary.blindSpots as [
    typeof response.summary.blindSpots[number],
  ];
  assert.deepEqual([count, payloadIds.length, detail], [30, 20, "1 of 1 entries"]);
});

Deno.test("a plugin that needs the family reads parents and siblings, and no one else's bytes", async () => {
  const read: Record<string, (string | undefined)[]> = {};
  const family: FakePlugin = {
    needs: ["family"],
    scan: async (payload, request) => {
      const text = new TextDecoder().decode(payload.content);
      read[text] = [];
      for (const { payloadId } of request.results) {
        const content = await request.content?.(payloadId);
        read[text].push(content && new TextDecoder().decode(content));
      }
      return text === "root"
        ? { extracted: [{ content: "a" }, { content: "b" }] }
        : text === "a"
        ? { extracted: [{ content: "deep" }] }
        : {};
    },
  };
  const stranger: FakePlugin = {
    scan: (_, request) => {
      assert.equal("content" in request, false);
      return undefined;
    },
  };
  await fakeScan({ family, stranger }, { alwaysDispatch: ["family", "stranger"] }, ["root"]);
  assert.deepEqual(read.a, ["root", "a", "b"]);
  assert.deepEqual(read.deep, [undefined, "a", undefined, "deep"]);
});
