import assert from "node:assert/strict";
import { sandbox, scanning } from "../strange_plugin.ts";

/** How the plugin's own scan and the next one of the same stoQ end; the payload's content is its number. */
async function twoScans(code: string, options = {}) {
  await using box = sandbox(code, { pluginTimeout: 20, logLevel: "critical", ...options });
  const ends: [unknown, ...(string | null)[]][] = [];
  for (const content of ["1", "2"]) {
    const { errors, results: [payload] } = await box.stoq.scan(content);
    assert.equal((payload?.workers.hash as { md5: string }).md5.length, 32);
    assert.deepEqual(errors.filter(({ pluginName }) => pluginName !== "evil"), []);
    ends.push([payload?.workers.evil, ...errors.map(({ code }) => code)]);
  }
  return ends;
}

Deno.test("a plugin that reads its process's standard input learns no secret to forge frames with", async () => {
  // It takes a call's own frame, so that the runner does not answer it, and answers it on standard output.
  const code = `
    const stolen = new Uint8Array(1000);
    Deno.stdin.read(stolen).then(() => {
      const id = /"id":(\\d+)/.exec(new TextDecoder().decode(stolen))[1];
      const json = new TextEncoder().encode('{"type":"answer","id":' + id + ',"durationMs":0}');
      const body = new TextEncoder().encode('{"results":"forged"}');
      const lengths = new Uint8Array(new Uint32Array([json.length, body.length]).buffer);
      const secret = stolen.subarray(0, 16);
      Deno.stdout.writeSync(new Uint8Array([...secret, ...lengths, ...json, ...body, ...secret]));
      Deno.stderr.writeSync(new TextEncoder().encode("\\n" + secret.toHex() + " " + id + "\\n"));
    });
    ${scanning('return { results: "honest" };')}`;
  const ends = await twoScans(code, { pluginTimeout: 2 });
  // Which of the calls is stolen is a matter of luck.
  for (const end of ends) assert.ok(end[0] === "honest" || end[1] === "plugin-timeout", JSON.stringify(ends));
});

Deno.test("a plugin that leaves a line open on standard error does not keep its call from ending", async () => {
  const code = scanning(`
    Deno.stderr.writeSync(new TextEncoder().encode("no end"));
    return { results: 1 };
  `);
  assert.deepEqual(await twoScans(code), [[1], [1]]);
});

const FORGERIES: readonly (readonly [what: string, body: string])[] = [
  ["answers a call that is to come", 'postMessage({ type: "answer", id: id + 1, json: "{}" });'],
  ["throws for another call", 'postMessage({ type: "thrown", id: 0, failure: { code: "x", message: "" } });'],
  ["answers with what is no JSON", 'postMessage({ type: "answer", id, json: "{" });'],
  [
    "answers with bytes that are none",
    `postMessage({ type: "answer", id, json: '{"results":{"\\\\u0000bytes":"*"}}' });`,
  ],
  [
    "answers fifteen million values",
    `postMessage({ type: "answer", id, json: "[" + "{},".repeat(1.5e7) + "{}]" });`,
  ],
  ["answers nested a million deep", `postMessage({ type: "answer", id, json: deep("1") });`],
  ["answers with NUL a million deep", `postMessage({ type: "answer", id, json: deep('{"\\\\u0000":1}') });`],
  [
    "sends four gigabytes that cost it nothing",
    'const all = new Uint8Array(4e9); postMessage({ type: "contents", id, contents: [all] }, [all.buffer]);',
  ],
  [
    "sends more contents than it may",
    'postMessage({ type: "contents", id, contents: Array(20_000).fill(new Uint8Array()) });',
  ],
  [
    "sends a million contents",
    'postMessage({ type: "contents", id, contents: Array(1e6).fill(new Uint8Array()) });',
  ],
  [
    "announces payloads and sends none",
    `postMessage({ type: "answer", id, json: '{"extracted":[{},{},{}]}' });`,
  ],
  [
    "sends contents that no payload was announced for",
    `
    postMessage({ type: "contents", id, contents: [new Uint8Array(1)] });
    postMessage({ type: "answer", id, json: "{}" });
  `,
  ],
  ["delivers as if it were a provider", 'postMessage({ type: "delivery", id, delivery: 0, json: "null" });'],
  [
    "asks for the request again and again",
    `
    for (let n = 0; n < 1e5; n++) postMessage({ type: "want", id, what: "results" });
  `,
  ],
  [
    "asks for the bytes of relatives although it does not need them",
    'postMessage({ type: "want-content", id, payloadId: payload.payloadId });',
  ],
  [
    "asks for a payload by a name of megabytes",
    'postMessage({ type: "want-content", id, payloadId: "x".repeat(9e5) });',
  ],
  ["posts what only a field betrays", 'postMessage({ type: "answer", id: -1, json: {} });'],
  ["posts a type that every object has", 'postMessage({ type: "constructor", id });'],
  ["posts a long text", 'postMessage({ type: "exit", reason: "x".repeat(5e7) });'],
  ["posts what can't be read", 'postMessage(new Error("x")); postMessage(new Map([[id, id]]));'],
];

