/**
 * Every failure that stoQ itself reports: one small constructor per code, which owns the wording.
 *
 * @module
 */

import type { ErrorRecord, Role, SkippedItem } from "./contract.ts";
import { MAX_ERROR_CHARS } from "./limits.ts";
import { PluginError } from "./plugin_error.ts";
import { quote } from "./printable.ts";

/** A failure with a stable kebab-case `code`. */
export class StoqError extends Error {
  /** The class. */
  override readonly name = "StoqError";
  /** Stable; what a program may decide on. */
  readonly code: string;

  /** Takes the message as it is shown, but for what is behind {@link MAX_ERROR_CHARS}, and what was thrown below. */
  constructor(code: string, message: string, cause?: unknown) {
    super(cutText(message), cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Cuts a text behind {@link MAX_ERROR_CHARS} and says how long it was. */
export function cutText(text: string): string {
  if (text.length <= MAX_ERROR_CHARS) return text;
  return `${startOf(text, MAX_ERROR_CHARS)} … (cut, ${text.length} characters in all)`;
}

/** Copies the start of a text: through bytes, since a slice of a text keeps all of it in memory. */
export function startOf(text: string, chars: number): string {
  return new TextDecoder().decode(new TextEncoder().encode(text.slice(0, chars)));
}

/** Characters of a failure that are kept until a step is over, more than an explanation quotes. */
const MAX_BRIEF_CHARS = 400;

/** The failure with the start of its message and without what was thrown, to be held where there may be thousands. */
export function briefFailure(failure: StoqError): StoqError {
  const { code, message, cause } = failure;
  if (message.length <= MAX_BRIEF_CHARS && cause === undefined) return failure;
  return new StoqError(code, startOf(message, MAX_BRIEF_CHARS));
}

/** Returns the record with the start of its message. */
export function briefRecord(record: ErrorRecord): ErrorRecord {
  if (record.error.length <= MAX_BRIEF_CHARS) return record;
  return { ...record, error: startOf(record.error, MAX_BRIEF_CHARS) };
}

/** Problems that are told at once: nobody reads the hundred thousandth line, and it hides the first. */
export const MAX_PROBLEMS_TOLD = 20;

/** The first problems, and how many more there are. */
export function firstProblems(problems: readonly string[]): readonly string[] {
  const more = problems.length - MAX_PROBLEMS_TOLD;
  return more <= 0 ? problems : [
    ...problems.slice(0, MAX_PROBLEMS_TOLD),
    `and ${more.toLocaleString("en-US")} more`,
  ];
}

/** Several problems of one kind, reported at once; the message has a line for each of the first ones. */
export class ConfigurationError extends StoqError {
  /** All of them, each a line for people. */
  readonly problems: readonly string[];

  /** Takes at least one problem. */
  constructor(problems: readonly string[]) {
    super("invalid-configuration", firstProblems(problems).join("\n"));
    this.problems = problems;
  }
}

/** What a record says beside its code and text. */
export interface ErrorPlace {
  readonly pluginName?: string;
  readonly payloadId?: string;
  readonly role?: Role;
  readonly durationMs?: number;
}

/** Turns a failure into the record that goes into the response. */
export function toErrorRecord(
  error: Pick<StoqError, "code" | "message">,
  place: ErrorPlace = {},
): ErrorRecord {
  return {
    error: error.message,
    pluginName: place.pluginName ?? null,
    payloadId: place.payloadId ?? null,
    code: error.code,
    role: place.role ?? null,
    durationMs: place.durationMs ?? null,
  };
}

/** stoQ's own words for what each role fails to do; users search for them. */
const FAILED_ACTION: { readonly [R in Role]: string } = {
  "worker": "worker:failed to scan",
  "dispatcher": "dispatcher:failed to dispatch",
  "deep-dispatcher": "deep dispatcher:failed to deep dispatch",
  "provider": "provider:failed to ingest",
  "source-archiver": "archiver:failed to get",
  "dest-archiver": "archiver:failed to archive",
  "decorator": "decorator:failed to decorate",
  "connector": "connector:failed to save",
};

/** What a plugin is called for: a role, or to examine its configuration. */
export type CallPurpose = Role | "check";

function failedAction(purpose: CallPurpose): string {
  return purpose === "check" ? "failed to check its configuration" : FAILED_ACTION[purpose];
}

/** stoQ's word for a role, which stands at the start of a message. */
function roleWord(purpose: CallPurpose): string {
  return purpose === "check" ? "plugin" : FAILED_ACTION[purpose].split(":")[0]!;
}

/** A thrown value in one line: class and message of an error, or the value itself. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof StoqError) return thrown.message;
    // By its name: an installed plugin has the class from its own copy of the plugin API.
    if (thrown instanceof Error && thrown.name === PluginError.name) return thrown.message;
    if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  } catch {
    // A stranger's error: its fields may be getters that throw, or symbols.
    return "threw an error that can't be read";
  }
  return typeof thrown === "string" ? thrown : `threw ${typeof thrown}`;
}

/** A plugin threw; where what it threw has a kebab-case `code`, that becomes the record's. */
export function pluginFailed(role: CallPurpose, thrown: unknown): StoqError {
  return new StoqError(
    codeOf(thrown) ?? "plugin-failed",
    `${failedAction(role)}: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** What came out of a call of a plugin: a failure of stoQ's own stays as it is, anything else is the plugin's. */
export function toFailure(purpose: CallPurpose, thrown: unknown): StoqError {
  try {
    return thrown instanceof StoqError ? thrown : pluginFailed(purpose, thrown);
  } catch {
    // A thrown proxy may throw again when it is looked at.
    return pluginFailed(purpose, "threw something that can't be looked at");
  }
}

function codeOf(thrown: unknown): string | undefined {
  try {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    return typeof code === "string" && isCode(code) ? code : undefined;
  } catch {
    // Reading it ran a getter of a stranger's error.
    return undefined;
  }
}

/** Whether a plugin's word can stand in a record's `code`. */
export function isCode(word: string): boolean {
  return word.length <= 64 && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(word);
}

/** A plugin did not answer in time. */
export function pluginTimedOut(role: CallPurpose, timeoutMs: number): StoqError {
  return new StoqError("plugin-timeout", `${failedAction(role)}: no answer within ${timeoutMs / 1000} s`);
}

/** Runners can't be started from a program that somebody else compiled. */
export function runnerNotStandalone(): StoqError {
  return new StoqError(
    "runner-not-found",
    "A runner can't be started: this is a compiled program, which does not know how to be one; " +
      'set runnerPath to a stoq binary, or isolation to "none"',
  );
}

/** What was asked of a host that is closed already. */
export function hostClosed(): StoqError {
  return new StoqError("closed", "This Stoq is closed");
}

/** Runners may not be started. */
export function runnerNotAllowed(thrown: unknown): StoqError {
  return new StoqError(
    "runner-not-allowed",
    `A runner can't be started: ${describeThrown(thrown)}; ` +
      'grant --allow-run, or set isolation to "none" to run plugins unprotected in this process',
    thrown,
  );
}

/** A plugin's process or thread ended before the plugin answered. */
export function pluginCrashed(role: CallPurpose, how: string): StoqError {
  return new StoqError("plugin-crashed", `${failedAction(role)}: ${how}`);
}

/** A plugin's process took more memory than it may, or more than its heap holds. */
export function pluginOutOfMemory(
  role: CallPurpose,
  bytes: number | undefined,
  limitBytes: number,
): StoqError {
  const what = bytes === undefined ? "its heap was full" : `its process took ${bytes} bytes of memory`;
  return new StoqError(
    "plugin-memory",
    `${failedAction(role)}: ${what}, the limit is ${limitBytes} ([limits] runner_memory)`,
  );
}

/** A plugin printed without end. */
export function pluginFlooded(role: CallPurpose, bytes: number): StoqError {
  return new StoqError("plugin-flood", `${failedAction(role)}: it printed ${bytes} bytes during one call`);
}

/** A plugin reached for something that it was not granted. */
export function permissionDenied(role: CallPurpose, permission: string, resource: string): StoqError {
  return new StoqError(
    "permission-denied",
    `${roleWord(role)}:was refused ${permission} access to ${quote(resource)}`,
  );
}

/** A plugin's answer is not what the contract says; `count` problems in all. */
export function badResponse(
  role: CallPurpose,
  problems: readonly string[],
  count = problems.length,
): StoqError {
  const more = count > 1 ? ` (and ${count - 1} more problems)` : "";
  return new StoqError("plugin-bad-response", `${failedAction(role)}: ${problems[0]}${more}`);
}

/** No plugin has this name; `broken` says why a plugin folder of this name was skipped. */
export function pluginNotFound(name: string, nearest?: string, broken?: string): StoqError {
  const hint = nearest === undefined ? "" : `, did you mean "${nearest}"?`;
  const reason = broken ?? `no plugin of this name is installed${hint}`;
  return new StoqError("plugin-not-found", `Plugin "${name}" failed to load: ${reason}`);
}

/** The plugin's code could not be loaded or refused its options. */
export function pluginLoadFailed(name: string, thrown: unknown): StoqError {
  return new StoqError(
    "plugin-load-failed",
    `Plugin "${name}" failed to load: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** The plugin is there but cannot play the role in which it was named. */
export function pluginWrongRole(name: string, role: Role, roles: readonly Role[]): StoqError {
  return new StoqError("plugin-wrong-role", `Plugin "${name}" can't be a ${role}: it is ${roles.join(", ")}`);
}

/** Workers require each other in a circle. */
export function requiredCircular(name: string, chain: readonly string[]): StoqError {
  return new StoqError(
    "required-plugin-circular",
    `Circular required plugin dependency found, unable to process plugin "${name}": ${
      [...chain, name].join(" → ")
    }`,
  );
}

/** Required workers are nested too deeply. */
export function requiredTooDeep(name: string, maximum: number): StoqError {
  return new StoqError(
    "required-plugin-depth",
    `Max required plugin depth ${maximum} reached, unable to process plugin "${name}"`,
  );
}

/** A required worker can't run on this payload, so its dependant does not run either. */
export function requiredUnavailable(name: string, required: string): StoqError {
  return new StoqError(
    "required-plugin-unavailable",
    `Worker "${name}" was not run: it requires "${required}", which is not available`,
  );
}

/** A required worker failed; its dependant ran all the same. */
export function requiredFailed(name: string, required: string): StoqError {
  return new StoqError(
    "required-plugin-failed",
    `Worker "${name}" ran without what it requires: "${required}" failed on this payload`,
  );
}

/** Codes of failures that come before a plugin's first line of work. */
const NEVER_RAN = [
  "plugin-not-found",
  "plugin-wrong-role",
  "plugin-load-failed",
  "limit-request-time",
];

/** Whether a call failed without reaching its plugin. */
export function neverRan({ code }: StoqError): boolean {
  return NEVER_RAN.includes(code);
}

/** A run without anybody who delivers. */
export function noProviders(): StoqError {
  return new StoqError("no-providers", "Nothing to run: no provider is named, set providers");
}

/** A provider delivered something that is no delivery; `count` problems in all. */
export function badDelivery(problems: readonly string[], count = problems.length): StoqError {
  const more = count > problems.length ? `, and ${count - problems.length} more problems` : "";
  return new StoqError("bad-delivery", `A delivery was dropped: ${problems.join(", ")}${more}`);
}

/** A task names a source archiver that this run does not use. */
export function archiverNotActive(name: string): StoqError {
  return new StoqError(
    "archiver-not-active",
    `A task was dropped: it names the source archiver "${name}", which is not active (-S ${name})`,
  );
}

/** A source archiver has nothing for a task. */
export function payloadNotFound(name: string): StoqError {
  return new StoqError("payload-not-found", `archiver:failed to get: "${name}" has no payload for the task`);
}

/** A provider could not deliver something that it found. */
export function skippedByProvider({ name, code, reason }: SkippedItem): StoqError {
  return new StoqError(code, `provider:failed to deliver ${quote(name)}: ${reason}`);
}

/** A provider could not settle a delivery that it made. */
export function settleFailed(thrown: unknown): StoqError {
  return new StoqError("settle-failed", `A delivery could not be settled: ${describeThrown(thrown)}`, thrown);
}

/** The only thing that keeps anything is an archiver, and it was not asked about a payload of the request. */
export function notKept(payloads: number): StoqError {
  const what = payloads === 1 ? "its payload was" : `${payloads} of its payloads were`;
  return new StoqError(
    "not-kept",
    `A delivery must be archived or its response saved, but ${what} not archived (should_archive or archive_payloads is ` +
      "false) and no connector is active; name one with -C",
  );
}

/** A plugin can't play a role in which it is used because an option has no value; `doc` is the option's. */
export function optionNotSet(plugin: string, option: string, doc: string): StoqError {
  return new StoqError(
    "option-not-set",
    `Plugin "${plugin}" needs a value for its option ${option} (${doc}): give it with --plugin-opts ${plugin}:${option}=VALUE, or ` +
      `as ${option} = VALUE in section [${plugin}] of stoq.cfg`,
  );
}

/** A provider would remove what it delivered, in a run that keeps nothing. */
export function nothingKeeps(provider: string, how: string): StoqError {
  return new StoqError(
    "nothing-keeps",
    `Provider "${provider}" removes what it delivered (${how}), but nothing keeps the results: name a connector (-C filedir), a ` +
      "destination archiver (-A filedir), or print to a file or pipe (--format jsonl)",
  );
}

/** Something in stoQ itself broke while a delivery was scanned. */
export function scanBroke(thrown: unknown): StoqError {
  return new StoqError(
    "internal-error",
    `A delivery could not be scanned: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** A path that is not UTF-8 stands where it can't be used. */
export function nameNotUtf8(path: string): StoqError {
  return new StoqError(
    "name-not-utf8",
    `A path must be UTF-8, got ${
      quote(path)
    }; that of a file to scan need not be where stoQ has all permissions (-A), ` +
      "on Linux",
  );
}

/** Results could not be printed. */
export function outputNotWritten(thrown: unknown): StoqError {
  const reason = thrown instanceof Error ? thrown.message : describeThrown(thrown);
  return new StoqError(
    "output-not-written",
    `can't write to standard output: ${reason}`,
    thrown,
  );
}

/** A response can't be written in the format that was asked for. */
export function responseNotPrinted(filename: string | undefined, thrown: unknown): StoqError {
  const which = filename === undefined ? "A response" : `The response of ${quote(filename)}`;
  return new StoqError(
    "response-not-printed",
    `${which} could not be printed: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** Codes that an error about findings names; the others are counted. */
const MAX_CODES_NAMED = 5;

/** Reports that a worker returned findings that its manifest does not declare. */
export function findingsNotDeclared(codes: readonly string[]): StoqError {
  const named = codes.slice(0, MAX_CODES_NAMED).map(quote).join(", ");
  const more = codes.length - MAX_CODES_NAMED;
  return new StoqError(
    "finding-not-declared",
    `Findings were left out: the manifest must declare ${named}${more > 0 ? ` and ${more} more codes` : ""}`,
  );
}
