/**
 * Saves as many responses as the first argument says, each with a text as long as the second says, through
 * the plugin.
 *
 * @module
 */

import type { PluginContext, StoqResponse } from "../../../src/plugin/define.ts";
import stdout from "../mod.ts";

const [count, length] = Deno.args.map(Number);
const plugin = await stdout({}, {} as PluginContext);
const saves = Array.from({ length: count! }, (_, index) =>
  plugin.save!({
    results: [],
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    time: "2024-02-29T23:59:58.123Z",
    decorators: { index, text: "x".repeat(length!) },
    scanId: crypto.randomUUID(),
    stoqVersion: "3.0.0",
    plugins: {},
  } satisfies StoqResponse));
await Promise.all(saves);
console.error("saved");
