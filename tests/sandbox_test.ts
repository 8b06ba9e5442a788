import assert from "node:assert/strict";
import { type StoqOptions } from "../mod.ts";
import { TempFolder } from "./run_stoq.ts";
import { sandbox, scanning } from "./strange_plugin.ts";

const SHA256 = "5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9";

/** Scans once; returns the errors of the untrusted plugin, and checks the results of another one. */
async function errorsOf(code: string, options: StoqOptions = {}, manifest: object = {}): Promise<string[][]> {
  await using box = sandbox(code, options, manifest);
  const { errors, results } = await box.scan();
  assert.equal((results[0]?.workers.hash as { sha256: string }).sha256, SHA256);
  return errors.map(({ code, pluginName, error }) => [code, pluginName ?? "", error]);
}

Deno.test("a plugin that runs apart sees and answers what it would in this process", async () => {
  const code = scanning(`return {
    results: {
      text: new TextDecoder().decode(payload.content),
      sha256: payload.sha256,
      others: request.results.map(({ payloadId }) => payloadId === payload.payloadId),
      errors: request.errors.length,
      odd: [NaN, -0, Infinity, new Uint8Array([0, 255]), { "\\0bytes": "eA==", ["__proto__"]: 1 }],
    },
    extracted: [
      { content: "inner", payloadMeta: { extraData: { filename: "a" } } },
      { content: new Uint8Array([1, 2, 3]).subarray(1) },
    ].slice(0, payload.content.length > 10 ? 2 : 0),
    errors: ["a remark"],
  };`);
  const seen: unknown[] = [];
  for (const isolation of ["process", "none"] as const) {
    await using box = sandbox(code, { isolation });
    const { results, errors } = await box.scan();
    seen.push({
      results: results.map(({ workers, sha256, payloadMeta, extractedBy }) => [
        workers,
        sha256,
        payloadMeta,
        extractedBy,
      ]),
      errors: errors.map(({ code, error }) => [code, error]),
    });
  }
  assert.deepEqual(seen[0], seen[1]);
  assert.equal((seen[0] as { results: unknown[] }).results.length, 3);
});

/** Scans in a runner and in this process, and returns what the plugin answered for each payload; it must be the same. */
async function answersOf(code: string, manifest: object): Promise<unknown[]> {
  const seen: unknown[][] = [];
  for (const isolation of ["process", "none"] as const) {
    await using box = sandbox(code, { isolation }, { api: 2, ...manifest });
    const requestMeta = { extraData: { passwords: ["infected"] } };
    const { results, errors } = await box.stoq.scan("parent", { requestMeta });
    assert.deepEqual(errors, []);
    seen.push(results.map(({ workers }) => workers.evil));
  }
  assert.deepEqual(seen[0], seen[1]);
  return seen[0]!;
}

/** A worker that answers with the bytes of all payloads that it may read. */
const READING_FAMILY = scanning(`
  const text = async (id) => new TextDecoder().decode(await request.content(id) ?? new Uint8Array([63]));
  const ids = [...request.results.map(({ payloadId }) => payloadId), "unknown", 5];
  const seen = [];
  if (request.content) for (const id of [...ids, ...ids]) seen.push(await text(id));
  const isRoot = payload.extractedFrom.length === 0;
  return {
    results: seen.join(),
    extracted: isRoot ? [{ content: "one" }, { content: "", payloadMeta: { dispatchTo: ["evil"] } }] : [],
  };
`);

Deno.test("a plugin that needs its family reads the bytes of parents and siblings, apart as in this process", async () => {
  const answers = await answersOf(READING_FAMILY, { needs: ["family"] });
  assert.equal(answers[1], "parent,one,,?,?,parent,one,,?,?");
});

Deno.test("a plugin that does not need its family reads no other payload", async () => {
  assert.deepEqual(await answersOf(READING_FAMILY, {}), ["", "", ""]);
});

Deno.test("passwords, findings and the state of a later call cross to a runner and back", async () => {
  const code = scanning(`
    if (!request.resume) return { resume: { afterMs: 0, state: { bytes: new Uint8Array([1]), none: NaN } } };
    return {
      results: [request.passwords, request.resume],
      passwords: [{ value: "found", origin: "mail body" }],
      findings: [{ code: "odd-bytes", detail: "at the start", offset: 0 }],
    };
  `);
  const findings = { "odd-bytes": { title: "Odd bytes", severity: "low", doc: "For tests" } };
  assert.deepEqual(await answersOf(code, { findings }), [
    [[{ value: "infected", origin: "user", index: 0 }], { bytes: new Uint8Array([1]), none: NaN }],
  ]);
});

