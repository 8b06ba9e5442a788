/**
 * Folders, contexts and responses for filedir's tests.
 *
 * @module
 */

import { summarize } from "../../../src/plugin/define.ts";
import { createHash } from "node:crypto";
import {
  createResponseWriter,
  type Delivery,
  type MaybePromise,
  type PayloadView,
  type Plugin,
  type PluginContext,
  type RawFiles,
  type RequestView,
  type ResponseWriter,
  type SkippedItem,
  type StoqResponse,
} from "../../../src/plugin/define.ts";
import { type Storage, systemStorage } from "../../../src/plugin/kit/mod.ts";
import { createFiledir, type FiledirOptions } from "../mod.ts";
import { type NewFileOptions, NewFileWriter } from "../new_file.ts";

/** A scan id as the engine makes them. */
export const SCAN_ID = "6a2cd8cd-ba2a-4a3c-a5f5-0b6f1b7c3d11";

export { beforeOpening, namesIn, temporaryFolder } from "../../../src/plugin/kit/testing/files.ts";

/** A context that collects warnings and information. */
export function collectingContext(
  outputPaths: readonly string[] = [],
): { context: PluginContext; warnings: string[]; infos: string[] } {
  const [warnings, infos]: [string[], string[]] = [[], []];
  const log = {
    debug() {},
    info: (message: string) => void infos.push(message),
    warn: (message: string) => void warnings.push(message),
    error() {},
  };
  const { signal } = new AbortController();
  return { context: { log, signal, stoqHome: "/stoq", pluginDir: undefined, outputPaths }, warnings, infos };
}

/** Takes a provider's deliveries to the end, each settled as done when it comes; what was skipped is apart. */
export async function takeAll(
  stream: AsyncIterable<Delivery>,
): Promise<{ deliveries: Delivery[]; skipped: SkippedItem[] }> {
  const deliveries: Delivery[] = [];
  const skipped: SkippedItem[] = [];
  for await (const delivery of stream) {
    if (delivery.item.kind === "skipped") skipped.push(delivery.item.skipped);
    else {
      deliveries.push(delivery);
      await delivery.settle({ status: "done", scanIds: [] });
    }
  }
  return { deliveries, skipped };
}

/** A plugin whose folders are below `folder`, with its manifest's defaults otherwise. */
export async function pluginIn(
  folder: string,
  options: Partial<FiledirOptions> = {},
  storage: Storage = systemStorage,
  outputPaths: readonly string[] = [],
  rawFiles?: RawFiles,
): Promise<
  Required<Pick<Plugin, "ingest" | "archive" | "get">> & {
    save(response: StoqResponse, writer?: ResponseWriter): MaybePromise<void>;
    warnings: string[];
    infos: string[];
  }
> {
  const { context, warnings, infos } = collectingContext(outputPaths);
  const plugin = await createFiledir(storage, {
    recursive: false,
    resultsDir: `${folder}/results`,
    compactly: true,
    archiveDir: `${folder}/archive`,
    useSha: true,
    dateMode: false,
    dateFormat: "%Y/%m/%d",
    shared: false,
    sync: true,
    ...options,
  }, { ...context, rawFiles });
  const { ingest, save, archive, get } = plugin;
  return {
    ingest: ingest!,
    // As the engine calls it.
    save: (response, writer = createResponseWriter(response)) => save!(response, writer),
    archive: archive!,
    get: get!,
    warnings,
    infos,
  };
}

/** A writer of files below a folder, and its warnings. */
export function writerAt(
  root: string,
  options: Partial<NewFileOptions> = {},
): { writer: NewFileWriter; warnings: string[] } {
  const { context: { log }, warnings } = collectingContext();
  const writer = new NewFileWriter(root, {
    storage: systemStorage,
    log,
    isShared: false,
    shouldFlush: true,
    ...options,
  });
  return { writer, warnings };
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
    summary: summarize([], []),
    ...changes,
  };
}

/** A payload as an archiver sees it; filedir looks at content, id and SHA-256 alone. */
export function payloadOf(text: string, payloadId = "ba4b1a9c-4bd6-4b0c-9f3f-6f3f3a9a1c11"): PayloadView {
  const content = new TextEncoder().encode(text);
  return { content, payloadId, sha256: createHash("sha256").update(content).digest("hex") } as PayloadView;
}

/** A request that filedir does not look at. */
export const REQUEST = {} as RequestView;
