import assert from "node:assert/strict";
import { sandbox, scanning } from "../strange_plugin.ts";
import { assertCostsItself, type Forgery } from "./forgery.ts";

/** An answer that is made of this expression, which gives JSON. */
const answering = (expression: string) => `send("answer", { json: ${expression} }); await never;`;

/** A list of so many times the same, as results. */
const many = (json: string, times: number) =>
  answering(`'{"results":[' + ${JSON.stringify(`${json},`)}.repeat(${times}) + "0]}"`);

const TOO_LARGE = ["plugin-crashed", /its answer is larger than results may be/] as const;
const NO_JSON = ["plugin-crashed", /an answer's JSON can't be parsed/] as const;

const FORGERIES: readonly Forgery[] = [
  { what: "nine million bytes of nothing", body: many('{"\\u0000bytes":""}', 2e6), error: TOO_LARGE },
  { what: "numbers that JSON lacks", body: many('{"\\u0000number":"NaN"}', 2e6), error: TOO_LARGE },
  { what: "empty records", body: many("{}", 4e6), error: TOO_LARGE },
  { what: "empty lists", body: many("[]", 4e6), error: TOO_LARGE },
  {
    what: "records with an index, for which V8 keeps 12 kB each",
    body: many('{"1023":1}', 9e5),
    error: TOO_LARGE,
  },
  { what: "fractions", body: many("1.5", 4e6), error: TOO_LARGE },
  {
    what: "unique keys",
    body: answering(
      `'{"results":{' + Array.from({ length: 1e6 }, (_, n) => '"' + n.toString(36) + 'x":0').join(",") + "}}"`,
    ),
    error: TOO_LARGE,
  },
  {
    what: "records with a key of their own",
    body: answering(
      `'{"results":[' + Array.from({ length: 3e5 }, (_, n) => '{"k' + n + '":0}').join(",") + "]}"`,
    ),
    error: TOO_LARGE,
  },
  {
    what: "lists in lists",
    body: answering(`'{"results":' + "[".repeat(4e6) + "]".repeat(4e6) + "}"`),
    error: NO_JSON,
  },
  {
    what: "records in records, with a mark in each",
    body: answering(`'{"results":' + '{"\\\\u0000":'.repeat(1e6) + "0" + "}".repeat(1e6) + "}"`),
    error: NO_JSON,
  },
  {
    what: "few lists in lists",
    body: answering(`'{"results":' + "[".repeat(50_000) + "]".repeat(50_000) + "}"`),
    error: ["plugin-bad-response", /nested deeper than 100/],
  },
  { what: "one text without end", body: answering(`'{"results":"' + "x".repeat(1e7)`), error: NO_JSON },
  { what: "one key of megabytes", body: answering(`'{"' + "x".repeat(5e6) + '":0}'`), error: NO_JSON },
  {
    what: "a text larger than results may be",
    body: answering(`'{"results":"' + "x".repeat(5e7) + '"}'`),
    error: TOO_LARGE,
  },
];

Deno.test("an answer that would take more memory here than results may costs its own call", async () => {
  await assertCostsItself(FORGERIES);
});

/** Results, and what an answer says beside them. */
const beside = (fields: string) => answering(`JSON.stringify({ results: "kept", ${fields} })`);

const WRONG_ANNOTATIONS: readonly Forgery[] = [
  {
    what: "findings that are none",
    body: beside(
      `findings: [1, null, [], {}, { code: 5 }, { code: "Not kebab-case" }, { code: "__proto__" }]`,
    ),
    result: "kept",
    error: ["plugin-bad-response", /findings\[0\]/],
  },
  {
    what: "findings that the manifest does not declare, one with the name of a method",
    body: beside(
      `findings: [{ code: "constructor" }, { code: "unknown", severity: "critical", title: "x" }]`,
    ),
    result: "kept",
    error: ["finding-not-declared", /constructor/],
  },
  {
    what: "a finding with a detail of megabytes",
    body: beside(`findings: [{ code: "x", detail: "y".repeat(5e7), offset: -1 }]`),
    error: TOO_LARGE,
  },
  {
    what: "records in place of lists",
    body: beside(`findings: { length: 4e9 }, indicators: { 0: 1 }, passwords: "x", blindSpots: 1`),
    result: "kept",
    error: ["plugin-bad-response", /findings .*3 more problems/],
  },
  {
    what: "indicators that are none",
    body: beside(
      `indicators: [{ kind: "toString", value: "x" }, { kind: "url" }, { kind: "md5", value: { length: 1e9 } }]`,
    ),
    result: "kept",
    error: ["plugin-bad-response", /indicators\[0\]\.kind/],
  },
  {
    what: "a hundred thousand indicators",
    body: beside(`indicators: Array.from({ length: 1e5 }, (_, n) => ({ kind: "mutex", value: "m" + n }))`),
    result: "kept",
    error: ["limit-indicators", /99000 indicators were left out/],
  },
  {
    what: "a million indicators",
    body: beside(`indicators: Array.from({ length: 1e6 }, (_, n) => ({ kind: "mutex", value: "m" + n }))`),
    error: TOO_LARGE,
  },
  {
    what: "passwords that are none",
    body: beside(`passwords: [{ value: 5 }, { value: ["x"] }, null, "secret"]`),
    result: "kept",
    error: ["plugin-bad-response", /passwords\[0\]\.value/],
  },
  {
    what: "fifty thousand passwords",
    body: beside(
      `passwords: Array.from({ length: 5e4 }, (_, n) => ({ value: "p" + n, origin: "x".repeat(50) }))`,
    ),
    result: "kept",
    error: ["limit-passwords", /49000 passwords were left out/],
  },
  {
    what: "blind spots and a media type that are none",
    body: beside(`blindSpots: [{ code: 1 }, { code: "encrypted", detail: {} }], mediaType: "x".repeat(1e6)`),
    result: "kept",
    error: ["plugin-bad-response", /mediaType .*2 more problems/],
  },
  {
    what: "a later call before now",
    body: beside(`resume: { afterMs: -1, state: {} }`),
    result: "kept",
    error: ["plugin-bad-response", /resume\.afterMs/],
  },
  {
    what: "a later call that is none",
    body: beside(`resume: "now", mediaType: { toLowerCase: 1 }`),
    result: "kept",
    error: ["plugin-bad-response", /mediaType .*2 more problems/],
  },
];

