/**
 * Every option of stoQ, one record each: flags, `--help`, `stoq.cfg`, the library's types and the reference page come from here.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import { DEFAULT_LIMITS } from "../core/contract/limits.ts";
import type { OptionDeclaration } from "../plugin/manifest.ts";
import type { OptionType } from "../plugin/option_value.ts";

/** A flag of the command line. */
export interface Flag {
  readonly long: string;
  readonly short?: string;
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string;
}

/** One option. */
export interface OptionRecord extends OptionDeclaration {
  /** Section of `stoq.cfg`; absent for what is said for one run alone. */
  readonly section?: "core" | "limits";
  readonly flag?: Flag;
  /** Commands that take the flag; absent: `scan` and `run`. */
  readonly commands?: readonly string[];
  /** The role in which the plugins of this list are used. */
  readonly role?: Role;
}

/** An option that is no longer read: setting it is a note, not a problem. */
export interface RemovedOption extends Pick<OptionRecord, "section"> {
  /** Version of stoQ that no longer reads it. */
  readonly removedIn: string;
  /** What to do about it, a sentence that begins in lower case: `delete it, rounds wait for slow calls`. */
  readonly hint: string;
}

/** Options by the name that they have in the library; `stoq.cfg` and the environment have it in snake_case. */
export const OPTIONS = {
  providers: {
    type: "list",
    section: "core",
    role: "provider",
    doc: "Provider plugins: where payloads come from",
    flag: { long: "providers", short: "P", value: "NAME..." },
    commands: ["run"],
  },
  sourceArchivers: {
    type: "list",
    section: "core",
    role: "source-archiver",
    doc: "Source archivers: fetch the payloads that a provider only names",
    flag: { long: "source-archivers", short: "S", value: "NAME..." },
  },
  destArchivers: {
    type: "list",
    section: "core",
    role: "dest-archiver",
    doc: "Destination archivers: keep the payloads",
    flag: { long: "dest-archivers", short: "A", value: "NAME..." },
  },
  decorators: {
    type: "list",
    section: "core",
    role: "decorator",
    doc: "Decorators: add to the finished response",
    flag: { long: "decorators", short: "D", value: "NAME..." },
  },
  connectors: {
    type: "list",
    section: "core",
    role: "connector",
    doc: "Connectors: save the response",
    flag: { long: "connectors", short: "C", value: "NAME..." },
  },
  dispatchers: {
    type: "list",
    section: "core",
    role: "dispatcher",
    doc: "Dispatchers: choose workers for each payload",
    flag: { long: "dispatchers", short: "R", value: "NAME..." },
  },
  deepDispatchers: {
    type: "list",
    section: "core",
    role: "deep-dispatcher",
    doc: "Deep dispatchers: choose further workers once a payload has settled",
    flag: { long: "deep-dispatchers", short: "E", value: "NAME..." },
  },
  alwaysDispatch: {
    type: "list",
    section: "core",
    role: "worker",
    doc: "Workers that scan every payload, extracted ones too",
    flag: { long: "always-dispatch", short: "a", value: "NAME..." },
  },
  startDispatch: {
    type: "list",
    role: "worker",
    doc: "Workers that scan only the payloads of the initial request",
    flag: { long: "start-dispatch", short: "s", value: "NAME..." },
  },
  startDeepDispatch: {
    type: "list",
    role: "worker",
    doc: "Workers of the first deep pass of the initial payloads",
    flag: { long: "start-deep-dispatch", short: "d", value: "NAME..." },
  },
  pluginDirList: {
    type: "path-list",
    section: "core",
    doc: "Folders of plugins, beside the shipped ones; of two plugins with one name the later wins",
    flag: { long: "plugin-dir", value: "DIR" },
    commands: ["scan", "run", "list", "test"],
  },
  frozen: {
    type: "boolean",
    section: "core",
    default: false,
    doc: "Refuse plugins that are neither shipped nor in stoq.lock, and installations that would change that",
    flag: { long: "frozen" },
    commands: ["scan", "run", "test", "install"],
  },
  maxRecursion: {
    type: "integer",
    section: "core",
    default: DEFAULT_LIMITS.recursionRounds,
    minimum: 1,
    doc: "Rounds of workers, so the depth to which extracted payloads are scanned",
    flag: { long: "max-recursion", value: "ROUNDS" },
  },
  maxRequiredWorkerDepth: {
    type: "integer",
    section: "core",
    default: DEFAULT_LIMITS.requiredWorkerDepth,
    minimum: 1,
    doc: "Nesting of workers that require other workers",
  },
  maxDispatchPasses: {
    type: "integer",
    section: "core",
    default: DEFAULT_LIMITS.dispatchPasses,
    minimum: 1,
    doc: "Passes of the deep dispatchers for each payload",
  },
  maxQueue: {
    type: "integer",
    section: "core",
    default: 100,
    minimum: 1,
    doc: "Deliveries that wait in a run; providers wait when there are as many",
  },
  maxDeliveries: {
    type: "integer",
    section: "core",
    default: 5,
    minimum: 1,
    doc: "Times that a run delivers an item whose results could not be kept, before it gives the item up",
  },
  providerConsumers: {
    type: "integer",
    section: "core",
    minimum: 1,
    doc: "Deliveries that are scanned at the same time in a run; unset: two per processor",
  },
  logLevel: {
    type: "string",
    section: "core",
    default: "info",
    choices: ["debug", "info", "warning", "error", "critical"],
    doc: "Least severe message that is logged",
    flag: { long: "log-level", value: "LEVEL" },
    commands: ["scan", "run", "test"],
  },
  logSyntax: {
    type: "string",
    section: "core",
    default: "text",
    choices: ["text", "json"],
    doc: "How log lines are written; json: an object on each line",
  },
  logDir: {
    type: "path",
    section: "core",
    doc: "Folder in which stoq.log gets all that is logged; one stoq at a time, unset: no file",
  },
  logMaxbytes: {
    type: "bytes",
    section: "core",
    default: 1_500_000,
    doc: "Size at which stoq.log becomes stoq.log.1 and a new one begins; 0 or unlimited: never",
  },
  logBackupCount: {
    type: "integer",
    section: "core",
    default: 5,
    minimum: 0,
    maximum: 1_000,
    doc: "Full log files that are kept, stoq.log.1 is the newest; 0: stoq.log is never full",
  },
  isolation: {
    type: "string",
    section: "core",
    choices: ["process", "none"],
    doc:
      "Whether plugins that look at payloads, and all that are not shipped, run in processes of their own; unset: process where that is allowed",
    flag: { long: "isolation", value: "process|none" },
    commands: ["scan", "run", "list", "test"],
  },
  runners: {
    type: "integer",
    section: "core",
    minimum: 1,
    doc:
      "Processes that plugins without permissions share, and most for each other plugin; unset: one per processor",
    flag: { long: "runners", value: "COUNT" },
    commands: ["scan", "run", "test"],
  },
  runnerPath: {
    type: "path",
    section: "core",
    doc:
      "A stoq binary whose processes plugins run in; only a program that was compiled with stoQ in it needs one",
  },
  payloadBytes: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.payloadBytes,
    minimum: 1,
    doc: "Largest payload that is scanned",
  },
  extractedBytes: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.extractedBytes,
    minimum: 1,
    doc: "All extracted payloads of a request together",
  },
  payloads: {
    type: "integer",
    section: "limits",
    default: DEFAULT_LIMITS.payloads,
    minimum: 1,
    doc: "Payloads of a request, duplicates counted",
  },
  expansionRatio: {
    type: "integer",
    section: "limits",
    default: DEFAULT_LIMITS.expansionRatio,
    minimum: 1,
    doc: "What one call may extract, as a multiple of the payload's size; 10 MB are always allowed",
  },
  resultBytes: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.resultBytes,
    minimum: 1,
    doc: "Results of one plugin for one payload",
  },
  responseCost: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.responseCost,
    minimum: 100_000,
    doc: "All that one response holds: bytes of its JSON, and 64 for each object, array and entry",
  },
  errors: {
    type: "integer",
    section: "limits",
    default: DEFAULT_LIMITS.errors,
    minimum: 1,
    doc: "Errors of one request that are listed; further ones are counted",
  },
  maxResumes: {
    type: "integer",
    section: "limits",
    default: DEFAULT_LIMITS.maxResumes,
    minimum: 1,
    doc: "Times that a worker may ask to be called again later about one payload",
  },
  memoryBudget: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.memoryBudgetBytes,
    minimum: 1,
    doc:
      "Payloads and responses of all requests in flight in a run; a further delivery waits before it is read",
  },
  pluginTimeout: {
    type: "number",
    unit: "s",
    section: "limits",
    default: DEFAULT_LIMITS.pluginTimeoutMs / 1000,
    minimum: 0.001,
    doc: "Time for one call of a plugin",
    flag: { long: "timeout", value: "SECONDS" },
    commands: ["scan", "run", "test"],
  },
  runnerMemory: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.runnerMemoryBytes,
    minimum: 100_000_000,
    doc: "Memory of a process in which plugins run",
  },
  requestTimeout: {
    type: "number",
    unit: "s",
    section: "limits",
    default: DEFAULT_LIMITS.requestTimeoutMs / 1000,
    minimum: 0.001,
    doc: "Time for a whole request",
  },
  pluginOpts: {
    type: "list",
    doc: "Options of plugins, taken literally; they replace those of stoq.cfg",
    flag: { long: "plugin-opts", value: "PLUGIN:OPTION=VALUE..." },
    commands: ["scan", "run", "list", "test"],
  },
  sandbox: {
    type: "list",
    doc: "What plugins may do and where they run, as in section [sandbox] of stoq.cfg, which it replaces",
    flag: { long: "sandbox", value: "PLUGIN:KEY=VALUE..." },
    commands: ["scan", "run", "list", "test"],
  },
  requestSource: {
    type: "string",
    doc: "Where the request comes from, for its metadata",
    flag: { long: "request-source", value: "TEXT" },
  },
  requestExtra: {
    type: "list",
    doc: "Further metadata of the request",
    flag: { long: "request-extra", value: "KEY=VALUE..." },
  },
  explain: {
    type: "boolean",
    default: false,
    doc: "Say for every payload why each plugin ran or did not",
    flag: { long: "explain" },
  },
  failOnError: {
    type: "boolean",
    default: false,
    doc: "Exit with 1 when the response holds an error",
    flag: { long: "fail-on-error" },
  },
  format: {
    type: "string",
    choices: ["json", "jsonl", "text"],
    doc:
      "How to print: unless set, scan prints text on a terminal and json elsewhere, test text, run nothing",
    flag: { long: "format", value: "json|jsonl|text" },
    commands: ["scan", "run", "test"],
  },
  permissions: {
    type: "boolean",
    default: false,
    doc: "List what each plugin asks, what it is granted, and where it runs",
    flag: { long: "permissions" },
    commands: ["list"],
  },
  json: {
    type: "boolean",
    default: false,
    doc: "Print the list as JSON",
    flag: { long: "json" },
    commands: ["list"],
  },
  upgrade: {
    type: "boolean",
    default: false,
    doc: "Replace what is installed under the plugin's name",
    flag: { long: "upgrade" },
    commands: ["install"],
  },
  yes: {
    type: "boolean",
    default: false,
    doc: "Install without a question",
    flag: { long: "yes", short: "y" },
    commands: ["install"],
  },
  installDir: {
    type: "path",
    doc: "Folder in which the plugin's own is made, default: plugins in STOQ_HOME",
    flag: { long: "install-dir", value: "DIR" },
    commands: ["install"],
  },
  github: {
    type: "boolean",
    default: false,
    doc: "PLUGIN is OWNER/REPO[/FOLDER]@COMMIT on GitHub",
    flag: { long: "github" },
    commands: ["install"],
  },
  update: {
    type: "boolean",
    default: false,
    doc: "Write what the cases of the named folders give now into their cases.json",
    flag: { long: "update" },
    commands: ["test"],
  },
  configFile: {
    type: "path",
    doc: "Configuration to use instead of stoq.cfg in STOQ_HOME",
    flag: { long: "config-file", value: "FILE" },
    commands: ["scan", "run", "list", "test", "install", "uninstall"],
  },
} as const satisfies Record<string, OptionRecord>;

