import assert from "node:assert/strict";
import { fakeEnvironment, FakeHost, type FakePlugin, fakeScan } from "../testing/fake_environment.ts";
import type { EngineLog } from "../ports/log.ts";
import { runProviders } from "../run/run.ts";
import { MAX_LOGGED_ERRORS } from "./scan_log.ts";

function listen() {
  const lines: [level: string, message: string, facts: Record<string, unknown>][] = [];
  const log: EngineLog = (level, message, facts = {}) => void lines.push([level, message, { ...facts }]);
  return { lines, log };
}

const failing = (): never => {
  throw new Error("broken");
};

Deno.test("a scan tells when it begins and how it ended, under its id", async () => {
  const { lines, log } = listen();
  const { response } = await fakeScan({}, { log }, ["a", "b"]);
  const scanId = response.scanId;
  assert.deepEqual(lines, [
    ["debug", "Scan begins", { scan_id: scanId, payloads: 2 }],
    ["debug", "Scan is done", { scan_id: scanId, payloads: 2, errors: 0, duration_ms: 0 }],
  ]);
});

Deno.test("a plugin's failure is a warning with its code, what loses something is an error", async () => {
  const { lines, log } = listen();
  const plugins: Record<string, FakePlugin> = {
    worker: { scan: failing },
    keeper: { archive: failing },
    saver: { save: failing },
    painter: { decorate: failing },
  };
  const { response } = await fakeScan(plugins, {
    log,
    alwaysDispatch: ["worker", "absent"],
    destArchivers: ["keeper"],
    connectors: ["saver"],
    decorators: ["painter"],
  });
  const failures = lines.filter(([level]) => level !== "debug");
  assert.deepEqual(failures.map(([level, , { plugin, code }]) => [plugin, level, code]).sort(), [
    ["absent", "warning", "plugin-not-found"],
    ["keeper", "error", "plugin-failed"],
    ["painter", "warning", "plugin-failed"],
    ["saver", "error", "plugin-failed"],
    ["worker", "warning", "plugin-failed"],
  ]);
  assert.ok(failures.every(([, , facts]) => facts.scan_id === response.scanId));
  const worker = failures.find(([, , { plugin }]) => plugin === "worker")!;
  assert.equal(worker[1], "worker:failed to scan: Error: broken");
  assert.equal(worker[2].payload_id, response.results[0]?.payloadId);
});

Deno.test("a limit that was met is a warning", async () => {
  const { lines, log } = listen();
  await fakeScan({}, { log, limits: { payloads: 1 } }, ["a", "b"]);
  const [level, , { code }] = lines.find(([level]) => level !== "debug")!;
  assert.deepEqual([level, code], ["warning", "limit-payloads"]);
});

Deno.test("a file that breaks plugins without end does not push all else out of the log", async () => {
  const { lines, log } = listen();
  const contents = Array.from({ length: MAX_LOGGED_ERRORS + 30 }, (_, index) => `${index}`);
  const { response } = await fakeScan(
    { worker: { scan: failing } },
    { log, alwaysDispatch: ["worker"] },
    contents,
  );
  assert.equal(response.errors.length, contents.length);
  const warnings = lines.filter(([level]) => level === "warning");
  assert.equal(warnings.length, MAX_LOGGED_ERRORS + 1);
  assert.equal(warnings.at(-1)![1], "30 more errors are in the response");
});

Deno.test("a run tells its begin, its end, and failures that no response tells", async () => {
  const { lines, log } = listen();
  const host = new FakeHost({
    source: {
      async *ingest() {
        yield { item: { kind: "task", task: { absent: {} } }, settle: failing };
        throw new Error("the source is gone");
      },
    },
  });
  const setup = { providers: ["source"], sourceArchivers: [], maxQueue: 1, consumers: 1, maxDeliveries: 1 };
  await runProviders(fakeEnvironment(host, { log }), setup);
  assert.deepEqual(lines[0], ["info", "Run begins", { providers: "source" }]);
  const errors = lines.filter(([level]) => level === "error").map(([, , { code }]) => code).sort();
  assert.deepEqual(errors, ["archiver-not-active", "plugin-failed", "settle-failed"]);
  assert.deepEqual(lines.at(-1), ["info", "Run is done", {
    done: 0,
    failed: 1,
    retried: 0,
    abandoned: 0,
    skipped: 0,
    errors: 3,
  }]);
});
