import assert from "node:assert/strict";
import type { RunEvent } from "../../src/core/ports/run_event.ts";
import { sandboxOf } from "../strange_plugin.ts";
import { assertCostsItself, type Forgery } from "./forgery.ts";

const CONTENTS: readonly Forgery[] = [
  {
    what: "450,000 contents of nothing, more than fit into one call's arguments",
    body: 'send("contents", { contents: Array(450_000).fill(new Uint8Array()) }); await never;',
    error: ["plugin-crashed", /more contents than the call may extract/],
  },
  {
    what: "the largest list of sizes that a frame holds",
    body: 'send("contents", { contents: Array(499_000).fill(new Uint8Array()) }); await never;',
    error: ["plugin-crashed", /more contents than the call may extract/],
  },
  {
    what: "contents for one payload more than the call may extract",
    body: 'send("contents", { contents: Array(10_001).fill(new Uint8Array()) }); await never;',
    error: ["plugin-crashed", /more contents than the call may extract/],
  },
  {
    what: "contents again and again, each time few",
    body: `for (let n = 0; n < 300; n++) send("contents", { contents: Array(100).fill(new Uint8Array(1)) });
      await never;`,
    error: ["plugin-crashed", /more contents than the call may extract/],
  },
  {
    what: "contents whose bytes another thread can change",
    body: 'send("contents", { contents: [new Uint8Array(new SharedArrayBuffer(10))] }); await never;',
    error: ["plugin-crashed", /a message that is not in the protocol/],
  },
  {
    what: "contents whose buffer was given away twice",
    body: `const bytes = new Uint8Array(10);
      send("contents", { contents: [bytes, bytes] }, [bytes.buffer]);
      send("answer", { json: '{"extracted":[{},{},{}]}' });
      await never;`,
    error: ["plugin-crashed", /sent 2 contents for 3 payloads/],
  },
];

Deno.test("forged contents cost their own call, and the next scan works", async () => {
  await assertCostsItself(CONTENTS);
});

const FAILURES: readonly Forgery[] = [
  {
    what: "a failure with a big integer in a further field",
    body: 'send("thrown", { failure: { code: "odd", message: "words", more: 1n } }); await never;',
    error: ["odd", /^words$/],
  },
  {
    what: "a failure that refers to itself",
    body: `const failure = { code: "odd", message: "words" };
      failure.self = failure;
      send("thrown", { failure }); await never;`,
    error: ["odd", /^words$/],
  },
  {
    what: "a failure whose code is no code",
    body: 'send("thrown", { failure: { code: "__proto__", message: "words" } }); await never;',
    error: ["plugin-failed", /^words$/],
  },
  {
    what: "a failure that is longer than a frame may be",
    body: 'send("thrown", { failure: { code: "odd", message: "x".repeat(2e6) } }); await never;',
    error: ["plugin-crashed", /a frame's JSON must have at most/],
  },
  {
    what: "a log message with a map and a big integer",
    body: 'send("log", { level: "info", message: "x", map: new Map([[1n, 1n]]) }); return { results: 1 };',
    result: 1,
  },
  {
    what: "log levels that every object has",
    body: `for (const level of ["__proto__", "constructor", "toString"]) send("log", { level, message: "x" });
      return { results: 1 };`,
    result: 1,
  },
  {
    what: "that the stream has ended, in a call",
    body: 'send("ended", { failure: null }); return { results: 1 };',
    result: 1,
  },
  {
    what: "that a delivery is settled which there is none of",
    body: 'send("settled", { delivery: 7, failure: { code: "odd", message: "" } }); return { results: 1 };',
    result: 1,
  },
  {
    what: "that it is open, again",
    body: `send("opened", {});
      send("open-failed", { failure: { code: "odd", message: "" } });
      return { results: 1 };`,
    result: 1,
  },
  {
    what: "an answer whose call is a fraction",
    body: 'send("answer", { id: 0.5, json: "{}" }); await never;',
    error: ["plugin-crashed", /a message that is not in the protocol/],
  },
  {
    what: "an end whose delivery is negative",
    body: 'send("settled", { delivery: -1, failure: null }); await never;',
    error: ["plugin-crashed", /a message that is not in the protocol/],
  },
];

Deno.test("forged failures and exits cost at most their own call, and the next scan works", async () => {
  await assertCostsItself(FAILURES);
});

/** A line like those of Deno's audit. */
const audit = (permission: string, value: string) =>
  `Deno.stderr.writeSync(new TextEncoder().encode(${
    JSON.stringify(
      `${JSON.stringify({ v: 1, datetime: 1, permission, value })}\n`,
    )
  }));`;

const AUDITS: readonly Forgery[] = [
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "all", ""].map((permission) => ({
    what: `an attempt on the permission "${permission}"`,
    body: `${audit(permission, "x")} return { results: 1 };`,
    result: 1,
  })),
  {
    what: "an attempt whose line is nested deep",
    body: `Deno.stderr.writeSync(new TextEncoder().encode(
        '{"v":1,"datetime":1,"permission":"read","value":' + "[".repeat(20_000) + "\\n"));
      return { results: 1 };`,
    result: 1,
  },
];

