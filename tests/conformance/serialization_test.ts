/** The original's test_helpers.py, and the `_to_str` tests of test_core.py. */

import assert from "node:assert/strict";
import { serializeResponse } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";
import { FOX, openStoq } from "./fixture_stoq.ts";

/** The JSON of a scan by a worker with these results, written as an expression. */
async function jsonOf(results: string, compactly = false): Promise<string> {
  using folder = new TempFolder({
    "teller/manifest.json": JSON.stringify({
      name: "teller",
      version: "0.1.0",
      description: "Reports what it was made for",
      roles: ["worker"],
      api: 1,
    }),
    "teller/mod.ts": `export default () => ({ scan: () => ({ results: ${results} }) });`,
  });
  await using stoq = openStoq({ pluginDirList: [folder.path], alwaysDispatch: ["teller"] });
  return serializeResponse(await stoq.scan(FOX), { compactly });
}

const tellerIn = (json: string) => JSON.parse(json).results[0].workers.teller;

Deno.test("test_stoqresponse_to_str: a response is a JSON object with the original's keys first, in its order", async () => {
  await using stoq = openStoq({
    alwaysDispatch: ["simple_worker"],
    decorators: ["simple_decorator"],
    destArchivers: ["simple_archiver"],
  });
  const json = JSON.parse(serializeResponse(await stoq.scan(FOX)));
  const keys = ["results", "request_meta", "errors", "time", "decorators", "scan_id"];
  assert.deepEqual(Object.keys(json).slice(0, keys.length), keys);
  assert.deepEqual(json.decorators, { simple_decorator: { simple_decoration: 123 } });
  assert.deepEqual(json.results[0].archivers, { simple_archiver: { file_save_id: 12345 } });
});

Deno.test("test_payloadresults_to_str, test_payloadmeta_to_str, test_requestmeta_to_str: so are its parts", async () => {
  await using stoq = openStoq();
  const response = await stoq.scan(FOX, {
    payloadMeta: { extraData: { filename: "fox" }, dispatchTo: ["dummy_worker"] },
    requestMeta: { source: "test", extraData: { a: 1 } },
  });
  const json = JSON.parse(serializeResponse(response));
  const keys = [
    "size",
    "payload_id",
    "payload_meta",
    "plugins_run",
    "extracted_from",
    "extracted_by",
    "workers",
    "archivers",
  ];
  assert.deepEqual(Object.keys(json.results[0]).slice(0, keys.length), keys);
  assert.deepEqual(json.results[0].payload_meta, {
    should_archive: true,
    should_scan: true,
    extra_data: { filename: "fox" },
    dispatch_to: ["dummy_worker"],
  });
  assert.deepEqual(json.request_meta, { archive_payloads: true, source: "test", extra_data: { a: 1 } });
});

Deno.test("test_dumps_types: lists, records, sets, dates, bytes and objects with fields become JSON", async () => {
  const json = await jsonOf(`{
    list: [1, "a"], dict: { a: null }, set: new Set(["x"]), date: new Date(0),
    bytes: new TextEncoder().encode("value"), object: new (class { field = true; })(),
  }`);
  assert.deepEqual(tellerIn(json), {
    list: [1, "a"],
    dict: { a: null },
    set: ["x"],
    date: "1970-01-01T00:00:00.000Z",
    bytes: "value",
    object: { field: true },
  });
});

Deno.test("test_dumps_unicode: bytes that are UTF-8 are written as the text that they are", async () => {
  const json = await jsonOf(`{ hi: Uint8Array.of(0x68, 0x69, 0xe7, 0x8c, 0xab) }`);
  assert.match(json, /"hi": "hi猫"/);
});

// The original guesses an encoding and loses bytes (core.md §4); DESIGN §6 keeps them.
Deno.test("test_dumps_bytes: other bytes are written in base64", async () => {
  const json = await jsonOf(`Uint8Array.of(0x4d, 0x5a, 0x90, 0x00, 0x03)`);
  assert.deepEqual(tellerIn(json), { base64: "TVqQAAM=" });
});

// Without the spaces that Python puts after commas and colons.
Deno.test("test_dumps_compactly: a compact response is one line", async () => {
  const json = await jsonOf(`{ a: 1, b: 2 }`, true);
  assert.match(json, /"teller":\{"a":1,"b":2\}/);
  assert.ok(!json.includes("\n"));
});

Deno.test("test_md5, test_sha1, test_sha256, test_sha512: digests are the original's", async () => {
  await using stoq = openStoq({
    alwaysDispatch: ["hash"],
    pluginOpts: { hash: { algorithms: ["md5", "sha1", "sha256", "sha512"] } },
  });
  const { results } = await stoq.scan(FOX);
  const digests = {
    md5: "a2004f37730b9445670a738fa0fc9ee5",
    sha1: "c519c1a06cdbeb2bc499e22137fb48683858b345",
    sha256: "5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9",
    sha512: "015e6d23e760f612cca616c54f110cb12dd54213f1e046c7607081372402eff4" +
      "936b379296ed549236020afb37bd3e728a044a4243754f095498c98bc24f77e0",
  };
  assert.deepEqual(results[0]?.workers.hash, digests);
  assert.equal(results[0]?.sha256, digests.sha256);
});
