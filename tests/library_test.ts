import assert from "node:assert/strict";
import {
  ConfigurationError,
  type RequestInput,
  serializeResponse,
  splitResponse,
  Stoq,
  type StoqOptions,
} from "../mod.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";

const NO_HOME = { stoqHome: "/proc/nonexistent/stoq-home" };
const open = (options: StoqOptions) => new Stoq({ ...NO_HOME, ...options });

/** A worker in a folder of its own. */
function pluginFiles(name: string, code: string, rest: Record<string, unknown> = {}): Record<string, string> {
  const manifest = { name, version: "1.0.0", description: "For tests", roles: ["worker"], api: 1, ...rest };
  return { [`plugins/${name}/manifest.json`]: JSON.stringify(manifest), [`plugins/${name}/mod.ts`]: code };
}

Deno.test("the library and the command line give equal results", async () => {
  using folder = new TempFolder({ "fox.txt": "The quick brown fox" });
  await using stoq = open({ alwaysDispatch: ["hash", "mimetype"], dispatchers: ["yara"] });
  const response = await stoq.scan("The quick brown fox", {
    payloadMeta: { extraData: { filename: "fox.txt" } },
  });
  const { stdout } = await runStoq(["scan", folder.at("fox.txt"), "-a", "hash", "mimetype", "-R", "yara"]);
  const comparable = (json: string) => {
    const { results, errors, request_meta } = JSON.parse(json);
    const [{ workers, size, sha256, payload_meta, plugins_run }] = results;
    return { workers, size, sha256, payload_meta, plugins_run, errors, request_meta };
  };
  assert.deepEqual(comparable(serializeResponse(response)), comparable(stdout));
});

Deno.test("a scan without options follows the shipped configuration", async () => {
  await using stoq = open({});
  const { results } = await stoq.scan(new TextEncoder().encode("hello"));
  assert.deepEqual(results[0]?.pluginsRun.workers, ["hash", "mimetype"]);
});

Deno.test("a request of several payloads is one response", async () => {
  await using stoq = open({ alwaysDispatch: ["hash"] });
  const request: RequestInput = {
    payloads: [{ content: "one" }, { content: "two", payloadMeta: { shouldScan: false } }, {
      content: "one",
    }],
    requestMeta: { source: "test" },
  };
  const { results, requestMeta } = await stoq.scanRequest(request);
  assert.deepEqual(results.map(({ sizeBytes, pluginsRun }) => [sizeBytes, pluginsRun.workers]), [
    [3, ["hash"]],
    [3, []],
    [3, ["hash"]],
  ]);
  assert.deepEqual(requestMeta, { archivePayloads: true, source: "test", extraData: {} });
});

Deno.test("a plugin that the caller names for one scan and that is not there is an error in the response", async () => {
  await using stoq = open({ alwaysDispatch: ["hash"] });
  const { errors, results } = await stoq.scan("x", { startDispatch: ["this_plugin_doesnt_exist"] });
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-not-found", "this_plugin_doesnt_exist"],
  ]);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["hash"]);
});

Deno.test("options that can't be resolved reject with every problem", async () => {
  await using stoq = open({
    alwaysDispatch: ["hahs"],
    pluginOpts: { hash: { algorithms: "md5" }, yara: { nonsense: 1 } },
  });
  await assert.rejects(stoq.scan("x"), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, "invalid-configuration");
    assert.deepEqual(error.problems.toSorted(), [
      'alwaysDispatch: no plugin "hahs" is installed, did you mean "hash"?',
      'pluginOpts.hash.algorithms must be a list of text, got "md5"',
      'pluginOpts.yara.nonsense is not an option of plugin "yara"',
    ]);
    return true;
  });
});

Deno.test("mistakes of the caller are TypeErrors at once", () => {
  assert.throws(() => new Stoq({ maxRecursoin: 3 } as StoqOptions), TypeError);
});

Deno.test("plugins can be listed and loaded ahead of their first call", async () => {
  await using stoq = open({});
  const names = (await stoq.listPlugins()).map(({ name }) => name);
  assert.deepEqual(names, names.toSorted());
  assert.equal((await stoq.loadPlugin("hash")).name, "hash");
  await assert.rejects(stoq.loadPlugin("hahs"), /no plugin of this name is installed, did you mean "hash"\?/);
});

Deno.test("a plugin that never answers is given up at its deadline, and the others' results stay", async () => {
  using folder = new TempFolder(
    pluginFiles("sleeper", "export default () => ({ scan: () => new Promise(() => {}) });"),
  );
  await using stoq = open({
    alwaysDispatch: ["hash", "sleeper"],
    pluginDirList: [folder.at("plugins")],
    pluginTimeout: 1,
  });
  const { errors, results } = await stoq.scan("x");
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [["plugin-timeout", "sleeper"]]);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["hash", "sleeper"]);
});

