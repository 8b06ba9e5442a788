import assert from "node:assert/strict";
import { Stoq } from "../../mod.ts";
import { fakeRunner } from "../fake_runner.ts";
import { TempFolder } from "../run_stoq.ts";
import { scanning } from "../strange_plugin.ts";

/** What a runner says before its answer, and the words of the error that it causes; without words it causes none. */
const SAYINGS: readonly (readonly [what: string, body: string, words?: RegExp])[] = [
  ["nothing odd", ""],
  [
    "a negative size",
    'send({ type: "contents", id, sizes: [-1, 2] }, "x");',
    /holds a message that is not in the protocol/,
  ],
  [
    "a size that is no number",
    `send('{"type":"contents","id":1,"sizes":[null]}', "x");`,
    /holds a message that is not in the protocol/,
  ],
  [
    "a huge size",
    'send({ type: "contents", id, sizes: [9007199254740991] }, "x");',
    /the sum of sizes must be/,
  ],
  [
    "sizes that do not add up",
    'send({ type: "contents", id, sizes: [1, 1] }, "xyz");',
    /the sum of sizes must be 3, got 2/,
  ],
  ["499,000 sizes", 'send({ type: "contents", id, sizes: Array(499_000).fill(0) });', /more contents than/],
  [
    "sizes without a list",
    'send({ type: "contents", id, sizes: { length: 3 } }, "xyz");',
    /holds a message that is not in the protocol/,
  ],
  ["a frame of null", 'send("null");', /holds a message that is not in the protocol/],
  ["a frame of nothing", 'send("");', /JSON can't be parsed/],
  ["a frame nested deep", 'send("[".repeat(400_000));', /JSON can't be parsed/],
  [
    "a million records in a frame",
    `send('[' + "{},".repeat(330_000) + '0]');`,
    /holds a message that is not in the protocol/,
  ],
  [
    "a type that every object has",
    'send({ type: "constructor" });',
    /holds a message that is not in the protocol/,
  ],
  ["the type __proto__", 'send({ type: "__proto__", id });', /holds a message that is not in the protocol/],
  [
    "an own field __proto__",
    `send('{"__proto__":{"type":"hello","version":1}}');`,
    /holds a message that is not in the protocol/,
  ],
  ["another version", 'send({ type: "hello", version: 999 });', /must have version \d+, got 999/],
  [
    "a plugin that is not there",
    'send({ type: "log", plugin: "__proto__", level: "info", message: "" });',
    /does not run/,
  ],
  ["that another plugin is open", 'send({ type: "opened", plugin: "constructor" });', /does not run/],
  ["log levels that every object has", 'send({ type: "log", plugin, level: "constructor", message: "x" });'],
  ["that it dropped lines without number", 'send({ type: "log-dropped", plugin, lines: 9007199254740991 });'],
  [
    "an answer to another call",
    'send({ type: "answer", id: id + 1, durationMs: 0 }, "{}");',
    /not in progress/,
  ],
  [
    "an answer that took forever",
    `send('{"type":"answer","id":1,"durationMs":1e999}', "{}");`,
    /holds a message that is not in the protocol/,
  ],
  ["a delivery", 'send({ type: "delivery", id, delivery: 0 }, "null");', /did not ask for/],
  ["that nothing was settled", 'send({ type: "settled", id, delivery: 0, failure: null });'],
  ["that a stream has ended", 'send({ type: "ended", id, failure: { code: "x", message: "y" } });'],
  [
    "a failure with odd fields",
    `send('{"type":"ended","id":' + id + ',"failure":{"code":"x","message":"y","__proto__":[]}}');`,
  ],
  [
    "an answer that is no JSON",
    'send({ type: "answer", id, durationMs: 0 }, new Uint8Array([0xff, 0]));',
    /can't be parsed/,
  ],
  [
    "half a frame, then another one",
    'write(frame({ type: "ended", id, failure: null }).subarray(0, 40)); send({ type: "ended", id, failure: null });',
    /./,
  ],
  [
    "a thousand half frames of a secret each",
    "for (let n = 0; n < 1000; n++) write(secret);",
    /must have at most/,
  ],
  [
    "a frame whose end is missing",
    'write(frame({ type: "ended", id, failure: null }).subarray(0, -16)); Deno.exit(0);',
    /middle of a frame|exit code 0/,
  ],
  [
    "its secret's first bytes, again and again",
    "for (let n = 0; n < 1000; n++) write(secret.subarray(0, 15));",
  ],
];

Deno.test({
  name: "a runner that says what none would is ended, and the next call has another one",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const says = SAYINGS.map(([what, body]) => `if (content === ${JSON.stringify(what)}) { ${body} }`).join(
      "\n",
    );
    using folder = new TempFolder({
      "plugins/evil/manifest.json": JSON.stringify({
        name: "evil",
        version: "1.0.0",
        description: "For tests",
        roles: ["worker"],
        api: 1,
      }),
      "plugins/evil/mod.ts": scanning("return {};"),
      "runner": fakeRunner(says),
    });
    Deno.chmodSync(folder.at("runner"), 0o755);
    await using stoq = new Stoq({
      stoqHome: folder.at("home"),
      isolation: "process",
      runnerPath: folder.at("runner"),
      pluginDirList: [folder.at("plugins")],
      alwaysDispatch: ["evil", "hash"],
      runners: 1,
      logLevel: "critical",
    });
    for (const [what, , words] of SAYINGS) {
      const { errors, results: [payload] } = await stoq.scan(what);
      assert.equal((payload!.workers.hash as { md5: string }).md5.length, 32, what);
      assert.deepEqual(
        errors.map(({ code, pluginName }) => [code, pluginName]),
        words ? [["plugin-crashed", "evil"]] : [],
        `${what}: ${JSON.stringify(errors)}`,
      );
      if (words) assert.match(errors[0]!.error, words, what);
      else assert.equal(payload!.workers.evil, "works", what);
      const after = await stoq.scan("after");
      assert.deepEqual([after.errors, after.results[0]!.workers.evil], [[], "works"], `after ${what}`);
    }
  },
});
