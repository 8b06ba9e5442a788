import assert from "node:assert/strict";
import { sevenZipModule } from "./binary.js";
import { extractCommand, listCommand } from "./command.ts";
import type { RunSink } from "./guest_files.ts";
import { MAX_ARGUMENT_BYTES, runSevenZip, StopRun } from "./guest_run.ts";
import { fixture, text, utf8 } from "./testing/archives.ts";

const OPEN = { password: "", excludedFormats: [], format: undefined };
const MEMORY_BYTES = 64 * 2 ** 20;

function sinkWith(changes: Partial<RunSink>): RunSink {
  const file = { write() {}, close() {} };
  return { createFile: () => file, removeFile() {}, createLink() {}, print() {}, ...changes };
}

function run(args: readonly string[], sink: RunSink, input = fixture("deflate.zip")) {
  return runSevenZip(sevenZipModule, { args, input, memoryBytes: MEMORY_BYTES, sink });
}

Deno.test("a run ends with 7-Zip's exit code", () => {
  assert.deepEqual(run(listCommand(OPEN), sinkWith({})), { kind: "exit", code: 0 });
  assert.deepEqual(run(listCommand(OPEN), sinkWith({}), utf8("no archive")), { kind: "exit", code: 2 });
});

Deno.test("an exception of 7-Zip ends the run and says where it comes from", () => {
  const cut = fixture("deflate.zip").slice(0, 200);
  const end = run(listCommand(OPEN), sinkWith({}), cut);
  assert.deepEqual(end, { kind: "exception", typeName: "N8NArchive4NZip12CUnexpectEndE" });
});

const ALL = { paths: [], hasFolders: true };

Deno.test("a sink may stop the run, and what else it throws is thrown on", () => {
  const stop = () => {
    throw new StopRun();
  };
  const fail = () => {
    throw new TypeError("a bug");
  };
  assert.deepEqual(run(extractCommand(OPEN, ALL), sinkWith({ createFile: stop })), { kind: "stopped" });
  assert.throws(() => run(extractCommand(OPEN, ALL), sinkWith({ createFile: fail })), /a bug/);
});

Deno.test("the guest gets no more memory than it may have", () => {
  // LZMA alone: properties, 64 MiB of dictionary, unknown size, nonsense.
  const input = new Uint8Array(100);
  input.set([0x5d, 0, 0, 0, 4, 255, 255, 255, 255, 255, 255, 255, 255, 0]);
  const messageWith = (memoryBytes: number) => {
    let errors = "";
    const sink = sinkWith({
      print: (stream, chunk) => void (errors += stream === "stderr" ? text(chunk) : ""),
    });
    runSevenZip(sevenZipModule, { args: extractCommand(OPEN, ALL), input, memoryBytes, sink });
    return errors;
  };
  assert.match(messageWith(32 * 2 ** 20), /Can't allocate required memory/);
  assert.doesNotMatch(messageWith(128 * 2 ** 20), /memory/);
});

Deno.test("a command line that does not fit is refused", () => {
  const args = ["l", "x".repeat(MAX_ARGUMENT_BYTES)];
  assert.throws(() => run(args, sinkWith({})), RangeError);
});
