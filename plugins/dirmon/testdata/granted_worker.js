// Runs dirmon with the permissions that the worker was born with. JavaScript, so that starting it does not run
// the type checker within the test.
import dirmon from "../mod.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

async function ingestOne(options) {
  const stop = new AbortController();
  const context = { log: SILENT, signal: stop.signal, stoqHome: "/stoq", pluginDir: undefined, outputPaths: ["/stoq"] };
  const plugin = await dirmon(options, context);
  const deliveries = plugin.ingest(stop.signal)[Symbol.asyncIterator]();
  const { value } = await deliveries.next();
  await value.settle({ status: "done", scanIds: [] });
  stop.abort();
  await deliveries.next();
  return new TextDecoder().decode(value.item.payload.content);
}

self.onmessage = async ({ data }) => self.postMessage(await ingestOne(data));
