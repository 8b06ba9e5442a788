/**
 * Opens the plugin host: with runners, or with all plugins in this process.
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

/** A plugin host that can be closed. */
export interface OwnedHost extends PluginHost {
  /** Loads a plugin before its first call, or before `ingest` where the role is `provider`. @throws {StoqError} when it can't be loaded */
  open(name: string, role?: Role): Promise<void>;
  /** Aborts the signal of the plugins and ends all runners; resolves when their processes have ended. */
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
  /** `context.outputPaths` of the plugins. */
  readonly outputPaths: readonly string[];
  /** `undefined`: `process` where that is possible. */
  readonly isolation: Isolation | undefined;
  /** Returns the user's rules for a plugin. */
  readonly rulesOf: SandboxRulesOf;
  readonly runnerPath: string | undefined;
  /** Most runners in a pool; `undefined`: one for each processor. */
  readonly runners: number | undefined;
}

/** Opens the host. */
export async function openHost(setup: HostSetup): Promise<OwnedHost> {
  const { system, runnerPath = system.runnerPath } = setup;
  const { clock } = system;
  const here = new InProcessHost({ ...setup, clock, timeoutMs: setup.limits.pluginTimeoutMs });
  // Without runners the modules that start and watch processes are not loaded.
  const isolation = await chooseIsolation(setup.isolation, system, runnerPath);
  const isAllHere = isolation === "none" && !setup.registry.names().some(setup.rulesOf);
  return isAllHere ? here : await openSandbox(here, { ...setup, isolation, runnerPath });
}

/** Returns the given isolation, or else the one that is possible. Warns when plugins can't run in runners, because users may rely on it. */
export async function chooseIsolation(
  given: Isolation | undefined,
  system: System,
  runnerPath: string | undefined = system.runnerPath,
): Promise<Isolation> {
  if (given) return given;
  if (Deno.build.standalone && runnerPath === undefined) {
    system.warn(`Plugins run unprotected in this process: ${runnerNotStandalone().message}`);
    return "none";
  }
  const command = runnerPath ?? Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command });
  if (state === "granted") return "process";
  system.warn(
    `Plugins run unprotected in this process, which may not start other processes: grant --allow-run=${command}, or set ` +
      'isolation to "none"',
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

/** Writes the log lines of runners. A runner can log only for its own plugins. */
function runnerLog(log: PluginLogs): RunnerLog {
  return {
    line: (name, level, message) => log.of(name)[isLevel(level) ? level : "info"](message),
    dropped: (name, lines) => log.addDropped(name, lines),
  };
}

function isLevel(level: string): level is keyof Logger {
  return level === "debug" || level === "info" || level === "warn" || level === "error";
}
