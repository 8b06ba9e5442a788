/**
 * Where plugins run: apart, or all in this process.
 *
 * @module
 */

import type { Logger, PluginContext, Role } from "../core/contract/contract.ts";
import { runnerNotStandalone } from "../core/contract/errors.ts";
import type { Limits } from "../core/contract/limits.ts";
import type { PluginLogs } from "../core/ports/log.ts";
import type { PluginHost } from "../core/ports/plugin_host.ts";
import type { System } from "../core/ports/system.ts";
import type { SandboxRulesOf } from "../plugin/permission.ts";
import type { RegisteredPlugin, Registry } from "../plugin/registry.ts";
import { InProcessHost } from "./in_process.ts";
import type { Isolation } from "./placement.ts";
import type { RunnerLog } from "./runner.ts";

/** A plugin host as its owner holds it. */
export interface OwnedHost extends PluginHost {
  /** Loads a plugin ahead of its first call, or of `ingest` where the role is `provider`. @throws {StoqError} when it can't be loaded */
  open(name: string, role?: Role): Promise<void>;
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
  readonly log: PluginLogs;
  readonly limits: Limits;
  readonly stoqHome: string;
  /** What plugins are given as `context.outputPaths`. */
  readonly outputPaths: readonly string[];
  /** Apart where that is possible, unless it is said. */
  readonly isolation: Isolation | undefined;
  /** What the user says of where a plugin runs and what it may do. */
  readonly rulesOf: SandboxRulesOf;
  readonly runnerPath: string | undefined;
  /** Most runners of each kind; one per processor where it is not said. */
  readonly runners: number | undefined;
}

/** Makes the host of the isolation that was chosen. */
export async function openHost(setup: HostSetup): Promise<OwnedHost> {
  const { system, runnerPath = system.runnerPath } = setup;
  const { clock } = system;
  const here = new InProcessHost({ ...setup, clock, timeoutMs: setup.limits.pluginTimeoutMs });
  // Who runs everything here need not load what starts and watches processes.
  const isolation = await chooseIsolation(setup.isolation, system, runnerPath);
  const isAllHere = isolation === "none" && !setup.registry.names().some(setup.rulesOf);
  return isAllHere ? here : await openSandbox(here, { ...setup, isolation, runnerPath });
}

/** What was asked for, or else what is possible; tells why plugins can't run apart, because somebody may count on it. */
export async function chooseIsolation(
  asked: Isolation | undefined,
  system: System,
  runnerPath: string | undefined = system.runnerPath,
): Promise<Isolation> {
  if (asked) return asked;
  if (Deno.build.standalone && runnerPath === undefined) {
    system.warn(`Plugins run unprotected in this process: ${runnerNotStandalone().message}`);
    return "none";
  }
  const command = runnerPath ?? Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command });
  if (state === "granted") return "process";
  system.warn(
    `Plugins run unprotected in this process: it may not start others; grant --allow-run=${command}, or set ` +
      'isolation to "none" if that is meant',
  );
  return "none";
}

async function openSandbox(
  here: InProcessHost,
  setup: HostSetup & { readonly isolation: Isolation },
): Promise<OwnedHost> {
  const [{ Launcher }, { isGrantedHere }, { Placements }, { SandboxHost }] = await Promise.all([
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
    isGranted: isGrantedHere,
    warn: (line) => system.warn(line),
    ownFolders: launcher.ownFolders,
    ownHost: launcher.ownHost,
    poolSize: setup.runners ?? system.processors,
  });
  const { clock } = system;
  return new SandboxHost(here, { placements, launcher, limits, clock, log: runnerLog(setup.log) });
}

/** Passes on what runners tell of their plugins; of others they may not speak. */
function runnerLog(log: PluginLogs): RunnerLog {
  return {
    line: (name, level, message) => log.of(name)[isLevel(level) ? level : "info"](message),
    dropped: (name, lines) => log.addDropped(name, lines),
  };
}

function isLevel(level: string): level is keyof Logger {
  return level === "debug" || level === "info" || level === "warn" || level === "error";
}