Deno.test({
  name: "printed lines that look like Deno's audit name no permission that there is none of",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await assertCostsItself(AUDITS);
  },
});

Deno.test({
  name: "a plugin that prints an attempt accuses itself and keeps its results",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await assertCostsItself([{
      what: "an attempt to read",
      body: `${audit("read", "/etc/passwd")} return { results: 1 };`,
      error: ["permission-denied", /read access to "\/etc\/passwd"/],
      result: 1,
    }]);
  },
});

/** Code that writes so many lines to standard error as Deno writes one for each use of a permission. */
const auditing = (lines: number, resource: string) =>
  `const text = '{"v":1,"datetime":"now","permission":"read","value":${JSON.stringify(resource)}}\\n';
  const bytes = new TextEncoder().encode("\\n" + text.repeat(50_000));
  for (let n = 0; n < ${lines}; n += 50_000) {
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  }`;

Deno.test({
  name: "permissions that are used very often are no flood, and without end they are one",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await assertCostsItself([{
      what: "more of the audit than may be printed",
      body: `${auditing(200_000, "/etc/passwd")} return { results: 1 };`,
      error: ["permission-denied", /read access to "\/etc\/passwd"/],
      result: 1,
    }, {
      what: "an audit without end",
      body: auditing(Infinity, "/etc/passwd"),
      error: ["plugin-flood", /printed \d+ bytes/],
    }]);
  },
});

Deno.test({
  name: "a provider that uses its permissions more often than it may print runs to its end",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const provider = {
      code: `export default () => ({
        async *ingest() {
          for (const content of ["one", "two", "three"]) {
            ${auditing(50_000, "/etc/hostname")}
            Deno.stdout.writeSync(new Uint8Array(60_000).fill(10));
            yield { item: { kind: "payload", payload: { content } }, settle() {} };
          }
        },
      });`,
      manifest: { roles: ["provider"] },
    };
    const options = { logLevel: "critical", providers: ["provider"], alwaysDispatch: ["hash"] } as const;
    await using box = sandboxOf({ provider }, options);
    const { done, errors } = await box.stoq.run();
    assert.deepEqual([done, errors], [3, 0]);
  },
});

/** A provider that forges at its first delivery; `id` is the stream's. */
const forgingProvider = (body: string) => ({
  code: `const never = new Promise(() => {});
    const id = 1;
    const send = (type, fields) => postMessage({ type, id, ...fields });
    export default () => ({ async *ingest() { ${body} } });`,
  manifest: { roles: ["provider"] },
});

const GOOD_PROVIDER = {
  code: `export default () => ({
    async *ingest() {
      for (const content of ["one", "two", "three"]) {
        yield { item: { kind: "payload", payload: { content } }, settle() {} };
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  });`,
  manifest: { roles: ["provider"] },
};