Deno.test("a plugin that loops is ended at its deadline, and the next payload finds it ready again", async () => {
  const code = scanning(`if (payload.content.length === 19) for (;;); return { results: { ok: true } };`);
  await using box = sandbox(code, { pluginTimeout: 3 });
  const { errors, results } = await box.scan();
  assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [["plugin-timeout", "evil"]]);
  assert.deepEqual(results[0]?.pluginsRun.workers, ["evil", "hash"]);
  assert.deepEqual((await box.stoq.scan("x")).results[0]?.workers.evil, { ok: true });
});

Deno.test("what stoQ itself does in a runner during a long call is not reported as the plugin's doing", async () => {
  // The memory is watched in a thread that starts after a second.
  const body = "await new Promise((resolve) => setTimeout(resolve, 2_000)); return { results: 1 };";
  assert.deepEqual(await errorsOf(scanning(body)), []);
});

Deno.test("a caller that aborts a scan does not wait for a plugin that loops", async () => {
  await using box = sandbox(scanning("console.log('begun'); for (;;);"));
  const controller = new AbortController();
  const scan = box.stoq.scan("x", { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 500);
  await assert.rejects(scan, /enough/);
});

const CRASHES: readonly (readonly [what: string, body: string, code: string])[] = [
  ["exits", "Deno.exit(0);", "plugin-crashed"],
  ["exits through node", '(await import("node:process")).default.exit(1); for (;;);', "plugin-crashed"],
  ["closes its thread", "self.close();", "plugin-crashed"],
  ["leaves a rejection", 'Promise.reject(new Error("late")); await new Promise(() => {});', "plugin-crashed"],
  [
    "throws in a timer",
    'setTimeout(() => { throw new Error("late"); }); await new Promise(() => {});',
    "plugin-crashed",
  ],
  [
    "fills memory outside the heap",
    "const all = []; for (;;) all.push(new Uint8Array(5e7).fill(1));",
    "plugin-memory",
  ],
  [
    "fills its heap",
    "const all = []; for (;;) all.push([...Array(1e5).keys()].map(String));",
    "plugin-memory",
  ],
  ["overflows its stack", "(function f() { f(); })();", "plugin-failed"],
  [
    "answers for another call",
    'postMessage({ type: "answer", id: 99, json: "{}" }); await new Promise(() => {});',
    "plugin-crashed",
  ],
  ["posts what is no message", 'postMessage("hello"); await new Promise(() => {});', "plugin-crashed"],
];

for (const [what, body, expected] of CRASHES) {
  Deno.test(`a plugin that ${what} costs its own result and no other`, async () => {
    const errors = await errorsOf(scanning(body), { runnerMemory: 300_000_000 });
    assert.deepEqual(
      errors.map(([code, name]) => [code, name]),
      [[expected, "evil"]],
      JSON.stringify(errors),
    );
  });
}

Deno.test("a rejection that a connector leaves is reported as the connector's failure", async () => {
  const code = `export default () => ({
    async save() {
      Promise.reject(new Error("late"));
      await new Promise(() => {});
    },
  });`;
  await using box = sandbox(code, { alwaysDispatch: ["hash"], connectors: ["evil"] }, {
    roles: ["connector"],
  });
  const { errors } = await box.scan();
  assert.deepEqual(errors.map(({ error }) => error), [
    "connector:failed to save: unhandled rejection: Error: late",
  ]);
});

Deno.test("what a plugin prints past its console is logged and does not disturb its answer", async () => {
  const print = "const bytes = new TextEncoder().encode('forged '.repeat(1000) + '\\n');" +
    "for (let i = 0; i < 50; i++) { Deno.stdout.writeSync(bytes); Deno.stderr.writeSync(bytes); }";
  assert.deepEqual(await errorsOf(scanning(`${print} return { results: 1 };`), { logLevel: "error" }), []);
});

Deno.test("a plugin that prints without end is killed", async () => {
  const print = "const bytes = new Uint8Array(60_000).fill(65); for (;;) Deno.stdout.writeSync(bytes);";
  const errors = await errorsOf(scanning(print), { logLevel: "critical" });
  assert.deepEqual(errors.map(([code]) => code), ["plugin-flood"]);
});

const REFUSALS: readonly (readonly [what: string, body: string, words: RegExp])[] = [
  ["reads a file", 'Deno.readTextFileSync("/etc/passwd")', /read access to "\/etc\/passwd"/],
  ["writes a file", 'Deno.writeTextFileSync("/tmp/stoq-evil", "")', /write access to "\/tmp\/stoq-evil"/],
  ["connects", 'await Deno.connect({ hostname: "127.0.0.1", port: 9 })', /net access to "127.0.0.1:9"/],
  ["fetches", 'await fetch("http://127.0.0.1:9009/")', /net access to "127.0.0.1:9009"/],
  ["looks at the environment", 'Deno.env.get("HOME")', /env access to "HOME"/],
  ["loads a library", 'Deno.dlopen("libc.so.6", {})', /ffi access to "libc.so.6"/],
  ["asks for the system's name", "Deno.hostname()", /sys access to "hostname"/],
  [
    "imports from the net",
    'await import("https://example.com/" + "x.ts")',
    /import access to "(?:https:\/\/)?example\.com/,
  ],
];

for (const [what, expression, words] of REFUSALS) {
  Deno.test({
    name: `a plugin that ${what} is refused, and the attempt is reported although it hides it`,
    // Deno writes its audit where the runner's errors go, which takes a system with /dev/stderr.
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const body =
        `try { ${expression}; } catch { return { results: "refused" }; } return { results: "done" };`;
      await using box = sandbox(scanning(body));
      const { errors, results } = await box.scan();
      assert.equal(results[0]?.workers.evil, "refused");
      assert.ok(errors.length > 0);
      for (const { code, pluginName } of errors) {
        assert.deepEqual([code, pluginName], ["permission-denied", "evil"]);
      }
      assert.ok(errors.some(({ error }) => words.test(error)), JSON.stringify(errors));
    },
  });
}

