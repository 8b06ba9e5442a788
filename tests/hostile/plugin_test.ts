import assert from "node:assert/strict";
import { serializeResponse, Stoq, type StoqOptions, type StoqResponse } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";

const CONTENT = "The quick brown fox";
const SHA256 = "5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9";

/** Scans with a plugin of this code and with hash, whose results must be there in every case. */
async function scanWith(code: string, options: StoqOptions = {}): Promise<StoqResponse> {
  const manifest = { name: "evil", version: "1.0.0", description: "For tests", roles: ["worker"], api: 1 };
  using folder = new TempFolder({
    "evil/manifest.json": JSON.stringify(manifest),
    "evil/mod.ts": code,
  });
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    alwaysDispatch: ["evil", "hash"],
    pluginDirList: [folder.path],
    ...options,
  });
  const response = await stoq.scan(CONTENT, { payloadMeta: { extraData: { filename: "fox.txt" } } });
  JSON.parse(serializeResponse(response));
  assert.equal((response.results[0]?.workers.hash as { sha256: string }).sha256, SHA256);
  return response;
}

const scanning = (body: string) => `export default () => ({ scan(payload, request) { ${body} } });`;
const codesOf = ({ errors }: StoqResponse) => errors.map(({ code }) => code);

const FAILURES: readonly (readonly [what: string, code: string, error: string])[] = [
  ["throws null", scanning("throw null;"), "plugin-failed"],
  ["throws undefined", scanning("throw undefined;"), "plugin-failed"],
  ["throws a symbol", scanning('throw Symbol("x");'), "plugin-failed"],
  ["throws what has no prototype", scanning("throw Object.create(null);"), "plugin-failed"],
  ["rejects with nothing", scanning("return Promise.reject();"), "plugin-failed"],
  [
    "throws an error whose message is a symbol",
    scanning('throw Object.assign(new Error(), { message: Symbol("x") });'),
    "plugin-failed",
  ],
  [
    "throws an error whose message throws",
    scanning("throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } });"),
    "plugin-failed",
  ],
  [
    "answers with a proxy that throws",
    scanning("return new Proxy({}, { get() { throw null; } });"),
    "plugin-failed",
  ],
  ["answers with a getter that throws", scanning("return { get results() { throw 1; } };"), "plugin-failed"],
  ["answers with text", scanning('return "text";'), "plugin-bad-response"],
  ["answers with a list", scanning("return [];"), "plugin-bad-response"],
  ["answers with a function", scanning("return { results: () => 1 };"), "plugin-bad-response"],
  [
    "answers with its own toJSON",
    scanning("return { results: { toJSON() { return 1; } } };"),
    "plugin-bad-response",
  ],
  ["answers with a circle", scanning("const a = {}; a.a = a; return { results: a };"), "plugin-bad-response"],
  [
    "answers a million deep",
    scanning("let a = 1; for (let i = 0; i < 1e6; i++) a = [a]; return { results: a };"),
    "plugin-bad-response",
  ],
  [
    "answers with an endless list of holes",
    scanning("return { results: new Array(2 ** 32 - 1) };"),
    "limit-result-bytes",
  ],
  [
    "answers with an endless map",
    scanning(
      "const m = new Map(); m.entries = function* () { for (;;) yield ['a', 1]; }; return { results: m };",
    ),
    "limit-result-bytes",
  ],
  [
    "extracts an endless list of holes",
    scanning("return { extracted: new Array(2 ** 32 - 1) };"),
    "plugin-bad-response",
  ],
  ["reports two million errors", scanning("return { errors: Array(2e6).fill('x') };"), "plugin-bad-response"],
  ["throws in its function", "export default () => { throw null; };", "plugin-load-failed"],
  ["throws in its module", "throw null;", "plugin-load-failed"],
  ["can't be parsed", "export default (", "plugin-load-failed"],
];

for (const [what, code, error] of FAILURES) {
  for (const isolation of ["none", "process"]) {
    Deno.test(`a plugin that ${what} costs its own results and no others, isolation ${isolation}`, async () => {
      const response = await scanWith(code, { isolation });
      assert.deepEqual(codesOf(response), [error]);
      assert.equal(response.results[0]?.workers.evil, undefined);
    });
  }
}

