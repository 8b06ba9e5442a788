/**
 * What holds for every scan with any plugins. The runs are the same each time; `STOQ_PROPERTY_RUNS=1000` and
 * `STOQ_PROPERTY_SEED=7` look further.
 */

import assert from "node:assert/strict";
import { type PayloadResults, serializeResponse, type StoqResponse } from "../../mod.ts";
import { fc } from "../../src/deps/testing/fast_check.ts";
import { nodeOf, NODES, type Scenario, scenario, ScenarioRunner, standing } from "./scenario.ts";
import { bySha256, depthsOf, isAbout, timesTakenIn, type WorkerRun, workerRuns } from "./trace.ts";

const PARAMETERS = {
  numRuns: Number(Deno.env.get("STOQ_PROPERTY_RUNS") ?? 100),
  seed: Number(Deno.env.get("STOQ_PROPERTY_SEED") ?? 1),
};

/** A property of every scan and its response. */
function holds(name: string, check: (scenario: Scenario, response: StoqResponse) => void): void {
  Deno.test(`property: ${name}`, async () => {
    using runner = new ScenarioRunner();
    const property = fc.asyncProperty(
      scenario,
      async (scenario) => check(scenario, await runner.run(scenario)),
    );
    await fc.assert(property, PARAMETERS);
  });
}

/** Payloads of the initial request that a response holds. */
const rootsIn = ({ roots, limits }: Scenario) => Math.min(roots.length, limits.payloads);

holds(
  "a scan ends and lists every payload of the request, or says how many it left out",
  (scenario, response) => {
    const { results, errors } = response;
    const roots = results.filter((_, index) => index < rootsIn(scenario));
    assert.deepEqual(
      roots.map(({ sizeBytes }) => sizeBytes),
      scenario.roots.slice(0, rootsIn(scenario)).map(({ content }) => content.length),
    );
    const leftOut = scenario.roots.length - rootsIn(scenario);
    const reported = errors.filter(({ error }) => error.startsWith(`${leftOut} payloads of the request`));
    assert.equal(reported.length, leftOut > 0 ? 1 : 0);
  },
);

holds("a worker runs at most once on a payload, and only where it may", (scenario, { results, errors }) => {
  for (const { pluginsRun: { workers }, workers: answers, payloadMeta } of results) {
    assert.equal(new Set(workers).size, workers.length);
    assert.ok(workers.every((worker) => nodeOf(scenario, worker)!.roles.includes("worker")));
    assert.ok(payloadMeta.shouldScan || workers.length === 0);
    for (const answer of Object.values(answers)) assert.equal((answer as { calls: number }).calls, 1);
  }
  for (const { role, error } of errors) if (role === "worker") assert.doesNotMatch(error, /call [2-9]/);
});

holds("a worker runs after all that it requires", (scenario, { results }) => {
  for (const { pluginsRun: { workers } } of results) {
    for (const [index, worker] of workers.entries()) {
      for (const required of nodeOf(scenario, worker)!.requires) {
        assert.ok(workers.slice(0, index).includes(required), `${worker} ran before ${required}`);
      }
    }
  }
});

holds("no limit is exceeded", (scenario, { results }) => {
  const { limits } = scenario;
  const roots = rootsIn(scenario);
  const depths = depthsOf(results, roots);
  let payloads = roots;
  let extractedBytes = 0;
  for (const { sha256, sizeBytes, extractedFrom } of bySha256(results).values()) {
    assert.ok(extractedFrom.length === 0 || sizeBytes <= limits.payloadBytes, `${sha256} is too large`);
    payloads += extractedFrom.length;
    extractedBytes += extractedFrom.length * sizeBytes;
  }
  assert.ok(payloads <= limits.payloads, `${payloads} payloads`);
  assert.ok(extractedBytes <= limits.extractedBytes, `${extractedBytes} extracted bytes`);
  for (const { payloadId, pluginsRun, sizeBytes, deepPasses } of results) {
    const depth = depths.get(payloadId)!;
    assert.ok(depth <= limits.maxRecursion, `a payload at depth ${depth}`);
    const isBeyond = depth === limits.maxRecursion || sizeBytes > limits.payloadBytes;
    if (isBeyond) assert.deepEqual(pluginsRun.workers, []);
    for (const pass of Object.values(deepPasses ?? {})) assert.ok(pass <= limits.maxDispatchPasses);
  }
});

