/**
 * What the host and a runner say to each other: types and bounds, no code that either could be without.
 *
 * The host starts a runner, writes {@link GREETING} and a secret to its standard input, then frames (see `frames.ts`)
 * that hold {@link HOST_MARK}. The runner answers on its standard output with frames of the same kind that hold the
 * secret. Fields named `…Json` hold plain data as `plain_codec.ts` writes it. The host makes one call at a time; what
 * a runner says of any other call, or says twice, is a breach of the protocol, after which the host kills it.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import type { CallPurpose } from "../core/contract/errors.ts";
import type { PermissionRequest } from "../plugin/manifest.ts";
import type { FrameLimits } from "./frames.ts";

/** Spoken by both sides; any change of a message changes it. */
export const PROTOCOL_VERSION = 6;

/** First line on a runner's standard input; the secret follows. */
export const GREETING: string = `stoq-runner ${PROTOCOL_VERSION}\n`;

/** Stands in the place of the secret in frames on standard input, which plugins may read and can't write. */
export const HOST_MARK: Uint8Array = new TextEncoder().encode("stoq-host-frame\n");

/** Largest frame on the way in; its JSON holds options, views and responses. */
export const FRAME_LIMITS: FrameLimits = { jsonBytes: 1_000_000_000, bodyBytes: 2 ** 32 };

/** Largest JSON of a frame on the way out: lists of sizes, log messages, texts of errors. The call bounds its body. */
export const MAX_OUTWARD_JSON_BYTES = 1_000_000;

/** Longest log message, in characters. */
export const MAX_LOG_CHARACTERS = 20_000;

/** What a runner's process prints during one call, in bytes on each of its streams; more is a flood. */
export const MAX_PRINTED_BYTES = 4_000_000;

/**
 * What Deno's audit of permissions takes during one call, in bytes. It has a line for each permission that a plugin uses, of
 * which most are granted: a million lines are more than a plugin gets to within its deadline, unless it prints them itself.
 */
export const MAX_AUDIT_BYTES = 100_000_000;

/** Time after which these bounds begin anew in a provider's stream, which is one call and may be open for months. */
export const STREAM_OUTPUT_MS = 60_000;

/** Longest id of a payload that a plugin may ask for, in characters; ids are UUIDs. */
export const MAX_ID_CHARS = 100;

/** Parts of the request that a plugin may read in one call, each payload a part. */
export const MAX_WANTED = 10_000;

/** Contents that cross together, in bytes; a larger one crosses alone. */
export const CONTENTS_GROUP_BYTES = 16_000_000;

/** Contents that cross together. */
export const CONTENTS_GROUP_LENGTH = 1_000;

/**
 * Returns what a runner writes to standard error at the end of a call: the audit lines before it belong to the call. The secret
 * keeps plugins from writing it, and the leading line end closes a line that a plugin may have left open.
 */
export function callMark(secret: Uint8Array, id: number): string {
  return `\n${secret.toHex()} ${id}\n`;
}

/** Returns how the line begins that reports too much memory; the number of bytes follows. */
export function memoryMark(secret: Uint8Array): string {
  return `\n${secret.toHex()} memory `;
}

/** Permissions in the form that Deno takes for a Web Worker. */
export type WorkerPermissions = "none" | (PermissionRequest & { readonly import?: readonly string[] });

/** The first message: what concerns the runner as a whole. */
export interface StartMessage {
  readonly type: "start";
  /** Resident memory above which the runner says so on standard error and ends itself; `null` for no limit. */
  readonly memoryBytes: number | null;
  /** Whether the host looks at it as well, so that the runner's own watch need not be there when the first plugin loads. */
  readonly isMemoryReadable: boolean;
  /** Whether the end of each call is to be marked on standard error, where attempts on permissions are told. */
  readonly marksCalls: boolean;
}

/** What a plugin's thread is started with. A runner is told in its arguments, as JSON, which one it will need first, or `null`. */
export interface ThreadStart {
  readonly plugin: string;
  /** Address of the plugin's module; `null` for a plugin of the catalogue. */
  readonly module: string | null;
  /** What the thread is born with. */
  readonly permissions: WorkerPermissions;
}

