/**
 * The contract between the engine and plugins: roles, what a plugin is shown and what it answers.
 *
 * @module
 */

import type { ReportedBlindSpot, ResponseSummary } from "./blind_spots.ts";
import type { Finding, ReportedFinding } from "./findings.ts";
import type { Indicator } from "./indicators.ts";
import type { PasswordCandidate } from "./passwords.ts";
import type { Plain, PlainRecord } from "./plain.ts";
import type { RawFiles } from "./raw_files.ts";

/** What a plugin can be, in the order in which lists of roles are written. */
export const ROLES = [
  "worker",
  "dispatcher",
  "deep-dispatcher",
  "provider",
  "source-archiver",
  "dest-archiver",
  "decorator",
  "connector",
] as const;

/** One role of a plugin. */
export type Role = (typeof ROLES)[number];

/** Metadata of a payload; travels with it into the results. */
export interface PayloadMeta {
  /** Whether destination archivers may keep the payload. */
  readonly shouldArchive: boolean;
  /** Whether dispatchers and workers look at the payload at all. */
  readonly shouldScan: boolean;
  /** Whatever its finder knows: `filename`, `offset`, `path`, … Keys are written to JSON as they are. */
  readonly extraData: PlainRecord;
  /** Workers that must scan the payload. */
  readonly dispatchTo: readonly string[];
}

/** Metadata of a request. */
export interface RequestMeta {
  /** Whether destination archivers are asked at all. */
  readonly archivePayloads: boolean;
  /** Where the request came from, in its sender's words. */
  readonly source: string | null;
  /** Whatever the sender adds; workers may read it, e.g. `passwords` for archives. */
  readonly extraData: PlainRecord;
}

/** One failure as it is written to `errors` of the response. */
export interface ErrorRecord {
  /** What failed, for people. */
  readonly error: string;
  /** The plugin that failed; `null` where it was no plugin. */
  readonly pluginName: string | null;
  /** The payload at which it failed; `null` where it was none. */
  readonly payloadId: string | null;
  /** Stable, kebab-case. */
  readonly code: string;
  /** The role in which the plugin was called. */
  readonly role: Role | null;
  /** How long the failed call took, in milliseconds; `null` where no call was made. */
  readonly durationMs: number | null;
}

/** A payload that was found again with the same bytes. */
export interface DuplicateRecord {
  /** Its `extra_data.filename`. */
  readonly filename: string | null;
  /** Id of the payload it came out of. */
  readonly extractedFrom: string | null;
  /** The worker that extracted it. */
  readonly extractedBy: string | null;
  /** Its own metadata. */
  readonly extraData: PlainRecord;
}

/** Why a plugin ran on a payload in one of its roles, or why not. */
export interface Explanation {
  /** Name of the plugin, or `*` for all. */
  readonly plugin: string;
  /** The role, or `null` where it is about all. */
  readonly role: Role | null;
  /** Whether it ran. */
  readonly ran: boolean;
  /** Phrases such as `always_dispatch`, `dispatcher yara (rule Zip)` or `should_archive is false`. */
  readonly reason: string;
}

/** What is known of one payload. */
export interface PayloadResults {
  /** Size of the content; of an endless or growing stream that was not read to its end, what is sure to be there. */
  readonly sizeBytes: number;
  /** UUID. */
  readonly payloadId: string;
  /** Metadata as it stands, changes by plugins included. */
  readonly payloadMeta: PayloadMeta;
  /** In the order in which they finished: plugins by name inside a round. */
  readonly pluginsRun: { readonly workers: readonly string[]; readonly archivers: readonly string[] };
  /** Ids of the payloads it came out of; empty for a payload of the initial request. */
  readonly extractedFrom: readonly string[];
  /** Workers that extracted it, in the order of `extractedFrom`. */
  readonly extractedBy: readonly string[];
  /** Worker → its results; workers that had nothing to say are absent. */
  readonly workers: Readonly<Record<string, Plain>>;
  /** Archiver → what a source archiver needs to find the payload again. */
  readonly archivers: Readonly<Record<string, Plain>>;
  /** Lower-case hexadecimal; `null` for a payload that was too large to be read. */
  readonly sha256: string | null;
  /** Plugin → milliseconds spent on this payload, in all its roles. */
  readonly timings: Readonly<Record<string, number>>;
  /** Worker → deep pass in which it ran; absent when no deep dispatcher ran. */
  readonly deepPasses?: Readonly<Record<string, number>>;
  /** Absent when the payload was met once. */
  readonly alsoSeenAs?: readonly DuplicateRecord[];
  /** Absent where there are none. */
  readonly findings?: readonly Finding[];
  /** Unique by kind and value; absent where there are none. */
  readonly indicators?: readonly Indicator[];
  /**
   * Present in a response for which explanations were asked: a line for every plugin that was selected or asked for, at most a hundred
   * of those that were neither selected nor run. Plugins do not see it during the scan.
   */
  readonly explain?: readonly Explanation[];
}

