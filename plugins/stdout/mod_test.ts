import { summarize } from "../../src/plugin/define.ts";
import assert from "node:assert/strict";
import { serializeResponse, type StoqResponse } from "../../src/plugin/define.ts";
import manifest from "./manifest.json" with { type: "json" };
import { systemErrorOf } from "../../src/plugin/kit/testing/faulty_storage.ts";
import { outputWith, saveWith } from "../../src/plugin/kit/testing/plugin_calls.ts";
import { createConnector } from "./mod.ts";

function responseOf(scanId: string): StoqResponse {
  return {
    results: [],
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    time: "2024-02-29T23:59:58.123Z",
    decorators: { note: "naïve 猫" },
    scanId,
    stoqVersion: "3.0.0",
    plugins: {},
    summary: summarize([], []),
  };
}

Deno.test("a response is printed as JSON indented by four, with a line end", async () => {
  const output = outputWith(1000);
  await saveWith(createConnector(output), responseOf("a"));
  assert.equal(output.text(), `${serializeResponse(responseOf("a"))}\n`);
  assert.match(
    output.text(),
    /^\{\n {4}"results": \[\],\n {4}"request_meta": \{\n {8}"archive_payloads": true,\n/,
  );
});

Deno.test("responses saved at once are printed one after the other, also by an output that takes little", async () => {
  const output = outputWith(3);
  const connector = createConnector(output);
  await Promise.all(["a", "b", "c"].map((scanId) => saveWith(connector, responseOf(scanId))));
  assert.equal(
    output.text(),
    ["a", "b", "c"].map((scanId) => `${serializeResponse(responseOf(scanId))}\n`).join(""),
  );
});

Deno.test("a response that can't be printed is a failure, and the next one is printed", async () => {
  const output = outputWith(1000);
  const failures = [systemErrorOf("ENOSPC")];
  const connector = createConnector({
    write(bytes) {
      const failure = failures.pop();
      return failure ? Promise.reject(failure) : output.write(bytes);
    },
  });
  const [first, second] = await Promise.allSettled(
    ["a", "b"].map((scanId) => saveWith(connector, responseOf(scanId))),
  );
  assert.equal(first!.status === "rejected" && first!.reason.code, "output-not-written");
  assert.equal(second!.status, "fulfilled");
  assert.equal(output.text(), `${serializeResponse(responseOf("b"))}\n`);
});

Deno.test("the manifest asks no permission and has the plugin's role", () => {
  assert.deepEqual(Object.keys(createConnector(outputWith(1))), ["save"]);
  assert.deepEqual(manifest.roles, ["connector"]);
  assert.equal("permissions" in manifest, false);
});

function printing(count: number, length: number): Deno.ChildProcess {
  const script = new URL("testing/print.ts", import.meta.url).href;
  const args = ["run", "--no-config", "--no-lock", "--no-prompt", script, String(count), String(length)];
  return new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" }).spawn();
}

Deno.test("a process prints more than a pipe holds, whole", async () => {
  const { stdout, code } = await printing(3, 1_000_000).output();
  assert.equal(code, 0);
  const responses = new TextDecoder().decode(stdout).split(/(?<=^\}\n)/m).filter((text) => text !== "");
  assert.deepEqual(responses.map((text) => JSON.parse(text).decorators.index), [0, 1, 2]);
});

Deno.test("a process whose reader goes away has saved nothing, and says how much of the first was printed", async () => {
  const child = printing(3, 1_000_000);
  await child.stdout.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assert.equal(code, 0);
  const closed = "Could not print to standard output: its reader has closed it; ";
  const [first, ...others] = stderr.trimEnd().split("\n");
  assert.ok(first!.startsWith(closed), first);
  assert.deepEqual(others, Array(2).fill(`${closed}nothing was printed`));
});

Deno.test(
  "a process whose output is a full device has saved nothing",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    const script = new URL("testing/print.ts", import.meta.url).pathname;
    const run = `exec "$0" run --no-config --no-lock --no-prompt "$1" 2 10 > /dev/full`;
    const { stderr } = await new Deno.Command("sh", { args: ["-c", run, Deno.execPath(), script] }).output();
    const line =
      "Could not print to standard output: No space left on device (ENOSPC); nothing was printed\n";
    assert.equal(new TextDecoder().decode(stderr), line + line);
  },
);