/** Options that are no longer read, by the name that they had in the library. */
export const REMOVED_OPTIONS = {
  lookAheadAfter: {
    section: "core",
    removedIn: "4.0.0-alpha.2",
    hint: "delete it: a round always waits for its slowest call",
  },
} as const satisfies Record<string, RemovedOption>;

/** Name of an option in the library. */
export type OptionKey = keyof typeof OPTIONS;

type ValueOfType<T extends OptionType> = T extends "integer" | "number" | "bytes" ? number
  : T extends "boolean" ? boolean
  : T extends "list" | "path-list" ? readonly string[]
  : string;

/** Values of all options; an option without default is `undefined` when nobody sets it. */
export type OptionValues = {
  readonly [K in OptionKey]:
    | ValueOfType<(typeof OPTIONS)[K]["type"]>
    | ((typeof OPTIONS)[K] extends { readonly default: unknown } ? never : undefined);
};

/** Removed options with their keys. */
export const REMOVED_ENTRIES: readonly (readonly [string, RemovedOption])[] = Object.entries(REMOVED_OPTIONS);

/** Records with their keys, in the order of the table. */
export const OPTION_ENTRIES = Object.entries(OPTIONS) as [OptionKey, OptionRecord][];

/** The commands that take an option's flag. */
export function commandsOf(record: OptionRecord): readonly string[] {
  return record.commands ?? ["scan", "run"];
}