holds("every failure of a worker is an error, once", (scenario, response) => {
  for (const { action, errors } of workerRuns(scenario, response)) {
    const codes = errors.map(({ code }) => code).filter((code) => code.startsWith("plugin-"));
    const expected = {
      answer: () => Array(action.kind === "answer" ? action.failures : 0).fill("plugin-error"),
      throw: () => ["plugin-failed"],
      nonsense: () => ["plugin-bad-response"],
    };
    assert.deepEqual(codes, expected[action.kind]());
  }
});

holds(
  "every extracted payload is in the results or counted by the error of a limit",
  (scenario, response) => {
    const payloads = bySha256(response.results);
    for (const run of workerRuns(scenario, response)) {
      const { missing, tooLarge } = missingFrom(run, payloads, scenario.limits.payloadBytes);
      const leftOut = run.errors.flatMap(({ error }) => /^(\d+) extracted payloads/.exec(error)?.[1] ?? []);
      assert.equal(leftOut.reduce((sum, count) => sum + Number(count), 0), missing);
      assert.equal(run.errors.filter(({ code }) => code === "limit-payload-bytes").length, tooLarge);
    }
  },
);

/** How many of a worker's payloads did not come in, those that are too large apart. */
function missingFrom(
  run: WorkerRun,
  payloads: ReadonlyMap<string, PayloadResults>,
  limitBytes: number,
): { missing: number; tooLarge: number } {
  const fitting = run.extracted.filter(({ content }) => content.length <= limitBytes);
  const taken = [...new Set(fitting.map(({ sha256 }) => sha256))].map((sha256) => {
    const payload = payloads.get(sha256);
    return payload ? timesTakenIn(payload, run) : 0;
  });
  const missing = fitting.length - taken.reduce((sum, count) => sum + count, 0);
  return { missing, tooLarge: run.extracted.length - fitting.length };
}

holds("every worker that was named has run, or an error says why not", (scenario, response) => {
  const demands = demandedBy(scenario, response);
  for (const payload of response.results) {
    if (!payload.payloadMeta.shouldScan) continue;
    const errors = response.errors.filter(({ payloadId }) => payloadId === payload.payloadId);
    if (errors.some(({ error }) => error.endsWith("unable to process payload"))) continue;
    for (const [worker, who] of demands.get(payload.payloadId) ?? []) {
      const isTold = payload.pluginsRun.workers.includes(worker) ||
        errors.some((error) =>
          isAbout(payload, worker)(error) || error.error.includes(`unable to run`) &&
            error.error.includes(`"${worker}"`)
        );
      assert.ok(isTold, `${worker}, named by ${who}, neither ran nor failed`);
    }
  }
});

type Demands = ReadonlyMap<string, Map<string, string>>;

/** Payload id → worker → who named it. */
function demandedBy(scenario: Scenario, response: StoqResponse): Demands {
  const demands = new Map(response.results.map(({ payloadId }) => [payloadId, new Map<string, string>()]));
  const demand = (payload: PayloadResults, names: readonly string[], who: string) => {
    for (const name of names) demands.get(payload.payloadId)!.set(name, who);
  };
  for (const [index, payload] of response.results.entries()) {
    if (index < rootsIn(scenario)) {
      demand(payload, scenario.startDispatch, "start_dispatch");
      demand(payload, scenario.startDeepDispatch, "start_deep_dispatch");
    }
    demand(payload, standing(scenario, "worker"), "always_dispatch");
    demand(payload, payload.payloadMeta.dispatchTo, "its own dispatch_to");
    for (const [who, names] of Object.entries(payload.payloadMeta.extraData)) {
      demand(payload, names as string[], who);
    }
  }
  for (const run of workerRuns(scenario, response)) {
    if (run.action.kind === "answer") demand(run.payload, run.action.dispatchTo, run.worker);
    demandForExtracted(run, response.results, demand);
  }
  return demands;
}

/**
 * Of equal payloads the first come in and the last are left out, so that it is known whose dispatch_to counts. Who says
 * that a payload is not to be scanned can't name workers for it.
 */