Deno.test("findings, indicators, passwords and blind spots that are invalid or too many are dropped", async () => {
  await assertCostsItself(WRONG_ANNOTATIONS);
});

const HONEST: Readonly<Record<string, string>> = {
  // Each is about as large as results may be by the count of their JSON.
  "large-text": 'return { results: "x".repeat(15_900_000) };',
  "large-wide-text": 'return { results: "日".repeat(5_000_000) };',
  "large-bytes": "return { results: new Uint8Array(15_000_000) };",
  "large-list": "return { results: Array.from({ length: 2_500_000 }, (_, n) => n) };",
  "large-table":
    "return { results: Array.from({ length: 60_000 }, (_, n) => ({ offset: n, rule: 'rule-' + n, tags: ['a', 'b'] })) };",
  "large-map":
    "return { results: Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => ['key-' + n, n])) };",
};

Deno.test("large honest answers arrive whole", async () => {
  for (const [name, body] of Object.entries(HONEST)) {
    // What a response may cost is another limit.
    await using box = sandbox(scanning(body), { responseCost: Infinity });
    const { errors, results } = await box.scan();
    assert.deepEqual(errors, [], name);
    assert.ok(results[0]!.workers.evil !== undefined, name);
  }
});

Deno.test("an honest answer of too many small records loses its results and nothing else", async () => {
  const code = scanning(`return {
    results: Array.from({ length: 1_500_000 }, () => ({})),
    extracted: payload.content.length > 1 ? [{ content: "x" }] : [],
  };`);
  await using box = sandbox(code);
  const { errors, results } = await box.scan();
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["limit-result-bytes", "evil"],
    ["limit-result-bytes", "evil"],
  ]);
  assert.deepEqual(results.map(({ sizeBytes }) => sizeBytes), [19, 1]);
  assert.ok(results[0]!.workers.hash);
});

Deno.test("an honest answer whose indicators take too much memory loses them, and keeps its results", async () => {
  const code = scanning(`return {
    results: "kept",
    indicators: Array.from({ length: 1000 }, (_, n) => ({ kind: "url", value: n + "日".repeat(9_000), raw: n + "月".repeat(9_000) })),
  };`);
  await using box = sandbox(code, { resultBytes: 1_000_000 });
  const { errors, results: [payload] } = await box.scan();
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [[
    "limit-result-bytes",
    "evil",
  ]]);
  assert.equal(payload!.workers.evil, "kept");
});

Deno.test("errors that a plugin reports beyond what it may are counted, and what is wrong with its answer is reported", async () => {
  const code = scanning(`
    return {
      errors: Array.from({ length: 5000 }, (_, n) => "no " + n),
      results: () => {},
      dispatchTo: Array.from({ length: 1200 }, (_, n) => "worker-" + n % 1001),
      extracted: Array.from({ length: 150 }, () => ({ content: new Uint8Array(2000) })),
    };
  `);
  await using box = sandbox(code, { payloadBytes: 1000 });
  const { errors, results: [payload] } = await box.scan();
  const own = errors.filter(({ pluginName }) => pluginName === "evil");
  const texts = (code: string) => own.filter((error) => error.code === code).map(({ error }) => error);
  assert.deepEqual(texts("plugin-error"), Array.from({ length: 100 }, (_, n) => `no ${n}`));
  assert.deepEqual(texts("limit-answer-errors"), ["4900 errors were left out: an answer may report 100"]);
  assert.match(texts("plugin-bad-response").join(), /results hold a function/);
  assert.match(texts("limit-answer-names").join(), /^200 plugin names were left out/);
  assert.equal(texts("limit-payload-bytes").length, 101);
  assert.match(texts("limit-payload-bytes").at(-1)!, /^50 more extracted payloads/);
  assert.equal((payload?.workers.hash as { md5: string }).md5.length, 32);
});
