/**
 * Runs plugins in this process: isolation "none". A deadline ends the wait for an answer, not the plugin's work.
 *
 * @module
 */

import type { Delivery, Plugin, PluginContext } from "../core/contract/contract.ts";
import {
  type CallPurpose,
  pluginLoadFailed,
  pluginNotFound,
  pluginWrongRole,
} from "../core/contract/errors.ts";
import {
  type Clock,
  NEVER,
  type PluginAnswer,
  type PluginCall,
  type PluginCheckCall,
  type PluginFacts,
  type PluginHost,
} from "../core/ports/plugin_host.ts";
import type { RegisteredPlugin, Registry } from "../plugin/registry.ts";
import { type Deadline, withDeadline } from "./deadline.ts";
import { invoke, makePlugin } from "./plugin_object.ts";

/** What the host makes plugins of. */
export interface InProcessSetup {
  readonly registry: Registry;
  /** Resolved options of a plugin, names in camelCase. */
  readonly optionsOf: (name: string) => Readonly<Record<string, unknown>>;
  readonly contextOf: (plugin: RegisteredPlugin, signal: AbortSignal) => PluginContext;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Time for which plugins may run one after the other before timers may fire, in milliseconds. */
const TURN_MS = 20;

/** Plugin host without isolation. */
export class InProcessHost implements PluginHost {
  readonly #setup: InProcessSetup;
  readonly #opened = new Map<string, Promise<Plugin>>();
  readonly #loaded = new Map<string, Plugin>();
  readonly #closing = new AbortController();
  #lastTurnMs: number;

  constructor(setup: InProcessSetup) {
    this.#setup = setup;
    this.#lastTurnMs = setup.clock.now();
  }

  find(name: string): PluginFacts | undefined {
    return this.#setup.registry.facts(name);
  }

  nearest(name: string): string | undefined {
    return this.#setup.registry.nearest(name);
  }

  /** Loads a plugin before its first call. @throws {StoqError} when it can't be loaded, or not in the time of a call */
  async open(name: string): Promise<void> {
    await withDeadline(this.#deadline("check", NEVER), this.#open(name));
  }

  #open(name: string): Promise<Plugin> {
    let opened = this.#opened.get(name);
    if (!opened) this.#opened.set(name, opened = this.#load(name));
    return opened;
  }

  async call(
    name: string,
    call: PluginCall | PluginCheckCall,
    signal: AbortSignal,
  ): Promise<PluginAnswer> {
    let start = this.#setup.clock.now();
    try {
      signal.throwIfAborted();
      const plugin = this.#loaded.get(name) ??
        await withDeadline(this.#deadline(call.role, signal), this.#open(name));
      // No await may stand between this check and the call: many calls check at the same time.
      while (this.#setup.clock.now() - this.#lastTurnMs >= TURN_MS) await this.#giveTurn();
      signal.throwIfAborted();
      start = this.#setup.clock.now();
      const answer = invoke(plugin, call, name, this.find(name)?.roles ?? []);
      const value = isThenable(answer)
        ? await withDeadline(this.#deadline(call.role, signal), Promise.resolve(answer))
        : answer;
      return { value, durationMs: this.#setup.clock.now() - start };
    } catch (reason) {
      return { thrown: { reason }, durationMs: this.#setup.clock.now() - start };
    }
  }

  /** Lets timers fire. Plugins that answer synchronously would otherwise delay every deadline and signal. */
  async #giveTurn(): Promise<void> {
    const before = this.#lastTurnMs;
    // The first runs before the timers that are due, the second after them. A timer of 0 ms would sleep for 2 ms.
    for (let phase = 0; phase < 2; phase++) await new Promise<void>((resolve) => setImmediate(resolve));
    // Of several waiting calls one continues; the others wait again, behind timers that have become due.
    if (this.#lastTurnMs === before) this.#lastTurnMs = this.#setup.clock.now();
  }

  async *ingest(name: string, signal: AbortSignal): AsyncIterable<Delivery> {
    const plugin = await this.#open(name);
    if (!plugin.ingest) throw pluginWrongRole(name, "provider", this.find(name)?.roles ?? []);
    yield* plugin.ingest(signal);
  }

  /** Aborts the signal of the plugins. */
  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  async #load(name: string): Promise<Plugin> {
    const { registry } = this.#setup;
    const registered = registry.get(name);
    if (!registered) throw pluginNotFound(name, this.nearest(name), registry.brokenReason(name));
    await registered.verify?.();
    try {
      const module = await registered.load();
      const context = this.#setup.contextOf(registered, this.#closing.signal);
      const { roles } = registered.manifest;
      const plugin = await makePlugin(module, roles, this.#setup.optionsOf(name), context);
      this.#loaded.set(name, plugin);
      return plugin;
    } catch (thrown) {
      throw pluginLoadFailed(name, thrown);
    }
  }

  #deadline(role: CallPurpose, signal: AbortSignal): Deadline {
    const { clock, timeoutMs } = this.#setup;
    return { clock, timeoutMs, role, signal };
  }
}

/** Returns whether a value is a promise, that of another library included. */
function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === "object" && answer !== null && "then" in answer &&
    typeof answer.then === "function";
}
