/**
 * Saves as many responses as the first argument says, each with a text as long as the second says, through
 * the plugin; then says on standard error what became of them.
 *
 * @module
 */

import { summarize } from "../../../src/plugin/define.ts";
import { createResponseWriter, type PluginContext, type StoqResponse } from "../../../src/plugin/define.ts";
import stdout from "../mod.ts";

const [count, length] = Deno.args.map(Number);
const plugin = await stdout({}, {} as PluginContext);
const saves = Array.from({ length: count! }, async (_, index) => {
  const response: StoqResponse = {
    results: [],
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    time: "2024-02-29T23:59:58.123Z",
    decorators: { index, text: "x".repeat(length!) },
    scanId: crypto.randomUUID(),
    stoqVersion: "3.0.0",
    plugins: {},
    summary: summarize([], []),
  };
  await plugin.save!(response, createResponseWriter(response));
});
for (const outcome of await Promise.allSettled(saves)) {
  console.error(outcome.status === "rejected" ? outcome.reason.message : "saved");
}
