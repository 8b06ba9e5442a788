import assert from "node:assert/strict";
import { type FakePlugin, fakeScan } from "../testing/fake_environment.ts";
import { createResponseWriter, serializeChunks, serializePlain, serializeResponse } from "./serialize.ts";

Deno.test("a response has stoQ's keys in stoQ's order, ours last", async () => {
  const plugins = {
    parent: { scan: () => ({ results: { camelCase: 1 }, extracted: [{ content: "x" }, { content: "x" }] }) },
    broken: {
      scan: () => {
        throw new Error("no");
      },
    },
  };
  const { response } = await fakeScan(plugins, { isExplaining: true }, ["root"], {
    startDispatch: ["parent", "broken"],
  });
  const record = JSON.parse(serializeResponse(response));
  assert.deepEqual(Object.keys(record), [
    "results",
    "request_meta",
    "errors",
    "time",
    "decorators",
    "scan_id",
    "schema",
    "stoq_version",
    "plugins",
    "summary",
  ]);
  assert.deepEqual(Object.keys(record.results[1]), [
    "size",
    "payload_id",
    "payload_meta",
    "plugins_run",
    "extracted_from",
    "extracted_by",
    "workers",
    "archivers",
    "sha256",
    "timings",
    "also_seen_as",
    "explain",
  ]);
  assert.deepEqual(Object.keys(record.results[0].payload_meta), [
    "should_archive",
    "should_scan",
    "extra_data",
    "dispatch_to",
  ]);
  assert.deepEqual(Object.keys(record.errors[0]), [
    "error",
    "plugin_name",
    "payload_id",
    "code",
    "role",
    "duration_ms",
  ]);
  assert.deepEqual(record.results[0].workers.parent, { camelCase: 1 });
  assert.deepEqual(record.results[0].explain[1], {
    plugin: "parent",
    role: "worker",
    ran: true,
    reason: "start_dispatch",
  });
});

Deno.test("bytes are text when they are UTF-8 and base64 otherwise", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  assert.equal(
    serializePlain([encode("hi猫"), new Uint8Array([0xff, 0xfe])], { compactly: true }),
    '["hi猫",{"base64":"//4="}]',
  );
  assert.equal(serializePlain(encode("\ufeffx")), '"\ufeffx"');
});

Deno.test("what JSON does not know becomes null, and odd text stays valid", () => {
  assert.equal(
    serializePlain({ a: NaN, b: -Infinity, c: "\ud800" }, { compactly: true }),
    '{"a":null,"b":null,"c":"\ufffd"}',
  );
});

/** A response with names that the serialiser could take for bytes, and characters that it escapes. */
async function oddResponse() {
  const base64 = {
    scan: () => ({ results: { base64: "own" }, extracted: [{ content: "x" }, { content: "x" }] }),
  };
  const { response } = await fakeScan({ base64 }, { alwaysDispatch: ["base64"], isExplaining: true });
  return response;
}

Deno.test("the chunks of a response are its JSON, in either layout, as often as they are asked for", async () => {
  const response = await oddResponse();
  const writer = createResponseWriter(response);
  for (const compactly of [true, false, true]) {
    const text = serializeResponse(response, { compactly });
    for (const chunks of [serializeChunks(response, { compactly }), writer.chunks({ compactly })]) {
      assert.equal(
        new TextDecoder().decode(Uint8Array.from([...chunks].flatMap((chunk) => [...chunk]))),
        text,
      );
    }
  }
  assert.equal(
    writer.sizeBytes,
    new TextEncoder().encode(serializeResponse(response, { compactly: true })).length,
  );
  assert.equal(writer.sizeBytes, writer.sizeBytes);
});

Deno.test("a plugin that is called base64 keeps its name, a key of its results does not", async () => {
  const { results, plugins } = JSON.parse(serializeResponse(await oddResponse()));
  assert.deepEqual(results[0].workers, { base64: { base64_key: "own" } });
  assert.deepEqual(plugins, { base64: "1.0.0" });
  assert.deepEqual(Object.keys(results[0].timings), ["base64"]);
});

Deno.test("a connector is given the writer of the response that it is given", async () => {
  const saved: [number, string][] = [];
  const saver: FakePlugin = {
    save(response, writer) {
      saved.push([writer.sizeBytes, serializeResponse(response, { compactly: true })]);
    },
  };
  await fakeScan({ saver }, { connectors: ["saver"] });
  assert.equal(saved.length, 1);
  assert.equal(saved[0]![0], saved[0]![1].length);
});
