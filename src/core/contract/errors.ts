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

/** Problems that one message lists. */
export const MAX_PROBLEMS_LISTED = 20;

/** The first problems, and how many more there are. */
export function firstProblems(problems: readonly string[]): readonly string[] {
  const more = problems.length - MAX_PROBLEMS_LISTED;
  return more <= 0 ? problems : [
    ...problems.slice(0, MAX_PROBLEMS_LISTED),
    `and ${more.toLocaleString("en-US")} more`,
  ];
}

/** Several problems, reported at once. The message lists the first ones, one on each line. */
export class ConfigurationError extends StoqError {
  /** All of them, each a line for people. */
  readonly problems: readonly string[];

  /** Takes at least one problem. */
  constructor(problems: readonly string[]) {
    super("invalid-configuration", firstProblems(problems).join("\n"));
    this.problems = problems;
  }
}

/** Where a failure happened. */
export interface ErrorPlace {
  readonly pluginName?: string;
  readonly payloadId?: string;
  readonly role?: Role;
  readonly durationMs?: number;
}

/** Returns the record of a failure for the response. */
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

/** The original's words for the failure of each role: users search for them. */
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

/** Purpose of a call: a role, or the check of the configuration. */
export type CallPurpose = Role | "check";

function failedAction(purpose: CallPurpose): string {
  return purpose === "check" ? "failed to check its configuration" : FAILED_ACTION[purpose];
}

/** stoQ's word for a role, which stands at the start of a message. */
function roleWord(purpose: CallPurpose): string {
  return purpose === "check" ? "plugin" : FAILED_ACTION[purpose].split(":")[0]!;
}

/** Returns a thrown value as one line: class and message of an error, or the value itself. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof StoqError) return thrown.message;
    // By its name: an installed plugin has the class from its own copy of the plugin API.
    if (thrown instanceof Error && thrown.name === PluginError.name) return thrown.message;
    if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  } catch {
    // The fields of an error of a plugin may be getters that throw, or symbols.
    return "threw an error that can't be read";
  }
  return typeof thrown === "string" ? thrown : `threw ${typeof thrown}`;
}

/** Reports what a plugin threw. A kebab-case `code` of the thrown error becomes the code of the record. */
export function pluginFailed(role: CallPurpose, thrown: unknown): StoqError {
  return new StoqError(
    codeOf(thrown) ?? "plugin-failed",
    `${failedAction(role)}: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** Returns a thrown value as a failure: a `StoqError` as it is, any other value as a failure of the plugin. */
export function toFailure(purpose: CallPurpose, thrown: unknown): StoqError {
  try {
    return thrown instanceof StoqError ? thrown : pluginFailed(purpose, thrown);
  } catch {
    // A thrown proxy may throw again when it is read.
    return pluginFailed(purpose, "threw a value that can't be read");
  }
}

function codeOf(thrown: unknown): string | undefined {
  try {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    return typeof code === "string" && isCode(code) ? code : undefined;
  } catch {
    // Reading it ran a getter of the plugin.
    return undefined;
  }
}

/** Whether a word can be the `code` of a record. */
export function isCode(word: string): boolean {
  return word.length <= 64 && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(word);
}

/** Reports a plugin that did not answer in time. */
export function pluginTimedOut(role: CallPurpose, timeoutMs: number): StoqError {
  return new StoqError("plugin-timeout", `${failedAction(role)}: no answer within ${timeoutMs / 1000} s`);
}

/** Reports that runners can't be started: the program that uses stoQ was compiled. */
export function runnerNotStandalone(): StoqError {
  return new StoqError(
    "runner-not-found",
    "A runner can't be started from a compiled program that is not stoQ's own: " +
      'set runnerPath to a stoq binary, or isolation to "none"',
  );
}

/** Reports a call after the instance was closed. */
export function hostClosed(): StoqError {
  return new StoqError("closed", "This Stoq is closed");
}

/** Reports that starting runners is not allowed. */
export function runnerNotAllowed(thrown: unknown): StoqError {
  return new StoqError(
    "runner-not-allowed",
    `A runner can't be started: ${describeThrown(thrown)}; ` +
      'grant --allow-run, or set isolation to "none" to run plugins unprotected in this process',
    thrown,
  );
}

/** Reports a process or thread that ended before its plugin answered. */
export function pluginCrashed(role: CallPurpose, how: string): StoqError {
  return new StoqError("plugin-crashed", `${failedAction(role)}: ${how}`);
}

/** Reports a process that took more memory than the limit, or filled its heap. */
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

/** Reports a plugin that printed too much. */
export function pluginFlooded(role: CallPurpose, bytes: number): StoqError {
  return new StoqError("plugin-flood", `${failedAction(role)}: it printed ${bytes} bytes during one call`);
}

/** Reports an access for which a plugin has no permission. */
export function permissionDenied(role: CallPurpose, permission: string, resource: string): StoqError {
  return new StoqError(
    "permission-denied",
    `${roleWord(role)}:permission denied: ${permission} access to ${quote(resource)}`,
  );
}

/** Reports an answer that does not follow the contract, with its first problem and their number. */
export function badResponse(
  role: CallPurpose,
  problems: readonly string[],
  count = problems.length,
): StoqError {
  const more = count > 1 ? ` (and ${count - 1} more problems)` : "";
  return new StoqError("plugin-bad-response", `${failedAction(role)}: ${problems[0]}${more}`);
}

