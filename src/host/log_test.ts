import assert from "node:assert/strict";
import { FLOOD_LINES, FLOOD_WINDOW_MS } from "../core/ports/line_rate.ts";
import { Log, type LogSetup, MAX_LOG_TEXT } from "./log.ts";

/** A log with a clock that tests set, and a file in memory. */
function logOf(setup: Partial<LogSetup>) {
  const shown: string[] = [];
  const filed: string[] = [];
  const time = { ms: 0 };
  const log = new Log({
    level: "info",
    syntax: "text",
    file: { write: (line) => void filed.push(line), close: () => void filed.push("closed") },
    system: {
      clock: { now: () => time.ms, date: () => new Date(0), after: () => () => {} },
      warn: (line) => void shown.push(line),
    },
    ...setup,
  });
  return { log, shown, filed, time };
}

Deno.test("what a plugin logs is shown and filed under its name, from the level on", () => {
  const { log, shown, filed } = logOf({ level: "warning" });
  const { debug, info, warn, error } = log.of("hash");
  for (const write of [debug, info, warn, error]) write("so it is");
  assert.deepEqual(shown, [
    "[1970-01-01T00:00:00.000Z WARNING] stoq.hash: so it is",
    "[1970-01-01T00:00:00.000Z ERROR] stoq.hash: so it is",
  ]);
  assert.deepEqual(filed, shown.map((line) => `${line}\n`));
  log.close();
  assert.equal(filed.at(-1), "closed");
});

Deno.test("lines of the engine go to the file, and to standard error at level debug only", () => {
  const { log, shown, filed } = logOf({});
  log.engine("debug", "Scan begins");
  log.engine("warning", "worker:failed to scan", { code: "plugin-failed", plugin: "x" });
  assert.deepEqual(shown, []);
  assert.deepEqual(filed, [
    "[1970-01-01T00:00:00.000Z WARNING] stoq: worker:failed to scan (code=plugin-failed plugin=x)\n",
  ]);
  const all = logOf({ level: "debug" });
  all.log.engine("debug", "Scan begins");
  assert.deepEqual([all.shown.length, all.filed.length], [1, 1]);
});

Deno.test("a note is shown in its own words, and filed as a warning", () => {
  const { log, shown, filed } = logOf({});
  log.note("Plugin x is replaced");
  assert.deepEqual(shown, ["Plugin x is replaced"]);
  assert.deepEqual(filed, ["[1970-01-01T00:00:00.000Z WARNING] stoq: Plugin x is replaced\n"]);
});

for (const syntax of ["text", "json"]) {
  Deno.test(`a hostile message forges no line and steers no terminal, as ${syntax}`, () => {
    const { log, shown } = logOf({ syntax });
    const message = "a\n[1970 ERROR] stoq: forged\r\x1b[2J\u009b31m\u202e\u2028\ud800";
    log.of("hash").warn(message);
    log.of("hash").warn(`\u0007${"x".repeat(MAX_LOG_TEXT)}`);
    log.of("hash").warn({ toString: () => "an object" } as unknown as string);
    assert.equal(shown.length, 3);
    assert.deepEqual(shown.map((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Cs}]/u.test(line)), [false, false, false]);
    assert.match(shown[1]!, /[^x]x{9999} … \(cut\)/);
    if (syntax === "text") return;
    assert.deepEqual(JSON.parse(shown[0]!), {
      asctime: "1970-01-01T00:00:00.000Z",
      levelname: "WARNING",
      name: "stoq.hash",
      message,
    });
  });
}

Deno.test("facts have keys of their own in JSON, and are bounded like messages", () => {
  const { log, filed } = logOf({ syntax: "json" });
  log.engine("error", "connector:failed to save", { code: "plugin-failed", scan_id: "1" });
  const { code, scan_id: scanId, levelname } = JSON.parse(filed[0]!);
  assert.deepEqual([code, scanId, levelname], ["plugin-failed", "1", "ERROR"]);
  log.engine("info", "Scan begins", { source: "x".repeat(MAX_LOG_TEXT + 1) });
  assert.equal(JSON.parse(filed[1]!).source, `${"x".repeat(MAX_LOG_TEXT)} … (cut)`);
});

Deno.test("lines of a plugin that logs in a loop are dropped and counted, and other plugins are not affected", () => {
  const { log, filed, time } = logOf({});
  for (let line = 0; line < FLOOD_LINES + 7; line++) log.of("loud").info("again");
  log.of("quiet").info("hello");
  log.addDropped("loud", 3);
  assert.equal(filed.length, FLOOD_LINES + 1);
  time.ms = FLOOD_WINDOW_MS;
  log.of("loud").info("later");
  assert.deepEqual(filed.slice(-2), [
    "[1970-01-01T00:00:00.000Z WARNING] stoq.loud: 10 lines were dropped: it logged more than 1000 within 10 s\n",
    "[1970-01-01T00:00:00.000Z INFO] stoq.loud: later\n",
  ]);
});

Deno.test("the number of dropped lines is logged at the end", () => {
  const { log, filed } = logOf({});
  for (let line = 0; line <= FLOOD_LINES; line++) log.of("loud").info("again");
  log.close();
  assert.match(filed.at(-2)!, /stoq\.loud: 1 line was dropped/);
});
