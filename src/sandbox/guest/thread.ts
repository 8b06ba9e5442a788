/**
 * The thread of one plugin: loads it, revokes the permissions that only loading needed, and makes the calls.
 *
 * This code does not protect the host against the plugin, which shares the thread. The process does.
 *
 * @module
 */

import type { Logger, PluginContext } from "../../core/contract/contract.ts";
import { describeThrown } from "../../core/contract/errors.ts";
import { decodePlain } from "../plain_codec.ts";
import { makePlugin } from "../plugin_object.ts";
import { MAX_LOG_CHARACTERS, type OpenMessage } from "../protocol.ts";
import type { Limits } from "../../core/contract/limits.ts";
import { type CalledPlugin, invokePlugin } from "./call.ts";
import { loadFailureOf } from "./failure.ts";
import { redirectConsole, removeCaches, replaceExits } from "./globals.ts";
import { Ingestion } from "./ingestion.ts";
import { HostChannel } from "./host_channel.ts";
import { SharedMailbox } from "./mailbox.ts";
import type { ToThread } from "./thread_protocol.ts";

// Taken before the plugin's code runs, which could replace them.
const revoke = Deno.permissions.revokeSync.bind(Deno.permissions);
const scope = globalThis as unknown as DedicatedScope;
const channel = new HostChannel(scope.postMessage.bind(scope));
const closing = new AbortController();

/** Members of a Web Worker's global scope that a window's lacks. */
interface DedicatedScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToThread>) => void): void;
}

let opened: CalledPlugin | undefined;
let ingestion: Ingestion | undefined;

/** Serves the plugin of a module, which is loaded when the plugin is opened. */
export function servePlugin(load: LoadModule): void {
  scope.addEventListener("message", ({ data }) => handle(data, load));
}

type LoadModule = () => Promise<{ default?: unknown }>;

function handle(data: ToThread, load: LoadModule): void {
  switch (data.type) {
    case "open":
      return void openPlugin(load, data.open, data.shared);
    case "call":
      return void invokePlugin(channel, opened!, data.call, data.content);
    case "continue":
      return channel.resume();
    case "ingest":
      ingestion = new Ingestion(channel, opened!, data.id);
      return;
    case "more":
      return void ingestion?.more();
    case "stop":
      closing.abort();
      return void ingestion?.stop();
    case "settle":
      return void ingestion?.settle(data.delivery, decodePlain(data.outcomeJson));
  }
}

async function openPlugin(load: LoadModule, open: OpenMessage, shared: SharedArrayBuffer): Promise<void> {
  const log = loggerOn(channel);
  removeCaches();
  redirectConsole(log);
  replaceExits((reason) => channel.post({ type: "exit", reason }));
  try {
    const module = await load();
    const options = decodePlain(open.optionsJson) as Record<string, unknown>;
    const plugin = await makePlugin(module, open.roles, options, contextOf(open, log));
    for (const descriptor of open.revoked) revoke(descriptor);
    opened = {
      name: open.plugin,
      roles: open.roles,
      plugin,
      limits: decodePlain(open.limitsJson) as Limits,
      mailbox: new SharedMailbox(shared),
    };
    channel.post({ type: "opened" });
  } catch (thrown) {
    channel.post({ type: "open-failed", failure: loadFailureOf(open.plugin, thrown) });
  }
}

function contextOf({ stoqHome, pluginDir, outputPaths }: OpenMessage, log: Logger): PluginContext {
  return { log, signal: closing.signal, stoqHome, pluginDir: pluginDir ?? undefined, outputPaths };
}

function loggerOn(channel: HostChannel): Logger {
  const at = (level: string) => (message: string) =>
    channel.post({ type: "log", level, message: String(message).slice(0, MAX_LOG_CHARACTERS) });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

// Reported as the plugin's failure with its reason; without a handler the thread would end without one.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  channel.post({ type: "exit", reason: `unhandled rejection: ${describeThrown(event.reason)}` });
});
