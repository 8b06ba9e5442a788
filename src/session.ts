/**
 * Plugins, log and scan environment of one set of options. The library and the commands both scan through it.
 *
 * @module
 */

import type { ResolvedOptions } from "./config/resolve.ts";
import { outputPathsOf } from "./config/run_plan.ts";
import type { Role, StoqResponse } from "./core/contract/contract.ts";
import { ConfigurationError, toFailure } from "./core/contract/errors.ts";
import { printable } from "./core/contract/printable.ts";
import type { System } from "./core/ports/system.ts";
import type { Telemetry } from "./core/ports/telemetry.ts";
import { runProviders, type RunSetup, type RunSummary } from "./core/run/run.ts";
import type { ScanEnvironment, ScanOptions } from "./core/scan/environment.ts";
import { decorateResponse } from "./core/scan/finish.ts";
import { type ScanInput, scanRequest } from "./core/scan/scan.ts";
import { Log } from "./host/log.ts";
import { formatTableOf } from "./plugin/format_table.ts";
import { type HostSetup, openHost, type OwnedHost } from "./sandbox/isolation.ts";
import type { Isolation } from "./sandbox/placement.ts";
import { STOQ_VERSION } from "./version.ts";

/** An open session. Close it to end its plugins. */
export class Session {
  readonly options: ResolvedOptions;
  readonly environment: ScanEnvironment;
  readonly #host: OwnedHost;
  readonly #log: Log;
  /** Whether the plugins that a scan calls first are loaded, or are being loaded. */
  #isLoaded = false;

  private constructor(options: ResolvedOptions, environment: ScanEnvironment, host: OwnedHost, log: Log) {
    this.options = options;
    this.environment = environment;
    this.#host = host;
    this.#log = log;
  }

  /** Opens the log and the plugin host; no plugin is loaded yet. @throws {ConfigurationError} with every problem of the options */
  static async open(system: System, options: ResolvedOptions): Promise<Session> {
    if (options.problems.length > 0) throw new ConfigurationError(options.problems);
    const log = await openLog(system, options.values);
    for (const note of [...options.registry.notes, ...options.notes]) log.note(note);
    const host = await openHost(hostSetupOf(system, options, log)).catch((error) => {
      log.close();
      throw error;
    });
    const telemetry = await system.openTelemetry?.(host, STOQ_VERSION);
    return new Session(options, environmentOf(system, options, { host, log, telemetry }), host, log);
  }

  /** Loads a plugin before its first call. @throws {StoqError} when it can't be loaded */
  async load(name: string): Promise<void> {
    await this.#host.open(name);
  }

  /** Loads plugins, those of the second list as providers, and returns a problem for each that can't be loaded. */
  async loadAll(names: readonly string[], providers: readonly string[] = []): Promise<string[]> {
    this.#isLoaded = true;
    const roles: (readonly [string, Role?])[] = [
      ...[...new Set(names)].map((name) => [name] as const),
      ...providers.map((name) => [name, "provider"] as const),
    ];
    const problems = await Promise.all(roles.map(([name, role]) => this.#loadProblem(name, role)));
    return [...new Set(problems.filter((problem) => problem !== undefined))];
  }

  /** Scans a request and returns its response. */
  async scan(request: ScanInput, options: ScanOptions = {}): Promise<StoqResponse> {
    this.#loadFirst(options.startDispatch);
    return await scanRequest(this.environment, request, options);
  }

  /** Scans what the providers deliver until they end. */
  async run(setup: RunSetup): Promise<RunSummary> {
    this.#loadFirst(setup.startDispatch);
    return await runProviders(this.environment, setup);
  }

  /** Returns the response with what the decorators add to it. */
  async decorate(response: StoqResponse): Promise<StoqResponse> {
    return await decorateResponse(this.environment, response);
  }

  /** Ends all plugins and closes the log; resolves when all processes have ended. Never rejects. */
  async close(): Promise<void> {
    const ended = this.#host.close();
    this.#log.close();
    await ended;
  }

  /** Begins to load the plugins that a scan calls first. The call of a plugin that can't be loaded reports why. */
  #loadFirst(startDispatch: readonly string[] = []): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    const { dispatchers, alwaysDispatch } = this.environment.selection;
    for (const name of new Set([...dispatchers, ...startDispatch, ...alwaysDispatch])) {
      this.#host.open(name).catch(() => {});
    }
  }

  async #loadProblem(name: string, role: Role | undefined): Promise<string | undefined> {
    try {
      await this.#host.open(name, role);
      return undefined;
    } catch (reason) {
      const lines = toFailure("check", reason).message.split("\n");
      // Indented, so that text of a plugin can't look like a line of stoQ.
      const message = lines.map(printable).join("\n  ");
      return message.includes(`"${name}"`) ? message : `Plugin "${name}" failed to load: ${message}`;
    }
  }
}

/** Opens the log that options describe. @throws {ConfigurationError} when its folder can't be written */
export async function openLog(
  system: System,
  { logLevel: level, logSyntax: syntax, logDir, logMaxbytes, logBackupCount }: ResolvedOptions["values"],
): Promise<Log> {
  if (logDir === undefined) return new Log({ system, level, syntax });
  // As in Python's handlers, 0 in either option means one file without a limit.
  const maxBytes = logMaxbytes === 0 ? Infinity : logMaxbytes;
  try {
    const file = await system.openLogFile({ folder: logDir, maxBytes, backupCount: logBackupCount });
    return new Log({ system, level, syntax, file });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ConfigurationError([
      `log_dir "${printable(logDir)}" can't be written: ${printable(error.message)}`,
    ]);
  }
}

function hostSetupOf(system: System, options: ResolvedOptions, log: Log): HostSetup {
  const { values, registry, limits, stoqHome } = options;
  const outputPaths = outputPathsOf(options, system.files);
  return {
    system,
    registry,
    log,
    limits,
    stoqHome,
    outputPaths,
    optionsOf: options.pluginOptionsOf,
    isolation: values.isolation as Isolation | undefined,
    rulesOf: options.sandboxRulesOf,
    runnerPath: values.runnerPath,
    runners: values.runners,
    contextOf: ({ manifest, folder }, signal) => ({
      log: log.of(manifest.name),
      signal,
      stoqHome,
      pluginDir: folder,
      outputPaths,
      // Plugins in this process are not confined, but a third-party plugin gets no access to files by raw names.
      rawFiles: folder === undefined ? system.rawFiles : undefined,
    }),
  };
}

function environmentOf(
  system: System,
  { values, limits, registry }: ResolvedOptions,
  { host, log, telemetry }: { host: OwnedHost; log: Log; telemetry: Telemetry | undefined },
): ScanEnvironment {
  return {
    host: telemetry?.host ?? host,
    telemetry,
    clock: system.clock,
    log: log.engine,
    newId: () => system.newId(),
    sha256: (content) => system.sha256(content),
    limits,
    stoqVersion: STOQ_VERSION,
    isExplaining: values.explain,
    formats: formatTableOf(registry.names().map((name) => registry.get(name)!.manifest)),
    selection: {
      alwaysDispatch: values.alwaysDispatch ?? [],
      dispatchers: values.dispatchers ?? [],
      deepDispatchers: values.deepDispatchers ?? [],
      destArchivers: values.destArchivers ?? [],
      decorators: values.decorators ?? [],
      connectors: values.connectors ?? [],
    },
  };
}
