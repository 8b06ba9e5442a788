/**
 * What holds for every response, however much plugins put into it. `STOQ_PROPERTY_RUNS` and `STOQ_PROPERTY_SEED` look further.
 */

import assert from "node:assert/strict";
import { serializeResponse, Stoq, type StoqResponse } from "../../mod.ts";
import { fc } from "../../src/deps/testing/fast_check.ts";
import { TempFolder } from "../run_stoq.ts";

const PARAMETERS = {
  numRuns: Number(Deno.env.get("STOQ_PROPERTY_RUNS") ?? 60),
  seed: Number(Deno.env.get("STOQ_PROPERTY_SEED") ?? 1),
};

/** What a worker answers about one root: sizes in characters, and how many microtasks it takes. */
interface Answer {
  readonly results: number;
  readonly errors: number;
  readonly errorChars: number;
  readonly parts: number;
  readonly partBytes: number;
  readonly nameChars: number;
  readonly findings: number;
  readonly indicators: number;
  readonly detailChars: number;
  readonly delay: number;
}

/** Each payload is the JSON of the answers, so that the worker needs no table. */
const WORKER = `export default () => ({ async scan(payload, { budget }) {
  const text = new TextDecoder().decode(payload.content);
  if (!text.startsWith("{")) return { results: { seen: true } };
  const answer = JSON.parse(text);
  for (let turn = 0; turn < answer.delay; turn++) await null;
  return {
    results: "r".repeat(answer.results),
    findings: Array.from({ length: answer.findings }, (_, i) => (
      { code: "seen", detail: String(i).padEnd(answer.detailChars, "é"), offset: i }
    )),
    indicators: Array.from({ length: answer.indicators }, (_, i) => (
      { kind: "domain", value: i + ".example", context: "c".repeat(answer.detailChars) }
    )),
    blindSpots: [{ code: "spot-" + answer.name, detail: "d".repeat(answer.detailChars) }],
    errors: Array.from({ length: answer.errors }, (_, i) => String(i).padEnd(answer.errorChars, "é")),
    extracted: Array.from({ length: answer.parts }, (_, i) => ({
      content: (answer.name + " " + i).padEnd(answer.partBytes),
      payloadMeta: { extraData: { filename: String(i).padEnd(answer.nameChars, "n") } },
    })),
  };
} });`;

const answer: fc.Arbitrary<Answer> = fc.record({
  results: fc.nat(60_000),
  errors: fc.nat(20),
  errorChars: fc.nat(3_000),
  parts: fc.nat(30),
  partBytes: fc.nat(400),
  nameChars: fc.nat(4_000),
  findings: fc.constant(0),
  indicators: fc.constant(0),
  detailChars: fc.constant(0),
  delay: fc.nat(30),
});

const scenario = scenarioOf(answer);
/** Lists are cut to fit exactly, so that they leave less room for later steps than results do. */
const annotatedScenario = scenarioOf(
  fc.tuple(answer, fc.nat(60), fc.nat(60), fc.nat(450)).map(([answer, findings, indicators, detailChars]) => (
    { ...answer, findings, indicators, detailChars }
  )),
);

function scenarioOf(answer: fc.Arbitrary<Answer>) {
  return fc.record({
    answers: fc.array(answer, { minLength: 1, maxLength: 8 }),
    limits: fc.record({
      responseCost: fc.integer({ min: 100_000, max: 600_000 }),
      errors: fc.integer({ min: 1, max: 60 }),
      payloads: fc.integer({ min: 10, max: 120 }),
      extractedBytes: fc.integer({ min: 1, max: 20_000 }),
    }),
  });
}
type Scenario = ReturnType<typeof scenarioOf> extends fc.Arbitrary<infer T> ? T : never;

class ScenarioRunner implements Disposable {
  readonly #folder = new TempFolder({
    "bulk/manifest.json": JSON.stringify({
      name: "bulk",
      version: "1.0.0",
      description: "For tests",
      roles: ["worker"],
      api: 2,
      findings: { seen: { title: "Seen", severity: "info", doc: "For tests" } },
    }),
    "bulk/mod.ts": WORKER,
  });

  /** @param delayOf replaces the delays of the answers */
  async run({ answers, limits }: Scenario, delayOf = ({ delay }: Answer) => delay): Promise<StoqResponse> {
    await using stoq = new Stoq({
      isolation: "none",
      stoqHome: "/proc/nonexistent/stoq-home",
      pluginDirList: [this.#folder.path],
      alwaysDispatch: ["bulk", "hash"],
      ...limits,
    });
    const payloads = answers.map((answer, index) => ({
      // Of the same length, so that digests alone differ between two runs.
      content: JSON.stringify({ ...answer, name: `root${index}`, delay: delayOf(answer) + 1_000 }),
    }));
    return await stoq.scanRequest({ payloads });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

function holds(
  name: string,
  check: (response: StoqResponse, scenario: Scenario) => void,
  scenarios: fc.Arbitrary<Scenario> = scenario,
): void {
  Deno.test(`property: ${name}`, async () => {
    using runner = new ScenarioRunner();
    const property = fc.asyncProperty(
      scenarios,
      async (scenario) => check(await runner.run(scenario), scenario),
    );
    await fc.assert(property, PARAMETERS);
  });
}

holds("a response costs no more than it may", (response, { limits }) => {
  const json = serializeResponse(response, { compactly: true });
  const cost = new TextEncoder().encode(json).length + 64 * nodesOf(JSON.parse(json));
  assert.ok(cost <= limits.responseCost, `${cost} > ${limits.responseCost}`);
}, annotatedScenario);

function nodesOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + nodesOf(item), 1);
}

