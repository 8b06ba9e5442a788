/**
 * Plugin hosts for the cases of one plugin: one for each set of options, and that of the configuration where it has the same ones.
 *
 * @module
 */

import type { ScanEnvironment } from "../../core/scan/environment.ts";
import { DEFAULT_LIMITS } from "../../core/contract/limits.ts";
import type { System } from "../../core/ports/system.ts";
import { type Opened, openEngine } from "../../stoq.ts";

type PluginOptions = Readonly<Record<string, unknown>>;

/** Opens hosts as they are needed. Close it to let their plugins go. */
export class Hosts implements AsyncDisposable {
  readonly #opened = new Map<string, Opened>();
  readonly #owned: Opened[] = [];
  readonly #system: System;
  readonly #configured: Opened;
  readonly #plugin: string;

  constructor(system: System, configured: Opened, plugin: string) {
    this.#system = system;
    this.#configured = configured;
    this.#plugin = plugin;
    this.#opened.set(keyOf(configured.options.pluginOptionsOf(plugin)), configured);
  }

  /** An engine in whose host the plugin has these options. The user's limits are not those of a case, but for the time of a call. */
  async engineFor(options: PluginOptions): Promise<ScanEnvironment> {
    const { options: configured } = this.#configured;
    const { pluginTimeoutMs } = configured.limits;
    const key = keyOf(options);
    let opened = this.#opened.get(key);
    if (!opened) {
      const pluginOptionsOf = (name: string) =>
        name === this.#plugin ? options : configured.pluginOptionsOf(name);
      opened = await openEngine(this.#system, { ...configured, pluginOptionsOf });
      this.#opened.set(key, opened);
      this.#owned.push(opened);
    }
    return { ...opened.engine, limits: { ...DEFAULT_LIMITS, pluginTimeoutMs } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#owned.map((opened) => opened.close()));
  }
}

/** Options as text: JSON has no infinity. */
function keyOf(options: PluginOptions): string {
  return JSON.stringify(options, (_, value) => value === Infinity ? "unlimited" : value);
}
