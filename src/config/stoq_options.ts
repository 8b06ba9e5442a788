/**
 * Options of the library: those of the table that are about an instance.
 *
 * @module
 */

import { nearestName } from "../core/contract/nearest.ts";
import { type OptionReading, readOptionData } from "../plugin/option_value.ts";
import { OPTION_ENTRIES, type OptionRecord, OPTIONS, REMOVED_OPTIONS } from "./option_table.ts";

/** What a library's caller may pass; what is absent comes from the environment, `stoq.cfg` or the defaults. */
export interface StoqOptions {
  /** Folder of stoQ's own files; default: `STOQ_HOME`, else `.stoq` in the user's home. */
  readonly stoqHome?: string;
  /** Configuration to use instead of `stoq.cfg` in STOQ_HOME. */
  readonly configFile?: string;
  /** Plugin → option → value; names in snake_case as in `stoq.cfg`, or in camelCase. */
  readonly pluginOpts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Plugin → `net`, `read`, … → what it is granted: `"none"`, `"asked"`, or a list as in section `[sandbox]` of `stoq.cfg`; `isolation` → `"process"` or `"none"`. */
  readonly sandbox?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Whether results say why each plugin ran or did not. */
  readonly explain?: boolean;
  /** Folders of plugins, beside the shipped ones. */
  readonly pluginDirList?: readonly string[];
  /** Where payloads come from in a run. */
  readonly providers?: readonly string[];
  /** Fetch the payloads that a provider only names. */
  readonly sourceArchivers?: readonly string[];
  /** Keep payloads. */
  readonly destArchivers?: readonly string[];
  /** Add to the finished response. */
  readonly decorators?: readonly string[];
  /** Save the response. */
  readonly connectors?: readonly string[];
  /** Choose workers for each payload. */
  readonly dispatchers?: readonly string[];
  /** Choose further workers once a payload has settled. */
  readonly deepDispatchers?: readonly string[];
  /** Workers that scan every payload, extracted ones too. */
  readonly alwaysDispatch?: readonly string[];
  /** Refuse plugins that are neither shipped nor in the `stoq.lock` of STOQ_HOME. */
  readonly frozen?: boolean;
  /** Rounds of workers; default 10. */
  readonly maxRecursion?: number;
  /** Nesting of required workers; default 10. */
  readonly maxRequiredWorkerDepth?: number;
  /** Passes of deep dispatchers for each payload; default 1. */
  readonly maxDispatchPasses?: number;
  /** @deprecated No longer read: a round always waits for its slowest call. */
  readonly lookAheadAfter?: number;
  /** Deliveries that wait in a run; default 100. */
  readonly maxQueue?: number;
  /** Times that a run delivers an item whose results could not be kept; default 5. */
  readonly maxDeliveries?: number;
  /** Deliveries that are scanned at the same time in a run; default: two per processor. */
  readonly providerConsumers?: number;
  /** Least severe message that is logged: `debug`, `info`, `warning`, `error` or `critical`. */
  readonly logLevel?: string;
  /** How log lines are written: `text`, the default, or `json`. */
  readonly logSyntax?: string;
  /** Folder in which `stoq.log` gets all that is logged, for one instance at a time; default: no file. */
  readonly logDir?: string;
  /** Size at which `stoq.log` becomes `stoq.log.1` and a new one begins, in bytes; default 1.5 MB, 0 or `Infinity`: never. */
  readonly logMaxbytes?: number;
  /** Full log files that are kept; default 5, 0: `stoq.log` is never full. */
  readonly logBackupCount?: number;
  /**
   * `process`: plugins that look at payloads, and all that are not shipped, run in processes of their own. `none`: all
   * run in this one, unprotected. Default: `process` where the program may start processes of its own executable.
   */
  readonly isolation?: string;
  /** Processes that plugins without permissions share, and most for each other plugin; default: one per processor. */
  readonly runners?: number;
  /** A stoq binary whose processes plugins run in, for a program that was compiled with stoQ in it. */
  readonly runnerPath?: string;
  /** Largest payload that is scanned, in bytes; default 100 MB. `Infinity` lifts this limit, as it does the following ones. */
  readonly payloadBytes?: number;
  /** All extracted payloads of a request together, in bytes; default 400 MB. */
  readonly extractedBytes?: number;
  /** Payloads of a request; default 10,000. */
  readonly payloads?: number;
  /** What one call may extract, as a multiple of the payload's size; default 100, and 10 MB are always allowed. */
  readonly expansionRatio?: number;
  /** Results of one plugin for one payload, in bytes; default 16 MB. */
  readonly resultBytes?: number;
  /** All that one response holds: bytes of its JSON, and 64 for each object, array and entry; default 64 MB. */
  readonly responseCost?: number;
  /** Errors of one request that are listed; default 10,000. */
  readonly errors?: number;
  /** Times that a worker may ask to be called again later about one payload; default 60. */
  readonly maxResumes?: number;
  /** Payloads and responses of all requests in flight in a run, in bytes; default 2 GB. A further delivery waits before it is read. */
  readonly memoryBudget?: number;
  /** Time for one call of a plugin, in seconds; default 60. */
  readonly pluginTimeout?: number;
  /** Time for a whole request, in seconds; default 600. */
  readonly requestTimeout?: number;
  /** Memory of a process in which plugins run, in bytes; default 1 GiB. */
  readonly runnerMemory?: number;
}

/** Keys that are not in the table, and those of it that have no place in `stoq.cfg`. */
const OTHER_KEYS: Readonly<Record<string, OptionRecord>> = {
  stoqHome: { type: "path", doc: "" },
  configFile: OPTIONS.configFile,
  explain: OPTIONS.explain,
  pluginOpts: { type: "json", doc: "" },
  sandbox: { type: "json", doc: "" },
};

/** @throws {TypeError} that names every unknown key and every value of the wrong type or size */
export function checkStoqOptions(options: StoqOptions): void {
  const configured = OPTION_ENTRIES.filter(([, record]) => record.section !== undefined);
  const records: Readonly<Record<string, OptionRecord>> = {
    ...Object.fromEntries(configured),
    ...OTHER_KEYS,
  };
  const problems = Object.entries(options).flatMap(([key, value]) => {
    if (Object.hasOwn(REMOVED_OPTIONS, key)) return [];
    const record = Object.hasOwn(records, key) ? records[key] : undefined;
    if (!record) {
      const nearest = nearestName(key, Object.keys(records));
      return `"${key}" is not an option of Stoq${nearest ? `, did you mean "${nearest}"?` : ""}`;
    }
    if (key === "pluginOpts" || key === "sandbox") return pluginRecordProblems(key, value);
    return value === undefined
      ? []
      : problemOf(key, readOptionData(record, value, { resolvePath: (path) => path }));
  });
  if (problems.length > 0) throw new TypeError(problems.join("\n"));
}

/** The plugins' own manifests know the rest, but are not read yet. */
function pluginRecordProblems(key: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (!isRecord(value)) return [`${key} is ${JSON.stringify(value)}, must be an object of plugins`];
  return Object.entries(value).flatMap(([plugin, options]) =>
    isRecord(options) ? [] : `${key}.${plugin} is ${JSON.stringify(options)}, must be an object of options`
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problemOf(key: string, reading: OptionReading): string[] {
  return "problem" in reading ? [`${key} ${reading.problem}`] : [];
}
