import assert from "node:assert/strict";
import { serializeResponse } from "../../src/plugin/define.ts";
import manifest from "./manifest.json" with { type: "json" };
import type { FiledirOptions } from "./mod.ts";
import { namesIn, pluginIn, responseOf, SCAN_ID, temporaryFolder } from "./testing/fixture.ts";

Deno.test("results are one line in a file named by the scan id, and nothing else is in their folder", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const response = responseOf({ decorators: { note: "naïve 猫" } });
  await plugin.save(response);
  assert.deepEqual(await namesIn(`${folder.path}/results`), [SCAN_ID]);
  assert.equal(
    await Deno.readTextFile(`${folder.path}/results/${SCAN_ID}`),
    `${serializeResponse(response, { compactly: true })}\n`,
  );
});

Deno.test("without compactly results are indented by four", async () => {
  await using folder = await temporaryFolder();
  await (await pluginIn(folder.path, { compactly: false })).save(responseOf());
  const text = await Deno.readTextFile(`${folder.path}/results/${SCAN_ID}`);
  assert.match(text, /^\{\n {4}"results": \[\],\n {4}"request_meta": \{\n {8}"archive_payloads": true,\n/);
  assert.match(text, /\n\}\n$/);
});

Deno.test("with date_mode results are in a folder of the response's day in UTC", async () => {
  await using folder = await temporaryFolder();
  await (await pluginIn(folder.path, { dateMode: true })).save(responseOf());
  assert.deepEqual(await namesIn(`${folder.path}/results/2024/02/29`), [SCAN_ID]);
});

Deno.test("of responses with one scan id that are saved at once, one is saved and the others fail", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const saves = Array.from({ length: 20 }, (_, index) => plugin.save(responseOf({ decorators: { index } })));
  const outcomes = await Promise.allSettled(saves);
  const saved = outcomes.findIndex(({ status }) => status === "fulfilled");
  const reasons = outcomes.flatMap((
    outcome,
  ) => (outcome.status === "rejected" ? [outcome.reason.message] : []));
  const path = `${folder.path}/results/${SCAN_ID}`;
  assert.deepEqual(reasons, Array(19).fill(`save results as "${path}": the file exists already`));
  assert.deepEqual(JSON.parse(await Deno.readTextFile(path)).decorators, { index: saved });
});

Deno.test("many responses are saved at once", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path, { dateMode: true });
  const ids = Array.from({ length: 100 }, () => crypto.randomUUID());
  await Promise.all(ids.map((scanId) => plugin.save(responseOf({ scanId }))));
  assert.deepEqual(await namesIn(`${folder.path}/results/2024/02/29`), ids.toSorted());
  assert.deepEqual(await namesIn(`${folder.path}/results.partial`), []);
});

Deno.test("a scan id that is a path is refused, and nothing is written", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  for (const scanId of ["../escaped", "/tmp/escaped", "..", ""]) {
    await assert.rejects(async () => await plugin.save(responseOf({ scanId })), { code: "name-not-safe" });
  }
  assert.deepEqual(await namesIn(folder.path), []);
});

Deno.test("results that can't be written are an error", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  const plugin = await pluginIn(folder.path, { resultsDir: `${folder.path}/file/results` });
  await assert.rejects(async () => await plugin.save(responseOf()), { code: "file-not-written" });
});

Deno.test("a date format with an unknown directive fails at load, also where no date is used", async () => {
  await assert.rejects(pluginIn("/unused", { dateFormat: "%Y/%B" }), { code: "date-format-invalid" });
});

Deno.test("the plugin has the methods of its manifest's roles", async () => {
  const { warnings: _warnings, infos: _infos, ...plugin } = await pluginIn("/unused");
  assert.deepEqual(manifest.roles, ["provider", "source-archiver", "dest-archiver", "connector"]);
  assert.ok(Object.values(plugin).every((method) => typeof method === "function"));
});

/** The manifest's paths with the options in place of their placeholders. */
function granted(paths: readonly string[], options: Readonly<Record<string, unknown>>): string[] {
  return paths.map((path) => path.replace(/\$\{(\w+)\}/g, (_, name) => String(options[name])));
}

Deno.test("all roles work with the permissions that the manifest asks, and with no others", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/source`);
  await Deno.writeTextFile(`${path}/source/file`, "content");
  await Deno.writeTextFile(`${path}/secret`, "secret");
  const paths = {
    source_dir: `${path}/source`,
    results_dir: `${path}/results`,
    archive_dir: `${path}/archive`,
  };
  const options: FiledirOptions = {
    sourceDir: paths.source_dir,
    recursive: true,
    resultsDir: paths.results_dir,
    compactly: true,
    archiveDir: paths.archive_dir,
    useSha: true,
    dateMode: true,
    dateFormat: "%Y/%m/%d",
    shared: false,
    sync: true,
  };
  const { read, write } = manifest.permissions;
  const worker = new Worker(new URL("testdata/granted_worker.js", import.meta.url), {
    type: "module",
    deno: { permissions: { read: granted(read, paths), write: granted(write, paths) } },
  });
  const answer = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage({ options, response: responseOf(), task: { path: `${path}/secret` } });
  });
  worker.terminate();
  assert.deepEqual(answer, { text: "content", refused: "NotCapable" });
  assert.deepEqual(await namesIn(`${path}/results/2024/02/29`), [SCAN_ID]);
});

Deno.test("results are written in chunks, and what fails on the way leaves no file", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const chunks = ["one", "two"].map((text) => new TextEncoder().encode(text));
  await plugin.save(responseOf(), { sizeBytes: 6, chunks: () => chunks });
  assert.equal(await Deno.readTextFile(`${folder.path}/results/${SCAN_ID}`), "onetwo\n");
  function* failing() {
    yield chunks[0]!;
    throw new Error("broken");
  }
  const scanId = crypto.randomUUID();
  const writer = { sizeBytes: 6, chunks: failing };
  await assert.rejects(async () => await plugin.save(responseOf({ scanId }), writer), { message: "broken" });
  assert.deepEqual(await namesIn(`${folder.path}/results`), [SCAN_ID]);
  assert.deepEqual(await namesIn(`${folder.path}/results.partial`), []);
});
