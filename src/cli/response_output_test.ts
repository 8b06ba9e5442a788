import { summarize } from "../core/contract/summary.ts";
import assert from "node:assert/strict";
import type { StoqResponse } from "../core/contract/contract.ts";
import { outputNotWritten } from "../core/contract/errors.ts";
import { ResponseOutput } from "./response_output.ts";

const responseOf = (scanId: string, decorators: StoqResponse["decorators"] = {}): StoqResponse => ({
  results: [],
  requestMeta: { archivePayloads: true, source: null, extraData: {} },
  errors: [],
  time: "2026-11-24T00:00:00.000Z",
  decorators,
  scanId,
  stoqVersion: "1.0.0",
  plugins: {},
  summary: summarize([], []),
});

/** A response that breaks while it is written, behind so many characters. */
const brokenResponse = (characters: number) =>
  responseOf("broken", {
    long: "x".repeat(characters),
    later: {
      get broken(): never {
        throw new Error("half of it");
      },
    },
  });

/** An output into memory that fails with the write of this number. */
function outputOf(failingWrite = Infinity) {
  const decoder = new TextDecoder();
  let text = "";
  let writes = 0;
  let failures = 0;
  const terminal = {
    hasColor: false,
    columns: 80,
    writeResults(chunks: Iterable<Uint8Array>) {
      for (const chunk of chunks) {
        if (++writes >= failingWrite) return Promise.reject(outputNotWritten(new Error("Broken pipe")));
        text += decoder.decode(chunk);
      }
      return Promise.resolve();
    },
  };
  const output = new ResponseOutput(terminal, "jsonl", () => [], () => failures++);
  return { output, text: () => text, failures: () => failures };
}

const idsIn = (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line).scan_id);

Deno.test("responses are printed whole, one behind the other", async () => {
  const { output, text } = outputOf();
  await Promise.all([
    output.print(responseOf("a")),
    output.print(responseOf("b", { long: "x".repeat(300_000) })),
  ]);
  assert.deepEqual(idsIn(text()), ["a", "b"]);
});

Deno.test("a response that can't be printed is a failure of its own, and the next one is printed", async () => {
  const { output, text, failures } = outputOf();
  const broken = assert.rejects(output.print(brokenResponse(10)), { code: "response-not-printed" });
  await output.print(responseOf("next"));
  await broken;
  assert.deepEqual([output.failure, failures()], [undefined, 0]);
  assert.equal(text().split("\n").filter((line) => line.includes('"next"')).length, 1);
});

Deno.test("what was begun of a response that breaks does not run into the next one", async () => {
  const { output, text } = outputOf();
  // Longer than a chunk, so that its beginning has been written.
  await assert.rejects(output.print(brokenResponse(300_000)), { code: "response-not-printed" });
  await output.print(responseOf("next"));
  const lines = text().trimEnd().split("\n");
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^\{"results":.*xxx$/);
  assert.deepEqual(idsIn(lines[1]!), ["next"]);
});

Deno.test("once standard output fails every response fails, and the run hears of it once", async () => {
  const { output, text, failures } = outputOf(2);
  await output.print(responseOf("a"));
  for (const id of ["b", "c", "d"]) {
    await assert.rejects(output.print(responseOf(id)), { code: "output-not-written" });
  }
  assert.equal(output.failure?.code, "output-not-written");
  assert.equal(failures(), 1);
  assert.deepEqual(idsIn(text()), ["a"]);
});