/** Reports an unknown plugin. `broken` says why a plugin folder of this name was skipped. */
export function pluginNotFound(name: string, nearest?: string, broken?: string): StoqError {
  const hint = nearest === undefined ? "" : `, did you mean "${nearest}"?`;
  const reason = broken ?? `no plugin of this name is installed${hint}`;
  return new StoqError("plugin-not-found", `Plugin "${name}" failed to load: ${reason}`);
}

/** Reports a plugin whose code failed to load or that refused its options. */
export function pluginLoadFailed(name: string, thrown: unknown): StoqError {
  return new StoqError(
    "plugin-load-failed",
    `Plugin "${name}" failed to load: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** Reports a plugin that was named for a role that it does not have. */
export function pluginWrongRole(name: string, role: Role, roles: readonly Role[]): StoqError {
  return new StoqError("plugin-wrong-role", `Plugin "${name}" can't be a ${role}: it is ${roles.join(", ")}`);
}

/** Reports workers that require each other in a circle. */
export function requiredCircular(name: string, chain: readonly string[]): StoqError {
  return new StoqError(
    "required-plugin-circular",
    `Circular required plugin dependency found, unable to process plugin "${name}": ${
      [...chain, name].join(" → ")
    }`,
  );
}

/** Reports required workers that are nested too deeply. */
export function requiredTooDeep(name: string, maximum: number): StoqError {
  return new StoqError(
    "required-plugin-depth",
    `Max required plugin depth ${maximum} reached, unable to process plugin "${name}"`,
  );
}

/** Reports a worker that did not run because a worker that it requires can't run. */
export function requiredUnavailable(name: string, required: string): StoqError {
  return new StoqError(
    "required-plugin-unavailable",
    `Worker "${name}" was not run: it requires "${required}", which is not available`,
  );
}

/** Reports a worker that ran although a worker that it requires failed. */
export function requiredFailed(name: string, required: string): StoqError {
  return new StoqError(
    "required-plugin-failed",
    `Worker "${name}" ran without what it requires: "${required}" failed on this payload`,
  );
}

/** Codes of failures before the plugin was called. */
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

/** Reports a run without a provider. */
export function noProviders(): StoqError {
  return new StoqError("no-providers", "Nothing to run: no provider is named, set providers");
}

/** Reports a delivery that does not follow the contract; `count` is the number of problems. */
export function badDelivery(problems: readonly string[], count = problems.length): StoqError {
  const more = count > problems.length ? `, and ${count - problems.length} more problems` : "";
  return new StoqError("bad-delivery", `A delivery was dropped: ${problems.join(", ")}${more}`);
}

/** Reports a task for a source archiver that is not active in this run. */
export function archiverNotActive(name: string): StoqError {
  return new StoqError(
    "archiver-not-active",
    `A task was dropped: it names the source archiver "${name}", which is not active (-S ${name})`,
  );
}

/** Reports a source archiver that found no payload for a task. */
export function payloadNotFound(name: string): StoqError {
  return new StoqError("payload-not-found", `archiver:failed to get: "${name}" has no payload for the task`);
}

/** Reports an item that a provider found and did not deliver. */
export function skippedByProvider({ name, code, reason }: SkippedItem): StoqError {
  return new StoqError(code, `provider:failed to deliver ${quote(name)}: ${reason}`);
}

/** Reports a delivery that its provider failed to settle. */
export function settleFailed(thrown: unknown): StoqError {
  return new StoqError("settle-failed", `A delivery could not be settled: ${describeThrown(thrown)}`, thrown);
}

/** Reports a delivery that nothing keeps: no connector is active, and payloads were not archived. */
export function notKept(payloads: number): StoqError {
  const what = payloads === 1 ? "its payload was" : `${payloads} of its payloads were`;
  return new StoqError(
    "not-kept",
    `A delivery must be archived or its response saved, but ${what} not archived (should_archive or archive_payloads is ` +
      "false) and no connector is active; name one with -C",
  );
}

/** Reports a plugin that lacks an option that its role needs. `doc` is the documentation of the option. */
export function optionNotSet(plugin: string, option: string, doc: string): StoqError {
  return new StoqError(
    "option-not-set",
    `Plugin "${plugin}" needs a value for its option ${option} (${doc}): give it with --plugin-opts ${plugin}:${option}=VALUE, or ` +
      `as ${option} = VALUE in section [${plugin}] of stoq.cfg`,
  );
}

/** Reports a provider that would remove what it delivered in a run that keeps nothing. */
export function nothingKeeps(provider: string, how: string): StoqError {
  return new StoqError(
    "nothing-keeps",
    `Provider "${provider}" removes what it delivered (${how}), but nothing keeps the results: name a connector (-C filedir), a ` +
      "destination archiver (-A filedir), or print to a file or pipe (--format jsonl)",
  );
}

/** Reports a defect of stoQ during the scan of a delivery. */
export function scanBroke(thrown: unknown): StoqError {
  return new StoqError(
    "internal-error",
    `A delivery could not be scanned: ${describeThrown(thrown)}`,
    thrown,
  );
}

/** Reports a path that must be UTF-8. */
export function nameNotUtf8(path: string): StoqError {
  return new StoqError(
    "name-not-utf8",
    `A path must be UTF-8, got ${
      quote(path)
    }; paths of files to scan may be any bytes on Linux with all permissions (-A)`,
  );
}

/** Reports that standard output could not be written. */
export function outputNotWritten(thrown: unknown): StoqError {
  const reason = thrown instanceof Error ? thrown.message : describeThrown(thrown);
  return new StoqError(
    "output-not-written",
    `Failed to write to standard output: ${reason}`,
    thrown,
  );
}

/** Reports a response that could not be printed in the chosen format. */
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
