/**
 * What plugins and files can put into one response is bounded, the response is written, and what was left out is counted.
 */

import assert from "node:assert/strict";
import {
  type ErrorRecord,
  type PayloadResults,
  serializeResponse,
  Stoq,
  type StoqOptions,
  type StoqResponse,
} from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";
import { sandboxOf } from "../strange_plugin.ts";

const COST = 1_000_000;

interface Setup extends StoqOptions {
  /** Name → roles and code. */
  readonly plugins: Readonly<Record<string, readonly [roles: readonly string[], code: string]>>;
  readonly contents?: readonly string[];
  readonly extraData?: Record<string, string>;
  readonly requestExtra?: Record<string, string>;
}

/** Scans with plugins and with hash, whose results must be there for every payload, whichever plugins run beside it. */
async function scanWith(setup: Setup): Promise<StoqResponse> {
  const { plugins, contents = ["root"], extraData = {}, requestExtra = {}, ...options } = setup;
  using folder = new TempFolder();
  for (const [name, [roles, code]] of Object.entries(plugins)) {
    const manifest = { name, version: "1.0.0", description: "For tests", roles, api: 1 };
    folder.write(`${name}/manifest.json`, JSON.stringify(manifest));
    folder.write(`${name}/mod.ts`, code);
  }
  await using stoq = new Stoq({
    isolation: "none",
    stoqHome: "/proc/nonexistent/stoq-home",
    pluginDirList: [folder.path],
    responseCost: COST,
    ...options,
    alwaysDispatch: [...options.alwaysDispatch ?? [], "hash"],
  });
  const payloads = contents.map((content) => ({ content, payloadMeta: { extraData } }));
  const response = await stoq.scanRequest({ payloads, requestMeta: { extraData: requestExtra } });
  for (const { workers, payloadId } of response.results) {
    assert.match((workers.hash as { sha256: string }).sha256, /^[0-9a-f]{64}$/, payloadId);
  }
  const json = serializeResponse(response, { compactly: true });
  const cost = new TextEncoder().encode(json).length + 64 * nodesOf(JSON.parse(json));
  assert.ok(cost <= (options.responseCost ?? COST), `the response costs ${cost}`);
  return response;
}

/** Objects, arrays and entries of JSON. */
function nodesOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + nodesOf(item), 1);
}

const worker = (body: string) =>
  [["worker"], `export default () => ({ scan(payload, request) { ${body} } });`] as const;
const isRoot = "const text = new TextDecoder().decode(payload.content); if (text === 'root')";
const withCode = ({ errors }: StoqResponse, code: string) => errors.filter((error) => error.code === code);
const lacking = (results: readonly PayloadResults[], name: string) =>
  results.filter(({ workers }) => !(name in workers)).length;

/** The record that says what was left out in all. */
function summaryOf(response: StoqResponse): string {
  const summaries = withCode(response, "limit-response-cost").filter(({ pluginName }) => pluginName === null);
  assert.equal(summaries.length, 1);
  return summaries[0]!.error;
}

/** The record of a call of a plugin on a payload. */
function callRecord(
  { errors }: StoqResponse,
  plugin: string,
  { payloadId }: PayloadResults,
): ErrorRecord | undefined {
  return errors.find((error) =>
    error.code === "limit-response-cost" && error.pluginName === plugin && error.payloadId === payloadId
  );
}

Deno.test("results that do not fit together are left out, the largest first, each with its cost", async () => {
  const response = await scanWith({
    plugins: {
      bulk: worker(
        `${isRoot} return { extracted: Array.from({ length: 20 }, (_, i) => ({ content: "part" + i })) };
        return { results: "x".repeat(10_000 * Number(text.slice(4)) + 10) };`,
      ),
    },
    alwaysDispatch: ["bulk"],
  });
  assert.equal(response.results.length, 21);
  const [, ...parts] = response.results;
  const kept = parts.map(({ workers }) => "bulk" in workers);
  const first = kept.indexOf(false);
  assert.ok(first > 5 && first < 20, `${first}`);
  assert.ok(kept.slice(0, first).every((is) => is) && kept.slice(first).every((is) => !is));
  for (const [index, part] of parts.entries()) {
    const expected = index < first
      ? undefined
      : `Left out: results (cost ${
        10_000 * index + 12
      }); a response may cost ${COST} ([limits] response_cost)`;
    assert.equal(callRecord(response, "bulk", part)?.error, expected);
  }
  assert.equal(
    summaryOf(response),
    `A response may cost ${COST} ([limits] response_cost); left out in all: results of ${
      20 - first
    } calls (bulk ${20 - first})`,
  );
  assert.deepEqual(parts.map(({ pluginsRun }) => pluginsRun.workers), Array(20).fill(["bulk", "hash"]));
});

