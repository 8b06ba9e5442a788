// Runs every role of filedir with the permissions that the worker was born with. JavaScript, so that starting
// it does not run the type checker within the test.
import { createResponseWriter } from "../../../src/plugin/define.ts";
import filedir from "../mod.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

async function playAllRoles({ options, response, task }) {
  const { signal } = new AbortController();
  const context = { log: SILENT, signal, stoqHome: "/stoq", pluginDir: undefined, outputPaths: [] };
  const plugin = await filedir(options, context);
  let content;
  for await (const delivery of plugin.ingest(signal)) {
    content = delivery.item.payload.content;
    await delivery.settle({ status: "done", scanIds: [] });
  }
  const { results } = await plugin.archive({ content, payloadId: "id", sha256: "0".repeat(64) }, {});
  await plugin.save(response, createResponseWriter(response));
  const found = await plugin.get(results);
  const refused = await Promise.resolve(plugin.get(task)).catch((error) => error.name);
  return { text: new TextDecoder().decode(found.content), refused };
}

self.onmessage = async ({ data }) => self.postMessage(await playAllRoles(data));
