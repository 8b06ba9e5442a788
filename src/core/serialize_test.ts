import assert from "node:assert/strict";
import { fakeScan } from "./fake_engine.ts";
import { serializePlain, serializeResponse } from "./serialize.ts";

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
    "stoq_version",
    "plugins",
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
    '{"a":null,"b":null,"c":"\\ud800"}',
  );
});
