import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (fileName: string, source: string) => messagesOf("pure-core", fileName, source);

const IMPURE = [
  "Date.now();",
  "new Date();",
  "Math.random();",
  "crypto.randomUUID();",
  "performance.now();",
  "console.log(1);",
  "fetch('x');",
  "setTimeout(f, 1);",
  "AbortSignal.timeout(1);",
  "new WebSocket('x');",
  "new Worker('x');",
  "globalThis.fetch('x');",
  "const { fetch: get } = globalThis; get('x');",
];

for (const source of IMPURE) {
  Deno.test(`the engine may not write ${source}`, () => {
    assert.equal(say("src/core/scan/scan.ts", source).length, 1);
    assert.deepEqual(say("src/host/clock.ts", source), []);
    assert.deepEqual(say("src/core/scan/scan_test.ts", source), []);
  });
}

Deno.test("what depends on arguments alone passes", () => {
  const source =
    "new Date(0); clock.performance.now(); host.fetch('x'); Math.max(1, 2); AbortSignal.any([]);";
  assert.deepEqual(say("src/core/scan/scan.ts", source), []);
});
