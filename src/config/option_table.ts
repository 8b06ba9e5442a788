/**
 * Every option of stoQ, one record each: flags, `--help`, `stoq.cfg`, `StoqOptions` and `docs/options.md` are made of it.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import { SEVERITIES } from "../core/contract/findings.ts";
import { DEFAULT_LIMITS } from "../core/contract/limits.ts";
import type { OptionDeclaration } from "../plugin/manifest.ts";
import type { OptionType } from "../plugin/option_value.ts";

/** A flag of the command line. */
export interface Flag {
  readonly long: string;
  readonly short?: string;
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string;
  /** Whether a list takes one value each time and the flag may be repeated, instead of several words. */
  readonly isRepeated?: true;
}

/** One option. */
export interface OptionRecord extends OptionDeclaration {
  /** Section of `stoq.cfg`; absent for an option of a single run. */
  readonly section?: "core" | "limits";
  readonly flag?: Flag;
  /** Commands that take the flag; absent: `scan` and `run`. */
  readonly commands?: readonly string[];
  /** The role in which the plugins of this list are used. */
  readonly role?: Role;
  /** Whether the library has the option although it has no place in `stoq.cfg`. */
  readonly isForLibrary?: true;
  /** What applies while an option without `default` is not set; absent: nothing. */
  readonly unsetDoc?: string;
}

/** An option that is no longer read: setting it is a note, not a problem. */
export interface RemovedOption extends Pick<OptionRecord, "section"> {
  /** Version of stoQ that no longer reads it. */
  readonly removedIn: string;
  /** What to do about it, in lower case: `delete it: rounds wait for slow calls`. */
  readonly hint: string;
}

