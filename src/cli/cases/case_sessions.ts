/**
 * Sessions for the cases of one plugin: one for each set of the plugin's options.
 *
 * @module
 */

import type { System } from "../../core/ports/system.ts";
import { Session } from "../../session.ts";

type PluginOptions = Readonly<Record<string, unknown>>;

/** Opens sessions as they are needed. Closing it ends those that it opened. */
export class CaseSessions implements AsyncDisposable {
  readonly #byOptions = new Map<string, Session>();
  readonly #system: System;
  readonly #configured: Session;
  readonly #plugin: string;

  /** @param configured serves the cases whose options are those of the configuration */
  constructor(system: System, configured: Session, plugin: string) {
    this.#system = system;
    this.#configured = configured;
    this.#plugin = plugin;
    this.#byOptions.set(keyOf(configured.options.pluginOptionsOf(plugin)), configured);
  }

  /** Returns the session in which the plugin has these options. */
  async get(options: PluginOptions): Promise<Session> {
    const key = keyOf(options);
    let session = this.#byOptions.get(key);
    if (!session) {
      const { options: configured } = this.#configured;
      const pluginOptionsOf = (name: string) =>
        name === this.#plugin ? options : configured.pluginOptionsOf(name);
      session = await Session.open(this.#system, { ...configured, pluginOptionsOf });
      this.#byOptions.set(key, session);
    }
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const owned = [...this.#byOptions.values()].filter((session) => session !== this.#configured);
    await Promise.all(owned.map((session) => session.close()));
  }
}

/** Returns options as text; JSON has no infinity. */
function keyOf(options: PluginOptions): string {
  return JSON.stringify(options, (_, value) => value === Infinity ? "unlimited" : value);
}