Deno.test("one round's results leave room for those of the rounds behind it", async () => {
  const response = await scanWith({
    plugins: {
      bulk: worker(`const depth = payload.content.length;
        return { results: "x".repeat(400_000), extracted: [{ content: "r".repeat(depth + 1) }] };`),
      quiet: worker(`return { results: { depth: payload.content.length } };`),
    },
    alwaysDispatch: ["bulk", "quiet"],
    contents: ["r"],
    maxRecursion: 8,
    payloads: 8,
  });
  assert.equal(response.results.length, 8);
  assert.equal(lacking(response.results, "quiet"), 0);
  const missing = lacking(response.results, "bulk");
  assert.ok(missing > 0 && missing < 8);
  assert.match(summaryOf(response), new RegExp(`results of ${missing} calls \\(bulk ${missing}\\)$`));
});

Deno.test("of errors without end those that are listed and those that are counted are all that there were", async () => {
  const response = await scanWith({
    plugins: {
      noisy: worker(
        `${isRoot} return { extracted: Array.from({ length: 49 }, (_, i) => ({ content: "part" + i })) };
        return { errors: Array.from({ length: 40 }, (_, i) => ({ message: "no " + i, code: i % 2 ? "odd" : "even" })) };`,
      ),
    },
    alwaysDispatch: ["noisy"],
    errors: 100,
  });
  assert.equal(response.results.length, 50);
  assert.equal(response.errors.length, 101);
  assert.deepEqual(response.errors.at(-1), {
    code: "limit-errors",
    error: "1860 more errors were left out: the limit is 100 ([limits] errors); by code: odd 931, even 929",
    pluginName: null,
    payloadId: null,
    role: null,
    durationMs: null,
  });
  // Each payload keeps its first ones.
  const counts = Map.groupBy(response.errors.slice(0, 100), ({ payloadId }) => payloadId);
  assert.equal(counts.size, 49);
  for (const [, errors] of counts) assert.equal(errors[0]!.error, "no 0");
});

Deno.test("long errors are bounded by what they cost, and counted exactly", async () => {
  const response = await scanWith({
    plugins: {
      noisy: worker(
        `${isRoot} return { extracted: Array.from({ length: 90 }, (_, i) => ({ content: "part" + i })) };
        return { errors: Array(100).fill("\\u202e".repeat(9_900)) };`,
      ),
    },
    alwaysDispatch: ["noisy"],
  });
  const kept = withCode(response, "plugin-error");
  const [leftOut] = /(?<=left out in all: )\d+(?= errors \(plugin-error \d+\)$)/.exec(summaryOf(response))!;
  assert.equal(kept.length + Number(leftOut), 9_000);
  assert.ok(kept.length > 0);
  assert.equal(response.results.length, 91);
});

Deno.test("a payload that is met again and again under long names is listed each time, with the names that fit", async () => {
  const response = await scanWith({
    plugins: {
      dup: worker(`${isRoot} return { extracted: Array.from({ length: 100 }, (_, i) =>
        ({ content: "same", payloadMeta: { extraData: { filename: String(i).padEnd(4_000, "é"), path: "/" } } })) };`),
    },
    alwaysDispatch: ["dup"],
  });
  assert.equal(response.results.length, 2);
  const seen = response.results[1]!.alsoSeenAs!;
  assert.equal(seen.length, 99);
  const named = seen.filter(({ filename }) => filename !== null);
  assert.ok(named.length > 10 && named.length < 99, `${named.length}`);
  for (const { filename, extraData, extractedBy } of seen) {
    assert.deepEqual(Object.keys(extraData), filename === null ? [] : ["filename", "path"]);
    assert.equal(extractedBy, "dup");
  }
  const bare = 99 - named.length;
  assert.match(
    callRecord(response, "dup", response.results[0]!)!.error,
    new RegExp(`^Left out: metadata of ${bare} extracted payloads;`),
  );
});

