/**
 * Messages between the host and a runner, and their bounds.
 *
 * The host starts a runner, writes {@link GREETING} and a secret to its standard input, then frames (see `frames.ts`)
 * that hold {@link HOST_MARK}. The runner answers on its standard output with frames of the same kind that hold the
 * secret. Fields named `…Json` hold plain data as `plain_codec.ts` writes it. The host makes one call at a time. A message about
 * another call, or a second answer, is a breach of the protocol, after which the host kills the runner.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import type { CallPurpose } from "../core/contract/errors.ts";
import type { PermissionRequest } from "../plugin/manifest.ts";
import type { FrameLimits } from "./frames.ts";

/** Version of the protocol; every change of a message changes it. */
export const PROTOCOL_VERSION = 6;

/** First line on a runner's standard input; the secret follows. */
export const GREETING: string = `stoq-runner ${PROTOCOL_VERSION}\n`;

/** Replaces the secret in frames on standard input, which plugins can read and not write. */
export const HOST_MARK: Uint8Array = new TextEncoder().encode("stoq-host-frame\n");

/** Size limits of a frame to a runner; its JSON holds options, views and responses. */
export const FRAME_LIMITS: FrameLimits = { jsonBytes: 1_000_000_000, bodyBytes: 2 ** 32 };

/** Size limit of the JSON of a frame to the host: lists of sizes, log messages, texts of errors. The call bounds its body. */
export const MAX_OUTWARD_JSON_BYTES = 1_000_000;

/** Longest log message, in characters. */
export const MAX_LOG_CHARACTERS = 20_000;

/** Bytes that a runner's process may print to each of its streams during one call; more is a flood. */
export const MAX_PRINTED_BYTES = 4_000_000;

/**
 * Bytes of Deno's audit of permissions during one call. The audit has a line for each use of a permission, granted ones included. A
 * million lines are more than a plugin causes within its deadline, unless it prints them itself.
 */
export const MAX_AUDIT_BYTES = 100_000_000;

/** Time after which these counts are reset in a provider's stream, which may be open for months, in milliseconds. */
export const STREAM_OUTPUT_MS = 60_000;

/** Longest id of a payload that a plugin may ask for, in characters; ids are UUIDs. */
export const MAX_ID_CHARS = 100;

/** Parts of the request that a plugin may read in one call, each payload a part. */
export const MAX_WANTED = 10_000;

/** Size at which a group of contents is sent, in bytes. */
export const CONTENTS_GROUP_BYTES = 16_000_000;

/** Number of contents at which a group is sent. */
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

/** The first message: settings of the runner as a whole. */
export interface StartMessage {
  readonly type: "start";
  /** Resident memory above which the runner reports that on standard error and ends; `null` for no limit. */
  readonly memoryBytes: number | null;
  /** Whether the host watches the memory as well, so that the runner's own watch may start later. */
  readonly isMemoryReadable: boolean;
  /** Whether the runner marks the end of each call on standard error, where Deno writes its audit. */
  readonly marksCalls: boolean;
}

/** What a plugin's thread is started with. The first argument of a runner is JSON of the thread that it needs first, or `null`. */
export interface ThreadStart {
  readonly plugin: string;
  /** Address of the plugin's module; `null` for a plugin of the catalogue. */
  readonly module: string | null;
  /** Permissions with which the thread starts. */
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
  /** Permissions that only loading needed, revoked before the first call. */
  readonly revoked: readonly Deno.PermissionDescriptor[];
  /** The limits of the scan. */
  readonly limitsJson: string;
}

/** Ends the thread of a plugin that is open and not being called. It may be opened again. */
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
  /** The call's arguments without the content, and without the parts of the request that are sent when the plugin reads them. */
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

/** Ends a provider's stream: the provider must deliver nothing more. */
export interface StopMessage {
  readonly type: "stop";
  readonly id: number;
}

/** Reports to a provider how a delivery ended. */
export interface SettleMessage {
  readonly type: "settle";
  readonly id: number;
  readonly delivery: number;
  readonly outcomeJson: string;
}

/** `absent`: the payload is no relative. `too-large`: the data is larger than the memory that threads share. */
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

/** A failure as a record: messages between threads do not keep the class of an error. */
export interface FailureRecord {
  readonly code: string;
  readonly message: string;
}

/** Messages that a runner forwards as the plugin's thread sent them. */
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
  /** Number of log lines that the runner dropped because the plugin logged too many in a short time. */
  | { readonly type: "log-dropped"; readonly plugin: string; readonly lines: number }
  /** A provider's next delivery; its contents came before. The body is JSON: the item, or the reason why there is none. */
  | { readonly type: "delivery"; readonly id: number; readonly delivery: number }
  /** The runner's last message before it ends itself: a plugin broke its thread or the protocol. */
  | {
    readonly type: "broken";
    readonly plugin: string;
    /** The call in progress. */
    readonly call: number | null;
    readonly reason: string;
  };