/** The finished analysis of a request. */
export interface StoqResponse {
  /** One for each payload, by first appearance. */
  readonly results: readonly PayloadResults[];
  /** The request's metadata. */
  readonly requestMeta: RequestMeta;
  /** Everything that failed or was left out. */
  readonly errors: readonly ErrorRecord[];
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Decorator → its results. */
  readonly decorators: Readonly<Record<string, Plain>>;
  /** UUID. */
  readonly scanId: string;
  /** Version of the stoQ that scanned. */
  readonly stoqVersion: string;
  /** Every plugin that was called → its version. */
  readonly plugins: Readonly<Record<string, string>>;
  /** The short answer. */
  readonly summary: ResponseSummary;
}

/** The payload that a plugin is asked about. Read it only: changes have no effect outside the plugin. */
export interface PayloadView {
  /** The bytes. */
  readonly content: Uint8Array;
  /** Lower-case hexadecimal, computed once by the engine. */
  readonly sha256: string;
  /** UUID. */
  readonly payloadId: string;
  /** Metadata as it stands. */
  readonly payloadMeta: PayloadMeta;
  /** Ids of the payloads it came out of. */
  readonly extractedFrom: readonly string[];
  /** Workers that extracted it. */
  readonly extractedBy: readonly string[];
  /** Dispatcher → the metadata with which it dispatched. */
  readonly dispatchMeta: Readonly<Record<string, Plain>>;
  /** Results so far. */
  readonly results: PayloadResults;
}

/**
 * What this call may still extract. The engine leaves out the rest, so stop early and report an error whose code begins with `limit-`:
 * another call may have had more room.
 */
export interface ExtractionBudget {
  /** Largest single payload, in bytes. */
  readonly payloadBytes: number;
  /** All payloads of this call together, in bytes; the expansion ratio is taken into account. */
  readonly extractedBytes: number;
  /** Whether the expansion ratio sets `extractedBytes`. The code of what is left out is then `limit-expansion-ratio`. */
  readonly isBoundByExpansion: boolean;
  /** Number of payloads. */
  readonly payloads: number;
  /** Whether the cost of the response sets `payloads`, and not the request's limit of payloads. */
  readonly isBoundByResponse?: boolean;
}

/** The request around a payload, without contents, as it was when the round began. */
export interface RequestView {
  /** The request's metadata. */
  readonly requestMeta: RequestMeta;
  /** Errors so far. */
  readonly errors: readonly ErrorRecord[];
  /** Results of all payloads so far, by first appearance. */
  readonly results: readonly PayloadResults[];
  /** What this call may still extract. */
  readonly budget: ExtractionBudget;
  /** Candidates for encrypted content, the likeliest first; at most 100. */
  readonly passwords: readonly PasswordCandidate[];
  /** The state that the worker returned with `resume`; absent in its first call. */
  readonly resume?: Plain;
  /**
   * Returns the bytes of a parent or sibling of the payload, `undefined` for any other id. Present only for a plugin whose manifest says
   * `needs: ["family"]`.
   */
  content?(payloadId: string): MaybePromise<Uint8Array | undefined>;
}

/** A failure that a plugin reports without giving up: its text, with a code of its own if it has one. */
export type PluginFailure = string | { readonly message: string; readonly code?: string };

/** How a worker or dispatcher changes the metadata of the payload it was asked about. */
export interface PayloadMetaChange {
  /** Whether destination archivers may keep the payload. */
  readonly shouldArchive?: boolean;
  /** Added to what is there; a key that is there already is replaced. */
  readonly extraData?: PlainRecord;
}

/** A payload on its way into the engine. Text is encoded as UTF-8. */
export interface PayloadInput {
  /** The bytes, or text. */
  readonly content: Uint8Array | string;
  /** What is known of it; the rest has defaults. */
  readonly payloadMeta?: Partial<PayloadMeta>;
}

/** A request on its way into the engine. */
export interface RequestInput {
  /** Scanned as one request. */
  readonly payloads: readonly PayloadInput[];
  /** What is known of it; the rest has defaults. */
  readonly requestMeta?: Partial<RequestMeta>;
}