Deno.test("metadata of extracted payloads is cut fairly, and every payload is scanned", async () => {
  const response = await scanWith({
    plugins: {
      pack: worker(`const [kind, count] = new TextDecoder().decode(payload.content).split(" ");
        if (!count) return {};
        return { extracted: Array.from({ length: Number(count) }, (_, i) =>
          ({ content: kind + i, payloadMeta: { extraData: { note: "n".repeat(3_000) } } })) };`),
    },
    alwaysDispatch: ["pack"],
    contents: ["big 150", "small 5"],
  });
  assert.equal(response.results.length, 157);
  const [big, small] = response.results;
  const noted = (parent: PayloadResults) =>
    response.results.filter(({ extractedFrom, payloadMeta }) =>
      extractedFrom[0] === parent.payloadId && "note" in payloadMeta.extraData
    ).length;
  assert.equal(noted(small!), 5);
  assert.ok(noted(big!) > 50 && noted(big!) < 150);
  assert.match(
    callRecord(response, "pack", big!)!.error,
    new RegExp(`metadata of ${150 - noted(big!)} extracted payloads;`),
  );
  assert.equal(callRecord(response, "pack", small!), undefined);
});

Deno.test("no archive starves the others of its round, in any order of answers", async () => {
  const scan = (delay: string) =>
    scanWith({
      plugins: {
        pack: [
          ["worker"],
          `export default () => ({ async scan(payload) {
          const [kind, count] = new TextDecoder().decode(payload.content).split(" ");
          if (!count) return {};
          for (let turn = 0; turn < ${delay}; turn++) await null;
          return { extracted: Array.from({ length: Number(count) }, (_, i) => ({ content: (kind + i).padEnd(100) })) };
        } });`,
        ],
      },
      alwaysDispatch: ["pack"],
      contents: ["a 500", "b 20", "c 120", "d 90"],
      extractedBytes: 25_000,
      responseCost: 10 * COST,
    });
  for (const delay of ["0", "Number(count)", "500 - Number(count)"]) {
    const { results, errors } = await scan(delay);
    const parents = results.slice(0, 4).map(({ payloadId }) => payloadId);
    const counts = parents.map((id) => results.filter(({ extractedFrom }) => extractedFrom[0] === id).length);
    assert.equal(counts[1], 20);
    assert.equal(counts.reduce((sum, count) => sum + count), 250);
    assert.ok(Math.max(...counts) - Math.min(counts[0]!, counts[2]!, counts[3]!) <= 1, `${counts}`);
    const leftOut = errors.map((
      { payloadId, error },
    ) => [parents.indexOf(payloadId!), Number(/^\d+/.exec(error))]);
    assert.deepEqual(leftOut, [[0, 500 - counts[0]!], [2, 120 - counts[2]!], [3, 90 - counts[3]!]]);
  }
});

Deno.test("what dispatchers and workers add to metadata is left out where it does not fit, and counted", async () => {
  const response = await scanWith({
    plugins: {
      router: [
        ["dispatcher"],
        `export default () => ({ getDispatches: (payload) =>
        ({ pluginNames: ["quiet"], meta: { note: "m".repeat(60_000) }, payloadMeta: { extraData: { more: "x".repeat(20_000) } }, isFinal: true }) });`,
      ],
      quiet: worker(`return { results: { meta: Object.keys(payload.dispatchMeta.router ?? {}) } };`),
    },
    dispatchers: ["router"],
    contents: Array.from({ length: 20 }, (_, index) => `root ${index}`),
  });
  assert.equal(lacking(response.results, "quiet"), 0);
  const bare = response.results.filter(({ payloadMeta }) => !("more" in payloadMeta.extraData));
  assert.ok(bare.length > 0 && bare.length < 20);
  for (const { workers } of bare) assert.deepEqual(workers.quiet, { meta: [] });
  assert.match(
    summaryOf(response),
    new RegExp(`metadata of ${bare.length} payloads or calls \\(router ${bare.length}\\)`),
  );
});

