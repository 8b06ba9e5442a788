/**
 * Calls of a plugin's methods as the engine makes them.
 *
 * @module
 */

import type {
  PayloadView,
  Plugin,
  PluginContext,
  PluginFactory,
  RequestView,
  StoqResponse,
  WorkerResponse,
} from "../../define.ts";
import { createResponseWriter } from "../../define.ts";
import type { Output } from "../printer.ts";

/** A context without a log. */
export const CONTEXT: PluginContext = {
  log: { debug() {}, info() {}, warn() {}, error() {} },
  signal: new AbortController().signal,
  stoqHome: "/stoq",
  pluginDir: undefined,
  outputPaths: [],
};

/** What a worker is called with beside the content. */
export interface ScanInput {
  readonly payload?: Partial<PayloadView>;
  readonly request?: Partial<RequestView>;
}

/** Makes a worker and scans bytes, or text in UTF-8. */
export async function scanWith<Options>(
  factory: PluginFactory<Options>,
  options: Options,
  content: Uint8Array | string,
  { payload = {}, request = {} }: ScanInput = {},
): Promise<WorkerResponse | undefined> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const { scan } = await factory(options, CONTEXT);
  return await scan!({ ...payload, content: bytes } as PayloadView, request as RequestView);
}

/** Saves a response with a connector. */
export async function saveWith(plugin: Plugin, response: StoqResponse): Promise<void> {
  await plugin.save!(response, createResponseWriter(response));
}

/** Returns an output that accepts at most `roomBytes` a call, after a turn of the event loop. */
export function outputWith(roomBytes: number): Output & { text(): string } {
  const taken: number[] = [];
  return {
    async write(bytes) {
      await Promise.resolve();
      taken.push(...bytes.subarray(0, roomBytes));
      return Math.min(roomBytes, bytes.length);
    },
    text: () => new TextDecoder().decode(Uint8Array.from(taken)),
  };
}