/** A worker's answer. */
export interface WorkerResponse {
  /** What it found; absent when it found nothing. */
  readonly results?: Plain;
  /** Payloads that it found inside. */
  readonly extracted?: readonly PayloadInput[];
  /** Failures that did not stop it. */
  readonly errors?: readonly PluginFailure[];
  /** Workers that should also scan this payload. */
  readonly dispatchTo?: readonly string[];
  /** Changes of the scanned payload's metadata. */
  readonly payloadMeta?: PayloadMetaChange;
  /** Media type of the payload; returned by workers that identify types. */
  readonly mediaType?: string;
  /** Remarkable facts, each with a code that the manifest declares. */
  readonly findings?: readonly ReportedFinding[];
  /** Values that another system can look up. */
  readonly indicators?: readonly Indicator[];
  /** Candidates for encrypted payloads of the request. */
  readonly passwords?: readonly PasswordCandidate[];
  /** What it could not look into. With the code `encrypted` it is called again when new candidates are known. */
  readonly blindSpots?: readonly ReportedBlindSpot[];
  /** Asks for a later call; all else in this answer but `errors` is ignored. */
  readonly resume?: ResumeRequest;
}

/** A later call that a worker asks for, such as to fetch the answer of a remote analysis. */
export interface ResumeRequest {
  /** Milliseconds until the call. */
  readonly afterMs: number;
  /** Given back to the worker as `request.resume`. */
  readonly state: Plain;
}

/** A dispatcher's or deep dispatcher's answer. */
export interface DispatcherResponse {
  /** Workers that should scan this payload. */
  readonly pluginNames?: readonly string[];
  /** Shown to those workers as `payload.dispatchMeta[dispatcher]`. */
  readonly meta?: PlainRecord;
  /** Whether later results can't change the answer, so that there is no need to ask about this payload again. */
  readonly isFinal?: boolean;
  /** Failures that did not stop it. */
  readonly errors?: readonly PluginFailure[];
  /** Changes of the payload's metadata. */
  readonly payloadMeta?: PayloadMetaChange;
}

/** A destination archiver's answer; its results are what a source archiver needs to find the payload again. */
export interface ArchiverResponse {
  /** Where the payload is kept. */
  readonly results?: Plain;
  /** Failures that did not stop it. */
  readonly errors?: readonly PluginFailure[];
}

/** A decorator's answer. */
export interface DecoratorResponse {
  /** What it adds. */
  readonly results?: Plain;
  /** Failures that did not stop it. */
  readonly errors?: readonly PluginFailure[];
}

/** The answer of `check`: what a plugin found out about its configuration. */
export interface CheckResponse {
  /** What is in order, each a short phrase such as `dispatch_rules: 25 rules`. */
  readonly facts?: readonly string[];
  /** What the user has to correct, one entry each. */
  readonly errors?: readonly PluginFailure[];
}

/** Something that a provider found and does not deliver. */
export interface SkippedItem {
  /** What it is, for people: a path, the id of a message. */
  readonly name: string;
  /** Stable, kebab-case: `file-not-regular`, `file-not-readable`, … */
  readonly code: string;
  /** Why it was skipped, a phrase that follows the name. */
  readonly reason: string;
  /** Whether it should have been scanned: a file that can't be read, as opposed to a link or a device. */
  readonly isLoss: boolean;
}

/**
 * What a provider delivers: bytes, a whole request, or a task that names where a source archiver finds the bytes. An item of
 * kind `skipped` is counted and reported, not scanned.
 */
export type DeliveryItem =
  | { readonly kind: "payload"; readonly payload: PayloadInput }
  | { readonly kind: "request"; readonly request: RequestInput }
  | { readonly kind: "task"; readonly task: Readonly<Record<string, PlainRecord>> }
  | { readonly kind: "skipped"; readonly skipped: SkippedItem };

/**
 * How a delivery ended.
 *
 * - `done`: every active connector saved the response, and every destination archiver that was asked succeeded. Only now may a
 *   provider delete, move or acknowledge what it delivered.
 * - `unkept`: it was scanned in a run without a connector and a destination archiver, so nothing of it was kept.
 * - `failed`: something was lost. With `shouldRetry` it should be delivered again later, its `attempt` one higher; without, it
 *   belongs in the provider's dead-letter place.
 * - `abandoned`: the run was stopped before it was done.
 */
