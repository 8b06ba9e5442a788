/**
 * What a plugin is called with, for tests.
 *
 * @module
 */

import type {
  PayloadView,
  Plain,
  PlainRecord,
  PluginContext,
  RequestView,
} from "../../../src/plugin/define.ts";
import type { YaraOptions } from "../mod.ts";

/** A request that no method looks at. */
export const REQUEST = {} as RequestView;

/** The manifest's defaults. */
export const DEFAULTS: YaraOptions = {
  engine: "auto",
  // Tests write nothing into a STOQ_HOME but where they say so.
  cache: false,
  namespace: "default",
  profile: false,
  matchedBytesLimit: 256,
  contextBytes: 0,
  xorFirstMatch: true,
};

/** A path in `testdata`. */
export function testPath(path: string): string {
  return new URL(`../testdata/${path}`, import.meta.url).pathname;
}

/** A payload with metadata and with results of workers that ran before. */
export function payloadOf(
  content: string | Uint8Array,
  extraData: PlainRecord = {},
  workers: Readonly<Record<string, Plain>> = {},
): PayloadView {
  const bytes = typeof content === "string" ? Uint8Array.from(content, (c) => c.charCodeAt(0)) : content;
  const view = { content: bytes, payloadMeta: { extraData }, extractedFrom: [], results: { workers } };
  return view as unknown as PayloadView;
}

/** A context whose log is kept, a line each: `warn: …`. */
export function contextOf(lines: string[] = []): PluginContext {
  const keep = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return {
    log: { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") },
    signal: new AbortController().signal,
    stoqHome: "/stoq",
    pluginDir: undefined,
    outputPaths: [],
  };
}

/** The matches of a worker's results, or of a dispatcher's metadata. */
export function matchesOf(results: Plain | undefined): readonly PlainRecord[] {
  return (results as PlainRecord).matches as readonly PlainRecord[];
}