/** Options by the name that they have in the library; `stoq.cfg` and the environment have it in snake_case. */
export const OPTIONS = {
  providers: {
    type: "list",
    section: "core",
    role: "provider",
    doc: "Providers: plugins that payloads come from",
    flag: { long: "providers", short: "P", value: "NAME..." },
    commands: ["run"],
  },
  sourceArchivers: {
    type: "list",
    section: "core",
    role: "source-archiver",
    doc: "Source archivers: plugins that fetch the payloads which a provider only names",
    flag: { long: "source-archivers", short: "S", value: "NAME..." },
  },
  destArchivers: {
    type: "list",
    section: "core",
    role: "dest-archiver",
    doc: "Destination archivers: plugins that keep payloads",
    flag: { long: "dest-archivers", short: "A", value: "NAME..." },
  },
  decorators: {
    type: "list",
    section: "core",
    role: "decorator",
    doc: "Decorators: plugins that add to the finished response",
    flag: { long: "decorators", short: "D", value: "NAME..." },
  },
  connectors: {
    type: "list",
    section: "core",
    role: "connector",
    doc: "Connectors: plugins that save the response",
    flag: { long: "connectors", short: "C", value: "NAME..." },
  },
  dispatchers: {
    type: "list",
    section: "core",
    role: "dispatcher",
    doc: "Dispatchers: plugins that choose workers for each payload",
    flag: { long: "dispatchers", short: "R", value: "NAME..." },
  },
  deepDispatchers: {
    type: "list",
    section: "core",
    role: "deep-dispatcher",
    doc: "Deep dispatchers: plugins that choose further workers once a payload has settled",
    flag: { long: "deep-dispatchers", short: "E", value: "NAME..." },
  },
  alwaysDispatch: {
    type: "list",
    section: "core",
    role: "worker",
    doc: "Workers that scan every payload, including extracted ones",
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
    doc: "Workers that scan the payloads of the initial request in their first deep pass",
    flag: { long: "start-deep-dispatch", short: "d", value: "NAME..." },
  },
  pluginDirList: {
    type: "path-list",
    section: "core",
    doc:
      "Plugin folders in addition to the shipped plugins; of two plugins with the same name the later is used",
    flag: { long: "plugin-dir", value: "DIR", isRepeated: true },
    commands: ["scan", "run", "list", "test", "explain"],
  },
  frozen: {
    type: "boolean",
    section: "core",
    default: false,
    doc: "Refuse plugins that are neither shipped nor in stoq.lock, and installations that change stoq.lock",
    flag: { long: "frozen" },
    commands: ["scan", "run", "test", "install"],
  },
  maxRecursion: {
    type: "integer",
    section: "core",
    default: DEFAULT_LIMITS.recursionRounds,
    minimum: 1,
    doc: "Rounds of workers in a request: how deep extracted payloads are scanned",
    flag: { long: "max-recursion", value: "ROUNDS" },
  },
  maxRequiredWorkerDepth: {
    type: "integer",
    section: "core",
    default: DEFAULT_LIMITS.requiredWorkerDepth,
    minimum: 1,
    doc: "How deep workers that require other workers may be nested",
  },
  maxDispatchPasses: {
    type: "integer",
    section: "core",
    default: DEFAULT_LIMITS.dispatchPasses,
    minimum: 1,
    doc: "Passes of the deep dispatchers over each payload",
  },
  maxQueue: {
    type: "integer",
    section: "core",
    default: 100,
    minimum: 1,
    doc: "Deliveries that may wait in a run; providers pause while the queue is full",
  },
  maxDeliveries: {
    type: "integer",
    section: "core",
    default: 5,
    minimum: 1,
    doc: "How often a run delivers an item whose results could not be kept, before it gives up",
  },
  providerConsumers: {
    type: "integer",
    section: "core",
    minimum: 1,
    doc: "Deliveries that a run scans at the same time",
    unsetDoc: "two per processor",
  },
  logLevel: {
    type: "string",
    section: "core",
    default: "info",
    choices: ["debug", "info", "warning", "error", "critical"],
    doc: "Least severe message to log",
    flag: { long: "log-level", value: "LEVEL" },
    commands: ["scan", "run", "test"],
  },
  logSyntax: {
    type: "string",
    section: "core",
    default: "text",
    choices: ["text", "json"],
    doc: "Format of log lines; json writes an object on each line",
  },
  logDir: {
    type: "path",
    section: "core",
    doc: "Folder of the log file stoq.log; one stoQ at a time may use it",
    unsetDoc: "no log file",
  },
  logMaxbytes: {
    type: "bytes",
    section: "core",
    default: 1_500_000,
    doc:
      "Size at which stoq.log is renamed to stoq.log.1 and a new file starts; 0 or unlimited disables this",
  },
  logBackupCount: {
    type: "integer",
    section: "core",
    default: 5,
    minimum: 0,
    maximum: 1_000,
    doc: "Renamed log files to keep, of which stoq.log.1 is the newest; with 0, stoq.log grows without limit",
  },
  isolation: {
    type: "string",
    section: "core",
    choices: ["process", "none"],
    doc:
      "Where plugins run that interpret payloads or are not shipped: in processes of their own, or in the main process",
    unsetDoc: "process, if stoQ may start processes",
    flag: { long: "isolation", value: "process|none" },
    commands: ["scan", "run", "list", "test"],
  },
  runners: {
    type: "integer",
    section: "core",
    minimum: 1,
    doc: "Processes that plugins without permissions share, and the most processes of any other plugin",
    unsetDoc: "one per processor",
    flag: { long: "runners", value: "COUNT" },
    commands: ["scan", "run", "test"],
  },
  runnerPath: {
    type: "path",
    section: "core",
    doc: "stoQ binary to run plugins with; only a program that was compiled with stoQ in it needs one",
  },
  payloadBytes: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.payloadBytes,
    minimum: 1,
    doc: "Largest payload to scan",
  },
  extractedBytes: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.extractedBytes,
    minimum: 1,
    doc: "Size of all payloads extracted in a request",
  },
  payloads: {
    type: "integer",
    section: "limits",
    default: DEFAULT_LIMITS.payloads,
    minimum: 1,
    doc: "Payloads in a request, including duplicates",
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
    doc: "Size of the results of one plugin for one payload",
  },
  responseCost: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.responseCost,
    minimum: 100_000,
    doc: "Cost of a response: bytes of its JSON, plus 64 for each object, array and entry",
  },
  errors: {
    type: "integer",
    section: "limits",
    default: DEFAULT_LIMITS.errors,
    minimum: 1,
    doc: "Errors to list for a request; the rest are counted",
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
    doc: "Size of all payloads and responses in flight in a run; a delivery waits until it fits",
  },
  pluginTimeout: {
    type: "number",
    unit: "s",
    section: "limits",
    default: DEFAULT_LIMITS.pluginTimeoutMs / 1000,
    minimum: 0.001,
    doc: "Longest time for one call of a plugin",
    flag: { long: "timeout", value: "SECONDS" },
    commands: ["scan", "run", "test"],
  },
  runnerMemory: {
    type: "bytes",
    section: "limits",
    default: DEFAULT_LIMITS.runnerMemoryBytes,
    minimum: 100_000_000,
    doc: "Memory of a process that runs plugins",
  },
  requestTimeout: {
    type: "number",
    unit: "s",
    section: "limits",
    default: DEFAULT_LIMITS.requestTimeoutMs / 1000,
    minimum: 0.001,
    doc: "Longest time for a request",
  },
  pluginOpts: {
    type: "list",
    doc: "Options of plugins, taken literally; they override those in stoq.cfg",
    flag: { long: "plugin-opts", value: "PLUGIN:OPTION=VALUE..." },
    commands: ["scan", "run", "list", "test"],
  },
  sandbox: {
    type: "list",
    doc: "Permissions and isolation of plugins, as in section [sandbox] of stoq.cfg, which this overrides",
    flag: { long: "sandbox", value: "PLUGIN:KEY=VALUE..." },
    commands: ["scan", "run", "list", "test"],
  },
  requestSource: {
    type: "string",
    doc: "Source of the request, recorded in its metadata",
    flag: { long: "request-source", value: "TEXT" },
  },
  requestExtra: {
    type: "list",
    doc: "Additional metadata of the request",
    flag: { long: "request-extra", value: "KEY=VALUE..." },
  },
  explain: {
    type: "boolean",
    default: false,
    doc: "Record for every payload why each plugin ran or did not run",
    isForLibrary: true,
    flag: { long: "explain" },
  },
  failOnError: {
    type: "boolean",
    default: false,
    doc: "Exit with 1 if the response contains an error",
    flag: { long: "fail-on-error" },
  },
  failOn: {
    type: "string",
    choices: SEVERITIES,
    doc: "Exit with 3 if there is a finding of this severity or worse",
    flag: { long: "fail-on", value: "SEVERITY" },
  },
  failOnBlindSpots: {
    type: "boolean",
    default: false,
    doc: "Exit with 3 if there is something that the scan did not look into",
    flag: { long: "fail-on-blind-spots" },
  },
  passwords: {
    type: "list",
    doc: "Password to try first on encrypted content, taken literally and never printed; may be repeated",
    flag: { long: "password", value: "WORD", isRepeated: true },
  },
  passwordsFiles: {
    type: "path-list",
    doc: "File of passwords to try, one a line; may be repeated",
    flag: { long: "passwords-file", value: "FILE", isRepeated: true },
  },
  format: {
    type: "string",
    choices: ["json", "jsonl", "text"],
    doc: "Output format",
    unsetDoc: "for scan text on a terminal and json elsewhere, for test text, for run no output",
    flag: { long: "format", value: "json|jsonl|text" },
    commands: ["scan", "run", "test"],
  },
  permissions: {
    type: "boolean",
    default: false,
    doc: "Show which permissions each plugin requests and is granted, and where it runs",
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
    doc: "Replace the installed plugin of the same name",
    flag: { long: "upgrade" },
    commands: ["install"],
  },
  yes: {
    type: "boolean",
    default: false,
    doc: "Install without asking for confirmation",
    flag: { long: "yes", short: "y" },
    commands: ["install"],
  },
  installDir: {
    type: "path",
    doc: "Folder in which to create the plugin's folder",
    unsetDoc: "plugins in STOQ_HOME",
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
    doc: "Record the current answers to the cases of the named folders in their cases.json",
    flag: { long: "update" },
    commands: ["test"],
  },
  configFile: {
    type: "path",
    doc: "Configuration file to use instead of stoq.cfg in STOQ_HOME",
    isForLibrary: true,
    flag: { long: "config-file", value: "FILE" },
    commands: ["scan", "run", "list", "test", "explain", "install", "uninstall"],
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

/** Values of all options; one without default is `undefined` until it is set. */
export type OptionValues = {
  readonly [K in OptionKey]:
    | ValueOfType<(typeof OPTIONS)[K]["type"]>
    | ((typeof OPTIONS)[K] extends { readonly default: unknown } ? never : undefined);
};

/** Removed options with their keys. */
export const REMOVED_ENTRIES: readonly (readonly [string, RemovedOption])[] = Object.entries(REMOVED_OPTIONS);

/** Records with their keys, in the order of the table. */
export const OPTION_ENTRIES = Object.entries(OPTIONS) as [OptionKey, OptionRecord][];

/** Options of the library beside `stoqHome`, `pluginOpts` and `sandbox`. */
export const LIBRARY_ENTRIES = OPTION_ENTRIES.filter(([, { section, isForLibrary }]) =>
  section || isForLibrary
);

/** The commands that take an option's flag. */
export function commandsOf(record: OptionRecord): readonly string[] {
  return record.commands ?? ["scan", "run"];
}