Deno.test("a plugin whose function never answers is given up at its deadline", async () => {
  const response = await scanWith("export default () => new Promise(() => {});", {
    isolation: "none",
    pluginTimeout: 1,
  });
  assert.deepEqual(codesOf(response), ["plugin-timeout"]);
});

Deno.test("what a plugin writes to its views reaches neither the results nor the other plugins", async () => {
  const attempts = [
    "request.results.push(1)",
    "request.errors.push(1)",
    "request.results[0].workers.hash = 1",
    "payload.results.workers.hash = 1",
    "payload.results.pluginsRun.workers.push('pwned')",
    "payload.results.timings.pwned = 1",
    "payload.extractedFrom.push('pwned')",
    "payload.sha256 = 'pwned'",
    "request.budget.payloads = 1e9",
  ];
  const body = attempts.map((attempt) => `try { ${attempt} } catch { /* refused, or lost */ }`).join("\n");
  const response = await scanWith(scanning(`${body} return { results: "tried" };`));
  const [root] = response.results;
  assert.equal(root?.workers.evil, "tried");
  assert.equal(root?.sha256, SHA256);
  assert.deepEqual(response.errors, []);
  assert.ok(!serializeResponse(response).includes("pwned"));
});

Deno.test("keys called __proto__ are data in results and change no prototype", async () => {
  const response = await scanWith(
    scanning(`return { results: JSON.parse('{"__proto__":{"polluted":1}}') };`),
  );
  assert.ok(serializeResponse(response, { compactly: true }).includes('"evil":{"__proto__":{"polluted":1}}'));
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

Deno.test("lone surrogates, NUL and numbers without a JSON form come out as JSON", async () => {
  const response = await scanWith(
    scanning("return { results: { '\\ud800': ['\\udfff\\0', NaN, 1e999, 10n ** 30n] } };"),
  );
  const { results } = JSON.parse(serializeResponse(response));
  assert.deepEqual(results[0].workers.evil, { "\ufffd": ["\ufffd\0", null, null, `1${"0".repeat(30)}`] });
});

Deno.test("a payload that lies about its length is left out, one that is the parent itself is a duplicate", async () => {
  const lie = await scanWith(scanning(
    "class Lie extends Uint8Array { get length() { return 1e12; } } return { extracted: [{ content: new Lie(8) }] };",
  ));
  assert.deepEqual([lie.results.length, codesOf(lie)], [1, ["limit-payload-bytes"]]);
  const own = await scanWith(scanning("return { extracted: [{ content: payload.content }] };"));
  assert.deepEqual([own.results.length, own.results[0]?.extractedBy, codesOf(own)], [1, ["evil"], []]);
});

Deno.test("fifty scans at once and a second Stoq keep their results apart", async () => {
  const home = { stoqHome: "/proc/nonexistent/stoq-home" };
  await using one = new Stoq({ ...home, alwaysDispatch: ["hash"] });
  await using other = new Stoq({ ...home, alwaysDispatch: ["mimetype"] });
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).scan(`payload ${index}`)),
  );
  assert.deepEqual(
    responses.map(({ results }) => results.map(({ pluginsRun }) => pluginsRun.workers)),
    responses.map((_, index) => [[index % 2 ? "hash" : "mimetype"]]),
  );
  assert.equal(new Set(responses.map(({ results }) => results[0]?.sha256)).size, 50);
  assert.equal(new Set(responses.map(({ scanId }) => scanId)).size, 50);
});

Deno.test("names of plugins that are no names are errors, and no keys of the response", async () => {
  await using stoq = new Stoq({ stoqHome: "/proc/nonexistent/stoq-home", alwaysDispatch: ["hash"] });
  const response = await stoq.scan("x", { startDispatch: ["__proto__", "constructor", "\ud800\x1b"] });
  assert.deepEqual(codesOf(response), ["plugin-not-found", "plugin-not-found", "plugin-not-found"]);
  assert.deepEqual(response.plugins, { hash: response.plugins.hash });
});