const FORGING_PROVIDERS: readonly (readonly [what: string, body: string, code: string])[] = [
  [
    "450,000 contents",
    'send("contents", { contents: Array(450_000).fill(new Uint8Array()) }); await never;',
    "plugin-crashed",
  ],
  [
    "more payloads than contents",
    `send("delivery", {
       delivery: 0,
       json: '{"item":{"kind":"request","request":{"payloads":[' + "0,".repeat(1e6) + '0]}}}',
     });
     await never;`,
    "plugin-crashed",
  ],
  [
    "a delivery without an item",
    'send("delivery", { delivery: 0, json: "[]" }); await never;',
    "plugin-crashed",
  ],
  [
    "contents for an item that has none",
    `send("contents", { contents: [new Uint8Array(1)] });
     send("delivery", { delivery: 0, json: '{"item":{"kind":"task","task":{}}}' });
     await never;`,
    "plugin-crashed",
  ],
  [
    "an end with a failure",
    'send("ended", { failure: { code: "odd", message: "words", more: 1n } }); await never;',
    "odd",
  ],
  ["an answer, as if it were called", 'send("answer", { json: "{" }); await never;', "plugin-crashed"],
];

Deno.test("a provider that forges ends its own stream, and the run continues with the other's deliveries", async () => {
  for (const [what, body, code] of FORGING_PROVIDERS) {
    const hashes: string[] = [];
    const codes: (string | null)[] = [];
    await using box = sandboxOf({ evil: forgingProvider(body), good: GOOD_PROVIDER }, {
      alwaysDispatch: ["hash"],
      providers: ["evil", "good"],
      logLevel: "critical",
    });
    const onEvent = (event: RunEvent) => {
      if (event.kind === "error" && event.error.pluginName === "evil") codes.push(event.error.code);
      if (event.kind !== "scanned") return;
      hashes.push((event.response.results[0]!.workers.hash as { md5: string }).md5);
    };
    // Unless the forger is ended its stream has no end, and the run neither.
    await box.stoq.run({ onEvent });
    assert.deepEqual(codes, [code], what);
    for (const md5 of ["f97c5d29941bfb1b2fdab0874906ab82", "b8a9f715dbb64fd5c56e7783c6820a61"]) {
      assert.ok(hashes.includes(md5), what);
    }
  }
});

Deno.test("an invalid delivery is dropped with a reason, and the provider's next one is scanned", async () => {
  const code = `const settled = [];
    const settle = (outcome) => void settled.push(outcome.status);
    const payload = (content, payloadMeta) => ({ kind: "payload", payload: { content, payloadMeta } });
    const items = [
      () => null,
      () => ({ item: payload("no settle") }),
      () => ({ settle, item: { kind: "what" } }),
      () => ({ settle, item: { kind: "request" } }),
      () => ({ settle, item: payload("x", { dispatchTo: ["n".repeat(300)] }) }),
      () => ({ settle, item: payload("x", { extraData: { large: "x".repeat(17_000_000) } }) }),
      () => ({ settle, get item() { throw new Error("no item"); } }),
      () => ({ settle, item: payload("good") }),
      () => ({ settle, item: payload(settled.join()) }),
    ];
    export default () => ({
      async *ingest() {
        for (const [n, make] of items.entries()) {
          // Until what was delivered before is settled.
          while (settled.length < n - 2) await new Promise((resolve) => setTimeout(resolve, 5));
          yield make();
        }
      },
    });`;
  await using box = sandboxOf({ evil: { code, manifest: { roles: ["provider"] } } }, {
    alwaysDispatch: ["hash"],
    providers: ["evil"],
    logLevel: "critical",
  });
  const problems: string[] = [];
  const hashes: string[] = [];
  const summary = await box.stoq.run({
    onEvent: (event) => {
      if (event.kind === "error") problems.push(event.error.error);
      if (event.kind !== "scanned") return;
      hashes.push((event.response.results[0]!.workers.hash as { md5: string }).md5);
    },
  });
  for (
    const problem of [
      /it has no settle method/,
      /the item's kind must be payload, request, task or skipped, got a value of type string/,
      /request must be an object, got a value of type undefined/,
      /must have at most 200 characters, got 300/,
      /limit/,
      /no item/,
    ]
  ) {
    assert.ok(problems.some((text) => problem.test(text)), `${problem}: ${problems.join("\n")}`);
  }
  assert.equal(problems.length, 7);
  assert.deepEqual(hashes, ["755f85c2723bb39381c7379a604160d8", "21b5d95f97bad8b453f63bba158f60a7"]);
  assert.deepEqual([summary.done, summary.failed], [2, 7]);
});
