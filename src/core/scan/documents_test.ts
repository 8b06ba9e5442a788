import assert from "node:assert/strict";
import type { StoqResponse } from "../contract/contract.ts";
import { documentsOf } from "./documents.ts";
import { scanRequest } from "./scan.ts";
import { permissionDenied } from "../contract/errors.ts";
import { fakeEnvironment, FakeHost, type FakePlugin, fakeScan } from "../testing/fake_environment.ts";
import { serializeResponse } from "../contract/serialize.ts";

const sizeOf = (response: StoqResponse) =>
  new TextEncoder().encode(serializeResponse(response, { compactly: true })).length;

/** A response with a payload for each size of results. */
async function responseOf(sizes: readonly number[]): Promise<StoqResponse> {
  const plugins: Record<string, FakePlugin> = {
    bulk: {
      scan: ({ content }) => ({
        results: "x".repeat(Number(new TextDecoder().decode(content))),
        errors: ["a remark"],
      }),
    },
    small: { scan: () => ({ results: "here" }) },
    stamp: { decorate: () => ({ results: "stamped" }) },
  };
  const setup = { alwaysDispatch: ["bulk", "missing", "small"], decorators: ["stamp"] };
  return (await fakeScan(plugins, setup, sizes.map(String))).response;
}

Deno.test("a response that fits is its one document, as it is", async () => {
  const response = await responseOf([10, 20]);
  assert.deepEqual([...documentsOf(response, sizeOf(response))], [{ response, cutBytes: 0 }]);
});

Deno.test("a larger response is a document for each payload, with the errors about it, under one scan id", async () => {
  const response = await responseOf([5_000, 6_000, 7_000]);
  const documents = [...documentsOf(response, 10_000)];
  assert.equal(documents.length, 3);
  for (const [index, { response: document, cutBytes }] of documents.entries()) {
    assert.equal(cutBytes, 0);
    assert.equal(document.scanId, response.scanId);
    assert.deepEqual(document.results, [response.results[index]]);
    const { payloadId } = response.results[index]!;
    assert.deepEqual(
      document.errors.slice(0, -1),
      response.errors.filter((error) => error.payloadId === payloadId),
    );
    assert.equal(
      document.errors.at(-1)!.error,
      `Document ${index + 1} of 3, one for each payload: the response has ${
        sizeOf(response)
      } bytes, a document may have 10000`,
    );
    assert.deepEqual(document.decorators, index === 0 ? { stamp: "stamped" } : {});
    assert.ok(sizeOf(document) <= 10_000);
  }
});

Deno.test("a document that is too large alone loses its largest pieces, and says so", async () => {
  const response = await responseOf([100, 50_000]);
  const [first, second] = [...documentsOf(response, 10_000)];
  assert.equal(first!.cutBytes, 0);
  assert.equal(second!.cutBytes, 50_002);
  assert.deepEqual(second!.response.results[0]!.workers, { small: "here" });
  assert.equal(
    second!.response.errors.at(-1)!.error,
    "1 pieces with 50002 bytes were left out, the largest first: a document may have 10000",
  );
  assert.ok(sizeOf(second!.response) <= 10_000);
});

