/**
 * Where plugins run: apart, or all in this process.
 *
 * @module
 */

import type { PluginContext } from "../core/contract.ts";
import type { Limits } from "../core/limits.ts";
import type { PluginHost } from "../core/plugin_host.ts";
import type { System } from "../core/system.ts";
import type { RegisteredPlugin, Registry } from "../plugin/registry.ts";
import { InProcessHost } from "./in_process.ts";
import { Launcher } from "./launch.ts";
import { Placements } from "./placement.ts";
import { SandboxHost } from "./sandbox_host.ts";

/** A plugin host as its owner holds it. */
export interface OwnedHost extends PluginHost {
  /** Loads a plugin ahead of its first call. @throws {StoqError} when it can't be loaded */
  open(name: string): Promise<void>;
  /** Lets plugins get ready that will soon be called, without waiting for them. */
  prepare(names: readonly string[]): void;
  /** Tells plugins that they are no longer needed, and ends all runners; resolves when nothing is left of them. */
  close(): Promise<void>;
}

/** What a host is made of. */
export interface HostSetup {
  readonly system: System;
  readonly registry: Registry;
  /** Resolved options of a plugin, names in camelCase. */
  readonly optionsOf: (name: string) => Readonly<Record<string, unknown>>;
  readonly contextOf: (plugin: RegisteredPlugin, signal: AbortSignal) => PluginContext;
  readonly limits: Limits;
  readonly stoqHome: string;
  readonly isolation: "process" | "none";
  readonly runnerPath: string | undefined;
}

/** Makes the host of the isolation that was chosen. */
export function openHost(setup: HostSetup): OwnedHost {
  const { system, registry, optionsOf, contextOf, limits, stoqHome, isolation, runnerPath } = setup;
  const { clock } = system;
  const here = new InProcessHost({
    registry,
    optionsOf,
    contextOf,
    clock,
    timeoutMs: limits.pluginTimeoutMs,
  });
  if (isolation === "none") return here;
  const launcher = new Launcher(system, limits.runnerMemoryBytes, runnerPath);
  const placements = new Placements({
    registry,
    optionsOf,
    limits,
    stoqHome,
    resolvePath: (path) => system.files.resolve(path),
    ownFolders: launcher.ownFolders,
    poolSize: navigator.hardwareConcurrency,
  });
  return new SandboxHost(here, {
    placements,
    launcher,
    limits,
    clock,
    onLog: (name, level, message) => {
      const plugin = registry.get(name);
      if (plugin) log(contextOf(plugin, NEVER), level, message);
    },
  });
}

const NEVER = new AbortController().signal;

function log({ log }: PluginContext, level: string, message: string): void {
  switch (level) {
    case "debug":
    case "info":
    case "warn":
    case "error":
      return log[level](message);
    default:
      return log.info(message);
  }
}