Deno.test("a plugin that never gets ready is given up as well, and a thenable is waited for", async () => {
  using folder = new TempFolder({
    ...pluginFiles("stuck", "export default () => new Promise(() => {});"),
    ...pluginFiles(
      "thenable",
      "export default () => ({ scan: () => ({ then: (done) => done({ results: { late: 1 } }) }) });",
    ),
  });
  await using stoq = open({
    alwaysDispatch: ["stuck", "thenable"],
    pluginDirList: [folder.at("plugins")],
    isolation: "none",
    pluginTimeout: 2,
  });
  const { errors, results } = await stoq.scan("x");
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [["plugin-timeout", "stuck"]]);
  assert.deepEqual(results[0]?.workers, { thenable: { late: 1 } });
});

Deno.test("time limits and signals take effect although plugins answer at once", async () => {
  using folder = new TempFolder(pluginFiles(
    "busy",
    "export default () => ({ scan() { for (const end = performance.now() + 100; performance.now() < end;); return {}; } });",
  ));
  const options: StoqOptions = {
    alwaysDispatch: ["busy"],
    pluginDirList: [folder.at("plugins")],
    isolation: "none",
  };
  const request = { payloads: Array.from({ length: 40 }, (_, index) => ({ content: `${index}` })) };
  await using stoq = open({ ...options, requestTimeout: 1 });
  const { errors, results } = await stoq.scanRequest(request);
  assert.ok(errors.length > 0 && errors.every(({ code }) => code === "limit-request-time"));
  assert.ok(results.some(({ pluginsRun }) => pluginsRun.workers.length === 0));
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("enough")), 50);
  await assert.rejects(stoq.scanRequest(request, { signal: abort.signal }), /enough/);
});

Deno.test("a thrown proxy is an error like any other", async () => {
  using folder = new TempFolder(pluginFiles(
    "trap",
    "export default () => ({ scan() { throw new Proxy({}, { getPrototypeOf() { throw 1; } }); } });",
  ));
  await using stoq = open({ alwaysDispatch: ["hash", "trap"], pluginDirList: [folder.at("plugins")] });
  const { errors, results } = await stoq.scan("x");
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [["plugin-failed", "trap"]]);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["hash", "trap"]);
});

Deno.test("a request that meets its time limit ends with the results so far", async () => {
  using folder = new TempFolder(
    pluginFiles("sleeper", "export default () => ({ scan: () => new Promise(() => {}) });"),
  );
  await using stoq = open({
    alwaysDispatch: ["hash", "sleeper"],
    pluginDirList: [folder.at("plugins")],
    isolation: "none",
    requestTimeout: 1,
  });
  const { errors, results } = await stoq.scan("x");
  assert.deepEqual(errors.map(({ code }) => code), ["limit-request-time"]);
  assert.deepEqual(Object.keys(results[0]?.workers ?? {}), ["hash"]);
});

Deno.test("every payload's part of a response is decorated anew", async () => {
  using folder = new TempFolder({
    ...pluginFiles(
      "nest",
      `export default () => ({
      scan: (payload) => payload.content.length < 3 ? { results: {}, extracted: [{ content: payload.content.length + "xx" }] } : {},
    });`,
    ),
    ...pluginFiles(
      "count",
      "export default () => ({ decorate: (response) => ({ results: response.results.length }) });",
      {
        roles: ["decorator"],
      },
    ),
  });
  await using stoq = open({
    alwaysDispatch: ["nest"],
    decorators: ["count"],
    pluginDirList: [folder.at("plugins")],
  });
  const response = await stoq.scan("a");
  const parts = await Array.fromAsync(stoq.reconstructAllSubresponses(response));
  assert.deepEqual(parts.map(({ results, decorators }) => [results.length, decorators.count]), [[2, 2], [
    1,
    1,
  ]]);
  assert.deepEqual(splitResponse(response).map(({ results }) => Object.keys(results[0]!.workers)), [[
    "nest",
  ]]);
});

Deno.test("a rate limit keeps scans of one instance apart, and is checked", async () => {
  await using stoq = open({ alwaysDispatch: ["hash"], isolation: "none" });
  const finished: number[] = [];
  const scans = [1, 2, 3].map((scan) =>
    stoq.scan("x", { ratelimit: "50/s" }).then(() => finished.push(scan))
  );
  await Promise.all(scans);
  assert.deepEqual(finished, [1, 2, 3]);
  await assert.rejects(stoq.scan("x", { ratelimit: "fast" }), RangeError);
});