/** Makes a plugin ready. */
export interface OpenMessage extends ThreadStart {
  readonly type: "open";
  readonly roles: readonly Role[];
  readonly optionsJson: string;
  readonly stoqHome: string;
  readonly outputPaths: readonly string[];
  readonly pluginDir: string | null;
  /** What of the permissions is taken away before the first call: only loading needed it. */
  readonly revoked: readonly Deno.PermissionDescriptor[];
  /** The engine's limits. */
  readonly limitsJson: string;
}

/** Ends the thread of a plugin that is open and not called. It may be opened again. */
export interface CloseMessage {
  readonly type: "close";
  readonly plugin: string;
}

/** Calls a plugin that is open. The frame's body is the payload's content. */
export interface CallMessage {
  readonly type: "call";
  readonly id: number;
  readonly plugin: string;
  readonly role: CallPurpose;
  /** The call's arguments without what crosses otherwise: the content, and what of the request is only sent when it is asked for. */
  readonly parametersJson: string;
}

/** Starts a provider's stream. */
export interface IngestMessage {
  readonly type: "ingest";
  readonly id: number;
  readonly plugin: string;
}

/** Asks a provider for its next delivery. */
export interface MoreMessage {
  readonly type: "more";
  readonly id: number;
}

/** Ends a provider's stream: it is to deliver nothing more. */
export interface StopMessage {
  readonly type: "stop";
  readonly id: number;
}

/** Tells a provider what became of a delivery. */
export interface SettleMessage {
  readonly type: "settle";
  readonly id: number;
  readonly delivery: number;
  readonly outcomeJson: string;
}

/** What became of a plugin's request for data: a relative may be unknown, and data too large for the memory that threads share. */
export type GivenState = "whole" | "absent" | "too-large";

/** Data of the request that a plugin asked for; the frame's body is JSON, or the bytes of a payload. */
export interface GivenMessage {
  readonly type: "given";
  readonly id: number;
  readonly state: GivenState;
}

/** From the host to a runner. */
export type HostMessage =
  | StartMessage
  | OpenMessage
  | CloseMessage
  | CallMessage
  | IngestMessage
  | MoreMessage
  | StopMessage
  | SettleMessage
  | GivenMessage;

/** A failure without its class: errors lose it on every way between threads. */
export interface FailureRecord {
  readonly code: string;
  readonly message: string;
}

/** What a runner passes on as its plugin's thread said it. */
export type PassedOnMessage =
  /** The plugin reads a part of the request that was not sent along. */
  | { readonly type: "want"; readonly id: number; readonly what: "results" | "errors" }
  /** The plugin reads the bytes of a parent or sibling of its payload. */
  | { readonly type: "want-content"; readonly id: number; readonly payloadId: string }
  | {
    readonly type: "settled";
    readonly id: number;
    readonly delivery: number;
    readonly failure: FailureRecord | null;
  }
  | { readonly type: "ended"; readonly id: number; readonly failure: FailureRecord | null };

/** From a runner to the host. */
export type RunnerMessage =
  | PassedOnMessage
  | { readonly type: "hello"; readonly version: number }
  | { readonly type: "opened"; readonly plugin: string }
  | { readonly type: "open-failed"; readonly plugin: string; readonly failure: FailureRecord }
  /** Part of what a call extracted; the body holds the contents one after the other. */
  | { readonly type: "contents"; readonly id: number; readonly sizes: readonly number[] }
  /** The end of a call; the body is the answer's JSON. */
  | { readonly type: "answer"; readonly id: number; readonly durationMs: number }
  | {
    readonly type: "thrown";
    readonly id: number;
    readonly durationMs: number;
    readonly failure: FailureRecord;
  }
  | { readonly type: "log"; readonly plugin: string; readonly level: string; readonly message: string }
  /** Of what a plugin logged in a short time, the runner passes on only so much. */
  | { readonly type: "log-dropped"; readonly plugin: string; readonly lines: number }
  /** A provider's next delivery; its contents came before. The body is JSON: the item, or why it is none. */
  | { readonly type: "delivery"; readonly id: number; readonly delivery: number }
  /** The runner's last words before it ends itself: a plugin broke its thread or the protocol. */
  | {
    readonly type: "broken";
    readonly plugin: string;
    /** The call that was under way. */
    readonly call: number | null;
    readonly reason: string;
  };