Deno.test("results of archivers and decorators are left out where they do not fit, those of others stay", async () => {
  const response = await scanWith({
    plugins: {
      keeper: [
        ["dest-archiver"],
        `export default () => ({ archive: () => ({ results: { path: "p".repeat(300_000) } }) });`,
      ],
      index: [
        ["dest-archiver"],
        `export default () => ({ archive: () => ({ results: { path: "here" } }) });`,
      ],
      painter: [
        ["decorator"],
        `export default () => ({ decorate: () => ({ results: "d".repeat(990_000) }) });`,
      ],
      stamp: [["decorator"], `export default () => ({ decorate: () => ({ results: "stamped" }) });`],
    },
    destArchivers: ["keeper", "index"],
    decorators: ["painter", "stamp"],
    contents: ["one", "two", "three"],
  });
  assert.deepEqual(
    response.results.map(({ pluginsRun }) => pluginsRun.archivers),
    Array(3).fill(["index", "keeper"]),
  );
  assert.deepEqual(response.results.map(({ archivers }) => Object.keys(archivers).includes("index")), [
    true,
    true,
    true,
  ]);
  assert.deepEqual(response.decorators, { stamp: "stamped" });
  const kept = response.results.filter(({ archivers }) => "keeper" in archivers).length;
  assert.match(
    summaryOf(response),
    new RegExp(`results of ${3 - kept + 1} calls \\(keeper ${3 - kept}, painter 1\\)$`),
  );
});

Deno.test("a request's metadata that does not fit is not listed, and workers see it all the same", async () => {
  const passwords = "p".repeat(2_000_000);
  const response = await scanWith({
    plugins: { reader: worker(`return { results: request.requestMeta.extraData.passwords.length };`) },
    alwaysDispatch: ["reader"],
    requestExtra: { passwords },
    extraData: { note: "n".repeat(2_000_000) },
  });
  assert.deepEqual(response.requestMeta.extraData, {});
  assert.equal(response.results[0]!.workers.reader, passwords.length);
  assert.deepEqual(response.results[0]!.payloadMeta.extraData, {});
  assert.match(
    summaryOf(response),
    /left out in all: metadata of the request .*; metadata of 1 payloads or calls/,
  );
});

Deno.test("payloads that a response can't list are not scanned, and counted", async () => {
  const response = await scanWith({
    plugins: {
      pack: worker(
        `${isRoot} return { extracted: Array.from({ length: 400 }, (_, i) => ({ content: "part" + i })) };`,
      ),
    },
    alwaysDispatch: ["pack"],
  });
  assert.equal(response.results.length, 160);
  assert.deepEqual(withCode(response, "limit-response-cost").map(({ error }) => error), [
    `241 extracted payloads with 1687 bytes were left out: the limit is ${COST} ([limits] response_cost)`,
    `A response may cost ${COST} ([limits] response_cost); left out in all: 241 payloads (pack 241)`,
  ]);
});

Deno.test("initial payloads that a response can't list are counted", async () => {
  const response = await scanWith({
    plugins: {},
    contents: Array.from({ length: 200 }, (_, i) => `root ${i}`),
  });
  assert.equal(response.results.length, 160);
  assert.deepEqual(response.errors.map(({ error, code }) => [code, error]), [[
    "limit-response-cost",
    `40 payloads of the request were left out: the limit is ${COST} ([limits] response_cost)`,
  ]]);
});

Deno.test("equal payloads that extract each other do not remember each other without end", async () => {
  const response = await scanWith({
    plugins: {
      same: worker(`return { extracted: [{ content: payload.content }, { content: payload.content }] };`),
    },
    alwaysDispatch: ["same"],
    contents: Array(50).fill("root"),
  });
  assert.equal(response.results.length, 50);
  const seen = response.results.reduce((sum, { alsoSeenAs = [] }) => sum + alsoSeenAs.length, 0);
  const [leftOut] = /\d+(?= entries of also_seen_as)/.exec(summaryOf(response))!;
  assert.equal(seen + Number(leftOut), 50 * 100);
  assert.equal(response.results[0]!.alsoSeenAs!.length, 100);
});