Deno.test("a plugin may do what its manifest asks, with the values of its options, and nothing beside it", async () => {
  using folder = new TempFolder({ "given.txt": "given", "other.txt": "other" });
  const code = scanning(`
    const read = (path) => { try { return Deno.readTextFileSync(path); } catch { return "refused"; } };
    return { results: [read(options.givenPath), read(options.givenPath.replace("given", "other"))] };
  `);
  const manifest = {
    options: { given_path: { type: "path", doc: "A file" } },
    permissions: { read: ["${given_path}"] },
  };
  await using box = sandbox(code, { pluginOpts: { evil: { givenPath: folder.at("given.txt") } } }, manifest);
  const { errors, results } = await box.scan();
  assert.deepEqual(results[0]?.workers.evil, ["given", "refused"]);
  assert.deepEqual(errors.map(({ code }) => code), Deno.build.os === "linux" ? ["permission-denied"] : []);
});

Deno.test("a plugin can't read its own folder once it is loaded", async () => {
  const code = scanning(`
    try { return { results: Deno.readTextFileSync(context.pluginDir + "/mod.ts").length }; }
    catch { return { results: "refused" }; }
  `);
  await using box = sandbox(code);
  assert.equal((await box.scan()).results[0]?.workers.evil, "refused");
});

Deno.test("a million payloads and one of half a gigabyte are left out where they arise", async () => {
  const many = 'return { extracted: Array.from({ length: 900_000 }, () => ({ content: "x" })) };';
  const errors = await errorsOf(scanning(`if (payload.content.length === 19) { ${many} }`), { payloads: 10 });
  assert.deepEqual(errors.map(([code]) => code), ["limit-payloads"]);
  const large = "return { extracted: [{ content: new Uint8Array(5e8) }] };";
  assert.deepEqual((await errorsOf(scanning(large))).map(([code]) => code), ["limit-payload-bytes"]);
});

Deno.test("an untrusted provider delivers from its process, and learns how each delivery ended", async () => {
  const code = `export default (options, context) => ({
    async *ingest(signal) {
      for (const content of ["one", "two"]) {
        yield {
          item: { kind: "payload", payload: { content } },
          settle: ({ status }) => context.log.warn(content + " " + status),
        };
      }
    },
  });`;
  const contents: string[] = [];
  await using box = sandbox(code, { alwaysDispatch: ["hash"], providers: ["evil"], logLevel: "critical" }, {
    roles: ["provider"],
  });
  const summary = await box.stoq.run({
    onEvent: (event) => {
      if (event.kind === "scanned") contents.push(event.response.results[0]!.sha256!.slice(0, 8));
    },
  });
  assert.deepEqual(summary, { done: 2, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 });
  assert.deepEqual(contents.toSorted(), ["3fc4ccfe", "7692c3ad"]);
});