Deno.test("a caller can abort a scan, which rejects with the caller's reason", async () => {
  await using stoq = open({ alwaysDispatch: ["hash"] });
  await assert.rejects(stoq.scan("x", { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
});

Deno.test("a closed Stoq refuses to scan, and notifies its plugins", async () => {
  using folder = new TempFolder(pluginFiles(
    "listener",
    `export default (_options, { signal }) => {
       signal.addEventListener("abort", () => { globalThis.heardClosing = true; });
       return { scan: () => undefined };
     };`,
  ));
  const stoq = open({
    alwaysDispatch: ["listener"],
    pluginDirList: [folder.at("plugins")],
    isolation: "none",
  });
  await stoq.scan("x");
  stoq.close();
  assert.equal((globalThis as { heardClosing?: boolean }).heardClosing, true);
  await assert.rejects(stoq.scan("x"), /This Stoq is closed/);
});

Deno.test("options reach a plugin typed, in camelCase, with their defaults", async () => {
  using folder = new TempFolder(pluginFiles(
    "echo",
    "export default (options, context) => ({ scan: () => ({ results: { options, keys: Object.keys(context).sort() } }) });",
    {
      options: {
        some_words: { type: "list", default: ["a"], doc: "Words" },
        how_many: { type: "integer", default: 1, doc: "A number" },
        unset: { type: "string", doc: "Nothing by default" },
      },
    },
  ));
  await using stoq = open({
    alwaysDispatch: ["echo"],
    pluginDirList: [folder.at("plugins")],
    pluginOpts: { echo: { how_many: 0 } },
  });
  const { results } = await stoq.scan("x");
  assert.deepEqual(results[0]?.workers.echo, {
    options: { someWords: ["a"], howMany: 0 },
    keys: ["log", "outputPaths", "pluginDir", "signal", "stoqHome"],
  });
});

Deno.test("an answer of the wrong shape is an error, in every way to give one", async () => {
  const answers = { number: "5", getter: "{ get results() { throw new Error('trap'); } }", nothing: "null" };
  const files = Object.entries(answers).map(([name, answer]) =>
    pluginFiles(name, `export default () => ({ scan: () => (${answer}) });`)
  );
  using folder = new TempFolder(Object.assign({}, ...files));
  await using stoq = open({ alwaysDispatch: Object.keys(answers), pluginDirList: [folder.at("plugins")] });
  const { errors } = await stoq.scan("x");
  assert.deepEqual(errors.map(({ error }) => error), [
    "worker:failed to scan: Error: trap",
    "worker:failed to scan: the answer must be an object, got a value of type number",
  ]);
});

Deno.test("a scan's arguments are checked before it begins, and named", async () => {
  using stoq = open({ alwaysDispatch: ["hash"] });
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const bad = <T>(value: unknown) => value as T;
  const refused: [Promise<unknown>, RegExp][] = [
    [stoq.scan(bad(null)), /^content must be a Uint8Array or text, got null$/],
    [stoq.scan(bad(new ArrayBuffer(1))), /^content must be .*, got a value of type ArrayBuffer$/],
    [
      stoq.scan("x", { payloadMeta: { extraData: bad(cycle) } }),
      /^payloadMeta\.extraData\.self contains itself/,
    ],
    [
      stoq.scan("x", { payloadMeta: { extraData: bad({ n: 1n }) } }),
      /^payloadMeta\.extraData\.n must be .*, got a value of type bigint$/,
    ],
    [
      stoq.scan("x", { requestMeta: { extraData: { text: "\udc00" } } }),
      /^requestMeta\.extraData\.text has a lone/,
    ],
    [
      stoq.scan("x", { startDispatch: bad("hash") }),
      /^startDispatch must be a list of texts, got a value of type string$/,
    ],
    [stoq.scan("x", { passwords: bad([7]) }), /^passwords\[0\] must be text, got a value of type number$/],
    [stoq.scanRequest(bad(undefined)), /^request must be an object, got undefined$/],
    [stoq.scanRequest({ payloads: bad(null) }), /^request\.payloads must be a list of payloads, got null$/],
    [stoq.scanRequest({ payloads: bad("xy") }), /^request\.payloads must be .*, got a value of type string$/],
    [
      stoq.scanRequest({ payloads: [{ content: bad(7) }] }),
      /^request\.payloads\[0\]\.content must be .*, got a value of type number$/,
    ],
    [
      stoq.run({ requestMeta: { extraData: bad({ f: () => 1 }) } }),
      /^requestMeta\.extraData\.f must be .*, got a value of type function$/,
    ],
  ];
  for (const [promise, message] of refused) await assert.rejects(promise, { name: "TypeError", message });
});