Deno.test("explanations that do not fit are left out, and the payloads without them counted", async () => {
  const response = await scanWith({
    plugins: {
      pack: worker(`${isRoot} return { extracted: Array.from({ length: 100 }, (_, i) =>
        ({ content: "part" + i, payloadMeta: { dispatchTo: Array.from({ length: 20 }, (_, n) => "ghost" + n) } })) };`),
    },
    alwaysDispatch: ["pack"],
    explain: true,
  });
  const unexplained = response.results.filter(({ explain }) => explain === undefined).length;
  assert.ok(unexplained > 0 && unexplained < 101);
  assert.match(summaryOf(response), new RegExp(`explanations of ${unexplained} payloads$`));
});

Deno.test("without limits nothing is left out", async () => {
  const response = await scanWith({
    plugins: {
      bulk: worker(`return { results: "x".repeat(2_000_000), errors: Array(100).fill("e".repeat(9_000)) };`),
    },
    alwaysDispatch: ["bulk"],
    contents: Array.from({ length: 5 }, (_, i) => `root ${i}`),
    responseCost: Infinity,
    errors: Infinity,
  });
  assert.equal(lacking(response.results, "bulk"), 0);
  assert.equal(response.errors.length, 500);
});

Deno.test("what steers a terminal or splits lines is escaped in JSON, in keys too", async () => {
  const odd = "a\u009b31m\u202e\u2028\u2029\u200f\u061c\x7f\ud800b";
  const response = await scanWith({
    plugins: {
      odd: worker(
        `return { results: { [${JSON.stringify(odd)}]: ${JSON.stringify(odd)}, own: { base64: "x" } } };`,
      ),
    },
    alwaysDispatch: ["odd"],
  });
  const json = serializeResponse(response, { compactly: true });
  assert.doesNotMatch(json, /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u);
  const text = odd.replace("\ud800", "\ufffd");
  assert.deepEqual(JSON.parse(json).results[0].workers.odd, { [text]: text, own: { base64_key: "x" } });
});

Deno.test("a connector in a process of its own is given the chunks of the response's JSON", async () => {
  const code = `export default () => ({ save(response, writer) {
    const decoder = new TextDecoder();
    let text = "";
    let chunks = 0;
    for (const chunk of writer.chunks({ compactly: true })) {
      text += decoder.decode(chunk, { stream: true });
      chunks++;
    }
    const { results } = JSON.parse(text);
    throw new Error([new TextEncoder().encode(text).length === writer.sizeBytes, chunks > 1, results[0].workers.bulk.length].join());
  } });`;
  await using sandbox = sandboxOf({
    sink: { code, manifest: { roles: ["connector"] } },
    bulk: { code: `export default () => ({ scan: () => ({ results: "é".repeat(200_000) }) });` },
  }, { alwaysDispatch: ["bulk", "hash"], connectors: ["sink"] });
  const { errors, results } = await sandbox.scan();
  assert.deepEqual(errors.map(({ error }) => error), ["connector:failed to save: Error: true,true,200000"]);
  assert.deepEqual(Object.keys(results[0]!.workers), ["bulk", "hash"]);
});

Deno.test("a store with small documents gets one for each payload, and a response that is too large for it is kept", async () => {
  const code = `const saved = [];
    export default () => ({
      save: ({ scanId, results }, { sizeBytes }) => void saved.push([scanId, results.length, sizeBytes <= 10_000]),
      decorate: () => ({ results: saved }),
    });`;
  const manifest = { roles: ["connector", "decorator"], max_response_bytes: 10_000 };
  await using sandbox = sandboxOf({
    store: { code, manifest },
    bulk: {
      code: `export default () => ({ scan: ({ content }) => content.length > 9
        ? { results: "r".repeat(9_000), extracted: [{ content: "one" }, { content: "two" }] }
        : { results: "r".repeat(40_000) } });`,
    },
  }, { alwaysDispatch: ["bulk", "hash"], connectors: ["store"], decorators: ["store"] });
  const first = await sandbox.scan();
  assert.deepEqual(first.errors.map(({ code, role }) => [code, role]), [["limit-response-bytes", null]]);
  assert.deepEqual(first.results.map(({ workers }) => Object.keys(workers)), Array(3).fill(["bulk", "hash"]));
  const second = await sandbox.scan();
  assert.deepEqual(second.decorators.store, Array(3).fill([first.scanId, 1, true]));
});