function demandForExtracted(
  run: WorkerRun,
  results: readonly PayloadResults[],
  demand: (payload: PayloadResults, names: readonly string[], who: string) => void,
): void {
  for (const payload of results) {
    const taken = run.extracted.filter(({ sha256 }) => sha256 === payload.sha256)
      .slice(0, timesTakenIn(payload, run));
    for (const { dispatchTo, shouldScan } of taken) {
      if (shouldScan) demand(payload, dispatchTo, `what ${run.worker} extracted`);
    }
  }
}

Deno.test("property: the same request gives the same JSON in any order of answers", async () => {
  using runner = new ScenarioRunner();
  const delays = fc.array(fc.nat(9), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(scenario, delays, async (scenario, delays) => {
    const explained = { isExplaining: true };
    assert.equal(
      normalised(await runner.run(scenario, { ...explained, delays })),
      normalised(await runner.run(scenario, explained)),
    );
  });
  await fc.assert(property, PARAMETERS);
});

Deno.test("property: every plugin that was selected or named is explained on every payload, as it was", async () => {
  using runner = new ScenarioRunner();
  const property = fc.asyncProperty(scenario, async (scenario) => {
    const response = await runner.run(scenario, { isExplaining: true });
    const demands = demandedBy(scenario, response);
    for (const payload of response.results) {
      const explain = payload.explain!;
      const lines = new Set(explain.map(({ role, plugin }) => `${role} ${plugin}`));
      assert.equal(lines.size, explain.length, "a plugin has two lines for one role");
      for (const role of ["worker", "dispatcher", "deep-dispatcher"] as const) {
        for (const name of standing(scenario, role)) {
          assert.ok(lines.has(`${role} ${name}`), `${role} ${name}`);
        }
      }
      for (const [worker, who] of demands.get(payload.payloadId) ?? []) {
        if (payload.payloadMeta.shouldScan) assert.ok(lines.has(`worker ${worker}`), `${worker}, by ${who}`);
      }
      const ran = explain.filter(({ role, ran }) => role === "worker" && ran).map(({ plugin }) => plugin);
      assert.deepEqual(ran, payload.pluginsRun.workers);
      for (const { reason } of explain) assert.match(reason, /^(?!the scan was over)[^;,]+/);
    }
  });
  await fc.assert(property, PARAMETERS);
});

Deno.test("property: explanations change nothing else", async () => {
  using runner = new ScenarioRunner();
  const property = fc.asyncProperty(scenario, async (scenario) => {
    const { results, ...rest } = await runner.run(scenario, { isExplaining: true });
    const bare = { ...rest, results: results.map(({ explain: _, ...payload }) => payload) };
    assert.equal(normalised(bare), normalised(await runner.run(scenario)));
  });
  await fc.assert(property, PARAMETERS);
});

/** The JSON with ids numbered by first appearance and without times. */
function normalised(response: StoqResponse): string {
  const numbers = new Map<string, string>();
  const timeless: StoqResponse = {
    ...response,
    time: "",
    errors: response.errors.map((error) => ({ ...error, durationMs: null })),
    results: response.results.map((payload) => ({
      ...payload,
      timings: Object.fromEntries(Object.keys(payload.timings).map((plugin) => [plugin, 0])),
    })),
  };
  return serializeResponse(timeless).replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    if (!numbers.has(id)) numbers.set(id, `id ${numbers.size}`);
    return numbers.get(id)!;
  });
}

Deno.test("the random scans extract, fail, meet duplicates and limits, and dispatch deeply", async () => {
  using runner = new ScenarioRunner();
  const seen = new Set<string>();
  for (const sample of fc.sample(scenario, { seed: 1, numRuns: 100 })) {
    const { results, errors } = await runner.run(sample);
    for (const { code } of errors) seen.add(code);
    for (const { alsoSeenAs, deepPasses } of results) {
      if (alsoSeenAs) seen.add("twins");
      if (Object.keys(deepPasses ?? {}).length > 0) seen.add("deep");
    }
    if (results.length > NODES.length) seen.add("many");
  }
  assert.deepEqual(
    [...seen].sort(),
    [
      "deep",
      "limit-extracted-bytes",
      "limit-payload-bytes",
      "limit-payloads",
      "limit-recursion",
      "many",
      "plugin-bad-response",
      "plugin-error",
      "plugin-failed",
      "plugin-load-failed",
      "plugin-not-found",
      "plugin-wrong-role",
      "required-plugin-circular",
      "required-plugin-depth",
      "required-plugin-failed",
      "required-plugin-unavailable",
      "twins",
    ],
  );
});
