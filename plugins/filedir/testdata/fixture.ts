/**
 * Folders, contexts and responses for filedir's tests.
 *
 * @module
 */

import {
  createResponseWriter,
  type MaybePromise,
  type PayloadView,
  type Plugin,
  type PluginContext,
  type RequestView,
  type ResponseWriter,
  type StoqResponse,
} from "../../../src/plugin/define.ts";
import filedir, { type FiledirOptions } from "../mod.ts";

/** A scan id as the engine makes them. */
export const SCAN_ID = "6a2cd8cd-ba2a-4a3c-a5f5-0b6f1b7c3d11";

export { beforeOpening, temporaryFolder } from "../../../src/plugin/kit/testing/files.ts";

/** A context that collects warnings. */
export function collectingContext(): { context: PluginContext; warnings: string[] } {
  const warnings: string[] = [];
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message), error() {} };
  const { signal } = new AbortController();
  return { context: { log, signal, stoqHome: "/stoq", pluginDir: undefined, outputPaths: [] }, warnings };
}

/** A plugin whose folders are below `folder`, with its manifest's defaults otherwise. */
export async function pluginIn(
  folder: string,
  options: Partial<FiledirOptions> = {},
): Promise<
  Required<Pick<Plugin, "ingest" | "archive" | "get">> & {
    save(response: StoqResponse, writer?: ResponseWriter): MaybePromise<void>;
    warnings: string[];
  }
> {
  const { context, warnings } = collectingContext();
  const plugin = await filedir({
    recursive: false,
    resultsDir: `${folder}/results`,
    compactly: true,
    archiveDir: `${folder}/archive`,
    useSha: true,
    dateMode: false,
    dateFormat: "%Y/%m/%d",
    ...options,
  }, context);
  const { ingest, save, archive, get } = plugin;
  return {
    ingest: ingest!,
    // As the engine calls it.
    save: (response, writer = createResponseWriter(response)) => save!(response, writer),
    archive: archive!,
    get: get!,
    warnings,
  };
}

/** A response without results. */
export function responseOf(changes: Partial<StoqResponse> = {}): StoqResponse {
  return {
    results: [],
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    time: "2024-02-29T23:59:58.123Z",
    decorators: {},
    scanId: SCAN_ID,
    stoqVersion: "3.0.0",
    plugins: {},
    ...changes,
  };
}

/** A payload as an archiver sees it; filedir looks at content and id alone. */
export function payloadOf(content: string, payloadId = "ba4b1a9c-4bd6-4b0c-9f3f-6f3f3a9a1c11"): PayloadView {
  return { content: new TextEncoder().encode(content), payloadId } as PayloadView;
}

/** A request that filedir does not look at. */
export const REQUEST = {} as RequestView;

/** The names of a folder's entries, sorted; empty when there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