holds("every payload has the results of a plugin that says little", ({ results }) => {
  for (const { workers } of results) assert.ok("hash" in workers);
});

holds("errors are listed or counted, each once", ({ errors }, { answers, limits }) => {
  const listed = errors.filter(({ code }) => code === "plugin-error").length;
  const counted = errors.flatMap(({ pluginName, error }) =>
    pluginName === null ? [...error.matchAll(/(?<=plugin-error )\d+/g)].map(([count]) => Number(count)) : []
  );
  const all = answers.reduce((sum, { errors }) => sum + errors, 0);
  assert.equal(listed + counted.reduce((sum, count) => sum + count, 0), all);
  assert.ok(errors.length <= limits.errors + 2);
});

holds("findings and indicators are listed or counted, each once", ({ results, errors }, { answers }) => {
  for (const kind of ["findings", "indicators"] as const) {
    const listed = results.reduce((sum, result) => sum + (result[kind]?.length ?? 0), 0);
    const counted = errors.flatMap(({ pluginName, error }) =>
      pluginName === null
        ? [...error.matchAll(new RegExp(`(\\d+) ${kind}`, "g"))].map(([, count]) => Number(count))
        : []
    );
    const all = answers.reduce((sum, answer) => sum + answer[kind], 0);
    assert.equal(listed + counted.reduce((sum, count) => sum + count, 0), all);
  }
}, annotatedScenario);

holds("the summary counts what the response lists", ({ results, summary }) => {
  const listed = results.reduce((sum, { findings = [] }) => sum + findings.length, 0);
  assert.equal(summary.findings.info, listed);
  assert.equal(summary.indicators, results.reduce((sum, { indicators = [] }) => sum + indicators.length, 0));
}, annotatedScenario);

holds("extracted payloads are listed or counted, each once", ({ results, errors }, { answers }) => {
  const listed = results.length - answers.length;
  const counted = errors.flatMap(({ error }) => /^(\d+) extracted payloads/.exec(error)?.[1] ?? []).map(
    Number,
  );
  const all = answers.reduce((sum, { parts }) => sum + parts, 0);
  // A record about one call may be among the errors that are only counted.
  const isWhole = !errors.some(({ pluginName, error }) =>
    pluginName === null && /limit-(?:payloads|extracted-bytes|response-cost) \d/.test(error)
  );
  if (isWhole) assert.equal(listed + counted.reduce((sum, count) => sum + count, 0), all);
  else assert.ok(listed <= all);
});

holds("results are there, or their call is counted", ({ results, errors }) => {
  const lacking = results.filter(({ workers }) => !("bulk" in workers)).length;
  const counted = errors.flatMap(({ pluginName, error }) =>
    pluginName === null ? /results of (\d+) calls/.exec(error)?.[1] ?? [] : []
  );
  assert.equal(lacking, Number(counted[0] ?? 0));
});

holds("no result is left out while a larger one of its round is kept", ({ results }, { answers }) => {
  const sizes = answers.map(({ results: size }, index) => ({
    size,
    isKept: "bulk" in results[index]!.workers,
  }));
  const largest = Math.max(0, ...sizes.filter(({ isKept }) => isKept).map(({ size }) => size));
  for (const { size, isKept } of sizes) if (!isKept) assert.ok(size >= largest, `${size} < ${largest}`);
});

Deno.test("property: what is left out does not depend on who answers first", async () => {
  using runner = new ScenarioRunner();
  const delays = fc.array(fc.nat(30), { minLength: 8, maxLength: 8 });
  const property = fc.asyncProperty(scenario, delays, async (scenario, delays) => {
    let turn = 0;
    const one = await runner.run(scenario);
    const other = await runner.run(scenario, () => delays[turn++]!);
    assert.deepEqual(shapeOf(other), shapeOf(one));
  });
  await fc.assert(property, PARAMETERS);
});

/** A response without what differs from scan to scan: ids, digests, times. */
function shapeOf({ results, errors }: StoqResponse): unknown {
  const numbers = new Map(results.map(({ payloadId }, index) => [payloadId, index]));
  return {
    results: results.map(({ sizeBytes, payloadMeta, extractedFrom, workers, alsoSeenAs }) => ({
      sizeBytes,
      payloadMeta,
      extractedFrom: extractedFrom.map((id) => numbers.get(id)),
      found: workers.bulk,
      alsoSeenAs: alsoSeenAs?.map(({ filename }) => filename),
    })),
    errors: errors.map(({ error, code, pluginName, payloadId }) => (
      { error, code, pluginName, payload: numbers.get(payloadId ?? "") }
    )),
  };
}