Deno.test("a plugin that forges messages of its thread costs its own result, and the next scan works", async () => {
  for (const [what, body] of FORGERIES) {
    const code = `
      let id = 0;
      const deep = (inner) => '{"results":' + "[".repeat(1e6) + inner + "]".repeat(1e6) + "}";
      ${
      scanning(`
        if (new TextDecoder().decode(payload.content) !== "1") return { results: "works" };
        id = 1;
        ${body}
        await new Promise(() => {});
      `)
    }`;
    const [first, second] = await twoScans(code);
    assert.deepEqual(first, [undefined, "plugin-crashed"], what);
    assert.deepEqual(second, ["works"], what);
  }
});

Deno.test("a plugin that answers its own call by forgery is read like any other", async () => {
  const odd = JSON.stringify({
    results: { ["__proto__"]: { polluted: 1 }, toJSON: 1 },
    extracted: [],
    errors: [null, 1, { code: "request-timeout", message: "forged" }],
    payloadMeta: { shouldArchive: "yes", ["__proto__"]: [] },
    dispatchTo: "hash",
    constructor: 1,
  });
  await using box = sandbox(scanning(`
    postMessage({ type: "answer", id: 1, json: ${JSON.stringify(odd)} });
    await new Promise(() => {});
  `));
  const { errors, results: [payload] } = await box.scan();
  assert.equal(Object.hasOwn(payload!.workers.evil as object, "__proto__"), true);
  assert.ok(errors.some(({ code }) => code === "plugin-bad-response"));
  assert.deepEqual(errors.filter(({ pluginName }) => pluginName !== "evil"), []);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

Deno.test("a plugin that sends messages after its answer loses its process, and no call waits for it", async () => {
  const code = scanning(`
    const worker = new Worker("data:text/javascript,setInterval(() => postMessage(1), 5)", { type: "module" });
    worker.onmessage = () => postMessage({ type: "answer", id: 1, json: "{}" });
    return { results: 1 };
  `);
  await using box = sandbox(code, { logLevel: "critical" });
  assert.deepEqual((await box.scan()).results[0]?.workers.evil, 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { errors, results } = await box.scan();
  assert.deepEqual([results[0]?.workers.evil, errors], [1, []]);
});

Deno.test("a plugin that answers twice is believed at most once, and the next scan works", async () => {
  const answer = 'postMessage({ type: "answer", id: 1, json: "{}" });';
  const [[result, ...codes], second] = await twoScans(scanning(`
    if (new TextDecoder().decode(payload.content) === "2") return { results: "works" };
    ${answer} ${answer}
    await new Promise(() => {});
  `)) as [[unknown, ...string[]], unknown];
  // The second answer may be met before the first one has been taken in.
  assert.equal(result, undefined);
  assert.ok(codes.length === 0 || (codes.length === 1 && codes[0] === "plugin-crashed"), codes.join());
  assert.deepEqual(second, ["works"]);
});
