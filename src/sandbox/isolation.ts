/**
 * Where plugins run: apart, or all in this process.
 *
 * @module
 */

import type { Logger, PluginContext } from "../core/contract.ts";
import type { Limits } from "../core/limits.ts";
import { NEVER, type PluginHost } from "../core/plugin_host.ts";
import type { System } from "../core/system.ts";
import type { SandboxRulesOf } from "../plugin/permission.ts";
import type { RegisteredPlugin, Registry } from "../plugin/registry.ts";
import { InProcessHost } from "./in_process.ts";
import type { OnLog } from "./runner.ts";

/** A plugin host as its owner holds it. */
export interface OwnedHost extends PluginHost {
  /** Loads a plugin ahead of its first call. @throws {StoqError} when it can't be loaded */
  open(name: string): Promise<void>;
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
  /** What the user says of where a plugin runs and what it may do. */
  readonly rulesOf: SandboxRulesOf;
  readonly runnerPath: string | undefined;
  /** Most runners of each kind; one per processor where it is not said. */
  readonly runners: number | undefined;
}

/** Makes the host of the isolation that was chosen. */
export async function openHost(setup: HostSetup): Promise<OwnedHost> {
  const { clock } = setup.system;
  const here = new InProcessHost({ ...setup, clock, timeoutMs: setup.limits.pluginTimeoutMs });
  // Who runs everything here need not load what starts and watches processes.
  const isAllHere = setup.isolation === "none" && !setup.registry.names().some(setup.rulesOf);
  return isAllHere ? here : await openSandbox(here, setup);
}

async function openSandbox(here: InProcessHost, setup: HostSetup): Promise<OwnedHost> {
  const [{ Launcher }, { isHeldHere }, { Placements }, { SandboxHost }] = await Promise.all([
    import("./launch.ts"),
    import("./own_permissions.ts"),
    import("./placement.ts"),
    import("./sandbox_host.ts"),
  ]);
  const { system, limits, runnerPath } = setup;
  const launcher = new Launcher(system, limits.runnerMemoryBytes, runnerPath);
  const placements = new Placements({
    ...setup,
    resolvePath: (path) => system.files.resolve(path),
    isHeld: isHeldHere,
    warn: (line) => system.warn(line),
    ownFolders: launcher.ownFolders,
    poolSize: setup.runners ?? system.processors,
  });
  const { clock } = system;
  return new SandboxHost(here, { placements, launcher, limits, clock, onLog: logTo(setup) });
}

/** Writes what runners tell to the loggers of their plugins, each made once. */
function logTo({ registry, contextOf }: HostSetup): OnLog {
  const loggers = new Map<string, Logger>();
  return (name, level, message) => {
    let logger = loggers.get(name);
    const plugin = logger ? undefined : registry.get(name);
    if (plugin) loggers.set(name, logger = contextOf(plugin, NEVER).log);
    logger?.[isLevel(level) ? level : "info"](message);
  };
}

function isLevel(level: string): level is keyof Logger {
  return level === "debug" || level === "info" || level === "warn" || level === "error";
}
