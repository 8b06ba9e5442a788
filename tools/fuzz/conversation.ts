/**
 * A valid conversation between a host and a runner, to be mutated.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../src/core/contract/limits.ts";
import type { AnyCall } from "../../src/core/ports/plugin_host.ts";
import { parametersJsonOf } from "../../src/sandbox/exchange.ts";
import { encodePlain } from "../../src/sandbox/plain_codec.ts";
import { type OpenMessage, PROTOCOL_VERSION } from "../../src/sandbox/protocol.ts";
import type { Message } from "./message_mutants.ts";

/** The plugin of the conversation. */
export const PLUGIN = "hash";

const CONTENT = new TextEncoder().encode("The quick brown fox");

/** The call that the host makes. */
export const CALL = {
  role: "worker",
  payload: {
    content: CONTENT,
    sha256: "0".repeat(64),
    payloadId: "00000000-0000-4000-8000-000000000000",
    payloadMeta: { shouldArchive: true, shouldScan: true, extraData: {}, dispatchTo: [] },
    extractedFrom: [],
    extractedBy: [],
    dispatchMeta: {},
    results: { workers: {} },
  },
  request: {
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    results: [],
    passwords: [{ value: "infected", origin: "user", index: 0 }],
    content: () => CONTENT,
    budget: { payloadBytes: 1_000_000, extractedBytes: 1_000_000, isBoundByExpansion: false, payloads: 100 },
  },
} as unknown as AnyCall;

/** Returns the host's messages that open the plugin; `folders` are those of the code that its thread may read. */
export function openMessage(folders: readonly string[]): OpenMessage {
  return {
    type: "open",
    plugin: PLUGIN,
    module: null,
    permissions: { read: folders },
    roles: ["worker"],
    optionsJson: encodePlain({ algorithms: ["sha256"] }),
    stoqHome: "/nonexistent",
    outputPaths: [],
    pluginDir: null,
    revoked: [],
    limitsJson: encodePlain(DEFAULT_LIMITS),
  };
}

/** Returns the messages of the host. */
export function hostMessages(folders: readonly string[]): readonly Message[] {
  return [
    { message: { type: "start", marksCalls: false, memoryBytes: 1_000_000_000 } },
    { message: { ...openMessage(folders) } },
    {
      message: {
        type: "call",
        id: 1,
        plugin: PLUGIN,
        role: "worker",
        parametersJson: parametersJsonOf(CALL),
      },
      body: CONTENT,
    },
  ];
}

/** What a runner says until its plugin is open, and when it is called. */
export const RUNNER_MESSAGES: {
  readonly opening: readonly Message[];
  readonly answering: readonly Message[];
} = {
  opening: [
    { message: { type: "hello", version: PROTOCOL_VERSION } },
    { message: { type: "log", plugin: PLUGIN, level: "info", message: "loaded" } },
    { message: { type: "opened", plugin: PLUGIN } },
  ],
  answering: [
    { message: { type: "want", id: 1, what: "results" } },
    { message: { type: "want-content", id: 1, payloadId: "p" } },
    { message: { type: "contents", id: 1, sizes: [3, 0, 4] }, body: new Uint8Array(7) },
    { message: { type: "log-dropped", plugin: PLUGIN, lines: 2 } },
    {
      message: { type: "answer", id: 1, durationMs: 1.5 },
      body: new TextEncoder().encode(encodePlain({ results: { a: [1, "x"] }, extracted: [{}, {}, {}] })),
    },
  ],
};