Deno.test("of one payload everything may have to go but its entry", async () => {
  const [results] = (await responseOf([10])).results;
  const error = {
    error: "e".repeat(900),
    pluginName: "bulk",
    payloadId: results!.payloadId,
    code: "plugin-error",
    role: null,
    durationMs: 1,
  };
  const long = { note: "n".repeat(5_000) };
  const response: StoqResponse = {
    ...await responseOf([10]),
    results: [{
      ...results!,
      payloadMeta: { ...results!.payloadMeta, extraData: long },
      archivers: { vault: long },
      extractedFrom: Array(1_000).fill(results!.payloadId),
      extractedBy: Array(1_000).fill("bulk"),
      alsoSeenAs: Array(100).fill({
        filename: null,
        extractedFrom: null,
        extractedBy: null,
        extraData: long,
      }),
      explain: Array(100).fill({ plugin: "bulk", role: "worker", ran: true, reason: "r".repeat(100) }),
    }],
    requestMeta: { archivePayloads: true, source: null, extraData: long },
    errors: Array(50).fill(error),
    decorators: { stamp: long },
  };
  const [{ response: document, cutBytes }, ...others] = [...documentsOf(response, 3_000)] as [
    ReturnType<typeof documentsOf> extends Generator<infer T> ? T : never,
  ];
  assert.deepEqual(others, []);
  assert.ok(sizeOf(document) <= 3_000, `${sizeOf(document)}`);
  assert.ok(cutBytes > sizeOf(response) * 0.9);
  assert.equal(document.results[0]!.payloadId, results!.payloadId);
  assert.equal(document.results[0]!.extractedFrom.length, 1);
  // What has no room even then is handed over all the same.
  assert.equal([...documentsOf(response, 1)].length, 1);
});

Deno.test("a connector saves documents one after the other, and what was cut is an error that is no loss of its own", async () => {
  const saved: string[] = [];
  const plugins: Record<string, FakePlugin> = {
    bulk: { scan: ({ content }) => ({ results: "x".repeat(Number(new TextDecoder().decode(content))) }) },
    store: {
      maxResponseBytes: 10_000,
      save(response, { sizeBytes }) {
        assert.ok(sizeBytes <= 10_000);
        saved.push(response.results[0]!.payloadId);
      },
    },
    file: { save: ({ results }) => void saved.push(`${results.length} payloads`) },
  };
  const setup = { alwaysDispatch: ["bulk"], connectors: ["store", "file"] };
  const { response } = await fakeScan(plugins, setup, ["6000", "20000", "100"]);
  const payloads = response.results.map(({ payloadId }) => payloadId);
  assert.deepEqual(saved.toSorted(), ["3 payloads", ...payloads].toSorted());
  assert.deepEqual(
    response.errors.map(({ code, role, pluginName, error }) => [code, role, pluginName, error]),
    [[
      "limit-response-bytes",
      null,
      "store",
      '"store" saved the response as 3 documents, 1 of them without 20002 bytes in all',
    ]],
  );
});

Deno.test("a document that can't be saved is one failure, and those behind it are not tried", async () => {
  let calls = 0;
  const store: FakePlugin = {
    maxResponseBytes: 10_000,
    save() {
      if (++calls === 2) throw new Error("full");
    },
  };
  const bulk: FakePlugin = { scan: () => ({ results: "x".repeat(6_000) }) };
  const { response } = await fakeScan({ bulk, store }, { alwaysDispatch: ["bulk"], connectors: ["store"] }, [
    "a",
    "b",
    "c",
  ]);
  assert.equal(calls, 2);
  assert.deepEqual(response.errors.map(({ error, role }) => [error, role]), [[
    "connector:failed to save: Error: full",
    "connector",
  ]]);
});

Deno.test("what a connector was refused while it saved one document is not lost among the others", async () => {
  const store: FakePlugin = { maxResponseBytes: 10_000, save() {} };
  const bulk: FakePlugin = { scan: () => ({ results: "x".repeat(6_000) }) };
  let saves = 0;
  class RefusingHost extends FakeHost {
    override async call(...parameters: Parameters<FakeHost["call"]>) {
      const answer = await super.call(...parameters);
      const isSecond = parameters[1].role === "connector" && ++saves === 2;
      return isSecond ? { ...answer, failures: [permissionDenied("connector", "net", "elsewhere")] } : answer;
    }
  }
  const setup = { alwaysDispatch: ["bulk"], connectors: ["store"] };
  const request = { payloads: ["a", "b", "c"].map((content) => ({ content })) };
  const { errors } = await scanRequest(fakeEnvironment(new RefusingHost({ bulk, store }), setup), request);
  assert.equal(saves, 3);
  assert.deepEqual(errors.map(({ code, role }) => [code, role]), [["permission-denied", "connector"]]);
});
