/**
 * An engine over plugins that are plain objects, for tests.
 *
 * @module
 */

import {
  type Delivery,
  METHOD_OF_ROLE,
  type Plugin,
  ROLES,
  type StoqResponse,
} from "../contract/contract.ts";
import { scanRequest } from "../scan/scan.ts";
import type { PluginSelection, ScanEnvironment, ScanOptions } from "../scan/environment.ts";
import { type FormatTable, NO_FORMATS } from "../contract/formats.ts";
import type { FindingDeclaration } from "../contract/findings.ts";
import { DEFAULT_LIMITS, type Limits } from "../contract/limits.ts";
import type { EngineLog } from "../ports/log.ts";
import type { Clock, PluginAnswer, PluginCall, PluginHost } from "../ports/plugin_host.ts";
import { createResponseWriter } from "../contract/serialize.ts";

/** A plugin for tests: its methods, and the workers that it requires. */
export interface FakePlugin extends Plugin {
  readonly requires?: readonly string[];
  readonly findings?: Readonly<Record<string, FindingDeclaration>>;
  readonly needs?: readonly string[];
  /** As its manifest would say. */
  readonly maxResponseBytes?: number;
  /** Thrown by every call instead of calling a method. */
  readonly loadError?: Error;
}

/** Settings of a fake engine beside its plugins. */
export interface FakeSetup extends Partial<PluginSelection> {
  readonly limits?: Partial<Limits>;
  readonly isExplaining?: boolean;
  readonly formats?: FormatTable;
  readonly clock?: Clock;
  readonly log?: EngineLog;
}

/** A clock that moves only when `pass` is called. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#now);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time and fires what has come due. */
  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

/** Calls plugin objects directly and remembers the calls as `name:role:content`. */
export class FakeHost implements PluginHost {
  readonly calls: string[] = [];
  readonly clock: Clock;
  readonly #plugins: Readonly<Record<string, FakePlugin>>;

  constructor(plugins: Readonly<Record<string, FakePlugin>>, clock: Clock = new FakeClock()) {
    this.#plugins = plugins;
    this.clock = clock;
  }

  find(name: string) {
    const plugin = this.#plugins[name];
    if (!plugin) return undefined;
    const roles = ROLES.filter((role) => plugin[METHOD_OF_ROLE[role]] !== undefined);
    return {
      name,
      version: "1.0.0",
      roles,
      requires: plugin.requires ?? [],
      maxResponseBytes: plugin.maxResponseBytes,
      findings: plugin.findings,
      needs: plugin.needs,
    };
  }

  nearest(): string | undefined {
    return undefined;
  }

  ingest(name: string, signal: AbortSignal): AsyncIterable<Delivery> {
    return this.#plugins[name]!.ingest!(signal);
  }

  async call(name: string, call: PluginCall, signal: AbortSignal): Promise<PluginAnswer> {
    const plugin = this.#plugins[name]!;
    const start = this.clock.now();
    try {
      signal.throwIfAborted();
      const about = "payload" in call ? new TextDecoder().decode(call.payload.content.subarray(0, 20)) : "";
      this.calls.push(`${name}:${call.role}:${about}`);
      if (plugin.loadError) throw plugin.loadError;
      const method = plugin[METHOD_OF_ROLE[call.role]] as (...parameters: unknown[]) => unknown;
      const value = "payload" in call
        ? await method.call(plugin, call.payload, call.request)
        : call.role === "connector"
        ? await method.call(plugin, call.response, createResponseWriter(call.response))
        : await method.call(plugin, "task" in call ? call.task : call.response);
      return { value, durationMs: this.clock.now() - start };
    } catch (reason) {
      return { thrown: { reason }, durationMs: this.clock.now() - start };
    }
  }
}

/** Scans contents with plugins; hands back the response and the calls that were made. */
export async function fakeScan(
  plugins: Readonly<Record<string, FakePlugin>>,
  setup: FakeSetup,
  contents: readonly string[] = ["root"],
  options: ScanOptions = {},
): Promise<{ response: StoqResponse; calls: string[] }> {
  const host = new FakeHost(plugins, setup.clock);
  const request = { payloads: contents.map((content) => ({ content })) };
  return { response: await scanRequest(fakeEnvironment(host, setup), request, options), calls: host.calls };
}

/** An engine whose ids count up from 1. */
export function fakeEnvironment(host: PluginHost, setup: FakeSetup): ScanEnvironment {
  let ids = 0;
  const { limits, isExplaining = false, formats = NO_FORMATS, ...others } = setup;
  const { clock = new FakeClock(), log = () => {}, ...selection } = others;
  return {
    host,
    clock,
    log,
    newId: () => `id-${++ids}`,
    // Equal contents, equal digests: all that the engine asks of one.
    sha256: (content) => `digest of ${new TextDecoder().decode(content)}`,
    limits: { ...DEFAULT_LIMITS, ...limits },
    stoqVersion: "0.0.0",
    isExplaining,
    formats,
    selection: {
      alwaysDispatch: [],
      dispatchers: [],
      deepDispatchers: [],
      destArchivers: [],
      decorators: [],
      connectors: [],
      ...selection,
    },
  };
}