export type DeliveryOutcome =
  | { readonly status: "done"; readonly scanIds: readonly string[] }
  | { readonly status: "unkept"; readonly scanIds: readonly string[] }
  | { readonly status: "failed"; readonly errors: readonly ErrorRecord[]; readonly shouldRetry: boolean }
  | { readonly status: "abandoned" };

/** One item of a provider's stream. `settle` is called once, after archivers and connectors are done. */
export interface Delivery {
  /** What is delivered. */
  readonly item: DeliveryItem;
  /** How often it has been delivered, this time included; absent: 1. */
  readonly attempt?: number;
  /** Tells the provider how its delivery ended. */
  settle(outcome: DeliveryOutcome): void | Promise<void>;
}

/** Layout of JSON. */
export interface SerializeOptions {
  /** One line instead of an indentation of four; default `false`. */
  readonly compactly?: boolean;
}

/** Writes one response as stoQ's JSON in chunks. */
export interface ResponseWriter {
  /** Length of the compact JSON in bytes of UTF-8, without a line end; it is computed when it is first read. */
  readonly sizeBytes: number;
  /** The JSON in UTF-8, without a line end, in chunks of about 64 KiB. Each call starts anew. */
  chunks(options?: SerializeOptions): Iterable<Uint8Array>;
}

/** A value that may come later. */
export type MaybePromise<T> = T | Promise<T>;

/** The methods of a plugin. The methods that it has determine the roles that it can play. */
export interface Plugin {
  /** Role `worker`. */
  scan?(payload: PayloadView, request: RequestView): MaybePromise<WorkerResponse | undefined>;
  /** Role `dispatcher`. */
  getDispatches?(payload: PayloadView, request: RequestView): MaybePromise<DispatcherResponse | undefined>;
  /** Role `deep-dispatcher`. */
  getDeepDispatches?(
    payload: PayloadView,
    request: RequestView,
  ): MaybePromise<DispatcherResponse | undefined>;
  /** Role `provider`; ends when its source is exhausted or `signal` is aborted. */
  ingest?(signal: AbortSignal): AsyncIterable<Delivery>;
  /** Role `dest-archiver`. */
  archive?(payload: PayloadView, request: RequestView): MaybePromise<ArchiverResponse | undefined>;
  /** Role `source-archiver`. */
  get?(task: PlainRecord): MaybePromise<PayloadInput | undefined>;
  /** Role `decorator`. */
  decorate?(response: StoqResponse): MaybePromise<DecoratorResponse | undefined>;
  /** Role `connector`; `writer` writes the same response as JSON. */
  save?(response: StoqResponse, writer: ResponseWriter): MaybePromise<void>;
  /** No role: `stoq test` calls it to examine the files that the options name. */
  check?(): MaybePromise<CheckResponse | undefined>;
}

/** The method by which each role is played. */
export const METHOD_OF_ROLE: { readonly [R in Role]: Exclude<keyof Plugin, "check"> } = {
  "worker": "scan",
  "dispatcher": "getDispatches",
  "deep-dispatcher": "getDeepDispatches",
  "provider": "ingest",
  "source-archiver": "get",
  "dest-archiver": "archive",
  "decorator": "decorate",
  "connector": "save",
};

/** A logger with the plugin's name on every line. */
export interface Logger {
  /** For authors of the plugin. */
  debug(message: string): void;
  /** For users of stoQ. */
  info(message: string): void;
  /** Something is odd. */
  warn(message: string): void;
  /** Something was lost. */
  error(message: string): void;
}

/** What a plugin is given beside its options. */
export interface PluginContext {
  /** Writes to the log under the name of the plugin. */
  readonly log: Logger;
  /** Aborted when the plugin is closed. */
  readonly signal: AbortSignal;
  /** Absolute path of STOQ_HOME. */
  readonly stoqHome: string;
  /** Absolute path of the plugin's folder; `undefined` where it has none (loaded from a URL or embedded). */
  readonly pluginDir: string | undefined;
  /** Absolute paths of files and folders that this stoQ writes; a provider of files delivers nothing at or below them. */
  readonly outputPaths: readonly string[];
  /**
   * Files whose names are not UTF-8. Given only to plugins that ship with stoQ and run in the main process, on Linux, where stoQ has
   * all permissions: it reaches every file that stoQ does. `undefined` for all other plugins.
   */
  readonly rawFiles?: RawFiles;
}

/** A plugin is a function from its options to its methods. It is called once per runner. */
export type PluginFactory<Options> = (options: Options, context: PluginContext) => MaybePromise<Plugin>;
