/**
 * stoQ as an object: options, plugins and scans.
 *
 * @module
 */

import { type ResolvedOptions, resolveOptions } from "./config/resolve.ts";
import { checkStoqOptions, type StoqOptions } from "./config/stoq_options.ts";
import type {
  PayloadInput,
  PayloadMeta,
  RequestInput,
  RequestMeta,
  Role,
  StoqResponse,
} from "./core/contract/contract.ts";
import { scanRequest } from "./core/scan/scan.ts";
import type { ScanEnvironment, ScanOptions } from "./core/scan/environment.ts";
import { ConfigurationError, noProviders, type StoqError, toFailure } from "./core/contract/errors.ts";
import {
  keepersOf,
  keepingProblems,
  missingOptions,
  type OutputFacts,
  outputPathsOf,
} from "./config/run_plan.ts";
import { decorateResponse } from "./core/scan/finish.ts";
import { printable } from "./core/contract/printable.ts";
import { parseRate, RateLimiter } from "./core/run/rate_limit.ts";
import {
  checkContent,
  checkNames,
  checkPayloadMeta,
  checkRequest,
  checkRequestMeta,
} from "./config/request_check.ts";
import { runProviders, type RunSetup, type RunSummary } from "./core/run/run.ts";
import { subresponses } from "./core/contract/subresponses.ts";
import type { System } from "./core/ports/system.ts";
import { DenoSystem } from "./host/deno_system.ts";
import { Log } from "./host/log.ts";
import type { Manifest } from "./plugin/manifest.ts";
import { type Isolation, openHost, type OwnedHost } from "./sandbox/isolation.ts";
import { STOQ_VERSION } from "./version.ts";

/** What concerns one scan alone. */
export interface StoqScanOptions extends ScanOptions {
  /** What is known of the payload. */
  readonly payloadMeta?: Partial<PayloadMeta>;
  /** What is known of the request. */
  readonly requestMeta?: Partial<RequestMeta>;
  /** Distance to the scans before it: `10/s`, `100/min`, or `count/seconds`. */
  readonly ratelimit?: string;
}

/** What concerns one run alone. */
export type StoqRunOptions = Pick<
  RunSetup,
  "requestMeta" | "startDispatch" | "startDeepDispatch" | "stop" | "abort" | "onEvent" | "save"
>;

/** An engine with its host and options. */
export interface Opened {
  readonly options: ResolvedOptions;
  readonly engine: ScanEnvironment;
  readonly host: OwnedHost;
  readonly log: Log;
  /** Ends all plugins, then the log; resolves when nothing is left of them. */
  close(): Promise<void>;
}

/**
 * One stoQ. Options are resolved and plugins opened at first use; two instances share nothing.
 *
 * Close it when it is no longer needed, or declare it with `await using`, or with `using`.
 */
export class Stoq implements Disposable, AsyncDisposable {
  readonly #system: System;
  readonly #resolve: () => Promise<ResolvedOptions>;
  #opening: Promise<Opened> | undefined;
  readonly #rateLimiter: RateLimiter;
  #opened: Opened | undefined;
  #isClosed = false;
  #isAhead = false;

  /** Takes options; nothing is read or opened yet. @throws {TypeError} for unknown options and values of the wrong type */
  constructor(options: StoqOptions = {}) {
    checkStoqOptions(options);
    const { stoqHome, pluginOpts, sandbox, ...given } = options;
    this.#system = new DenoSystem();
    this.#rateLimiter = new RateLimiter(this.#system.clock);
    this.#resolve = () =>
      resolveOptions({
        system: this.#system,
        given,
        givenPluginOpts: pluginOpts,
        givenSandbox: sandbox,
        stoqHome,
      });
  }

  /**
   * Scans bytes, or text as UTF-8.
   *
   * @throws {TypeError} that names the argument, for content that is none and metadata that are no plain data
   * @throws {ConfigurationError} at the first use, when the options can't be resolved
   */
  async scan(content: PayloadInput["content"], options: StoqScanOptions = {}): Promise<StoqResponse> {
    const { payloadMeta, requestMeta, ratelimit, ...scanOptions } = options;
    checkContent("content", content);
    checkPayloadMeta("payloadMeta", payloadMeta);
    checkRequestMeta("requestMeta", requestMeta);
    checkScanOptions(scanOptions);
    if (ratelimit !== undefined) await this.#rateLimiter.wait(parseRate(ratelimit), options.signal);
    const { engine } = await this.#openAhead(options.startDispatch);
    return await scanRequest(engine, { payloads: [{ content, payloadMeta }], requestMeta }, scanOptions);
  }

  /**
   * Scans all payloads of a request as one.
   *
   * @throws {TypeError} as `scan` does
   * @throws {ConfigurationError} as `scan` does
   */
  async scanRequest(request: RequestInput, options: ScanOptions = {}): Promise<StoqResponse> {
    checkRequest("request", request);
    checkScanOptions(options);
    const { engine } = await this.#openAhead(options.startDispatch);
    return await scanRequest(engine, request, options);
  }

  /**
   * Scans what the providers deliver until they end. Responses go to the connectors, to `save`, which counts as one, and to
   * `onEvent`, which does not.
   *
   * @throws {TypeError} as `scan` does
   * @throws {StoqError} `no-providers` when the options name none; `option-not-set` when one lacks an option that it needs; `nothing-keeps` when a provider would remove what it delivered,
   * and there is no connector, destination archiver or `save`
   * @throws {ConfigurationError} as `scan` does
   */
  async run(options: StoqRunOptions = {}): Promise<RunSummary> {
    checkRequestMeta("requestMeta", options.requestMeta);
    checkScanOptions(options);
    const { engine, options: resolved } = await this.#openAhead(options.startDispatch);
    const keeps = await this.#system.keepsOutput();
    const isSaved = options.save !== undefined;
    const { setup, problems: [problem] } = planRun(this.#system, resolved, { keeps, isSaved });
    if (setup.providers.length === 0) throw noProviders();
    if (problem) throw problem;
    return await runProviders(engine, { ...options, ...setup });
  }

  /**
   * For each payload of a response the response that it would be the root of, decorated anew. Scan id and time stay.
   *
   * @throws {ConfigurationError} as `scan` does
   */
  async *reconstructAllSubresponses(response: StoqResponse): AsyncIterable<StoqResponse> {
    const { engine } = await this.#open();
    for (const part of subresponses(response)) yield await decorateResponse(engine, part);
  }

  /** Loads a plugin ahead of its first call and gives its manifest. @throws {StoqError} when it can't be loaded */
  async loadPlugin(name: string): Promise<Manifest> {
    const { options, host } = await this.#open();
    await host.open(name);
    return options.registry.get(name)!.manifest;
  }

  /** Manifests of all plugins that could be loaded, by name. */
  async listPlugins(): Promise<readonly Manifest[]> {
    const { registry } = (await this.#open()).options;
    return registry.names().map((name) => registry.get(name)!.manifest);
  }

  /**
   * Tells plugins that they are no longer needed and ends their processes; resolves when nothing is left of them. The
   * instance can't be used afterwards.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#opening = Promise.reject(new TypeError("This Stoq is closed"));
    this.#opening.catch(() => {});
    await this.#opened?.close();
  }

  /** Closes the instance at the end of its scope, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Closes the instance at the end of its scope; processes end soon after. */
  [Symbol.dispose](): void {
    // Closing does not fail; there is only nobody here to wait for it.
    void this.close();
  }

  async #openAhead(startDispatch?: readonly string[]): Promise<Opened> {
    const opened = await this.#open();
    if (!this.#isAhead) openAhead(opened, startDispatch);
    this.#isAhead = true;
    return opened;
  }

  #open(): Promise<Opened> {
    return this.#opening ??= this.#resolve().then(async (options) => {
      const opened = await openEngine(this.#system, options);
      this.#opened = opened;
      if (this.#isClosed) await opened.close();
      return opened;
    });
  }
}

function checkScanOptions({ startDispatch, startDeepDispatch }: ScanOptions): void {
  checkNames("startDispatch", startDispatch);
  checkNames("startDeepDispatch", startDeepDispatch);
}

/** Makes the engine of resolved options. @throws {ConfigurationError} with every problem of the options */
export async function openEngine(system: System, options: ResolvedOptions): Promise<Opened> {
  if (options.problems.length > 0) throw new ConfigurationError(options.problems);
  const { values, registry, limits, stoqHome } = options;
  const outputPaths = outputPathsOf(options, system.files);
  const log = await openLog(system, values);
  for (const note of [...registry.notes, ...options.notes]) log.note(note);
  const host = await openHost({
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
      // Plugins here are not confined, but a third-party plugin is not given what reaches every file.
      rawFiles: folder === undefined ? system.rawFiles : undefined,
    }),
  }).catch((error) => {
    log.close();
    throw error;
  });
  const telemetry = await system.openTelemetry?.(host, STOQ_VERSION);
  const engine: ScanEnvironment = {
    host: telemetry?.host ?? host,
    telemetry,
    clock: system.clock,
    log: log.engine,
    newId: () => system.newId(),
    sha256: (content) => system.sha256(content),
    limits,
    stoqVersion: STOQ_VERSION,
    isExplaining: values.explain,
    selection: {
      alwaysDispatch: values.alwaysDispatch ?? [],
      dispatchers: values.dispatchers ?? [],
      deepDispatchers: values.deepDispatchers ?? [],
      destArchivers: values.destArchivers ?? [],
      decorators: values.decorators ?? [],
      connectors: values.connectors ?? [],
    },
  };
  const close = async () => {
    await host.close();
    log.close();
  };
  return { options, engine, host, log, close };
}

/** Opens the log that options describe. @throws {ConfigurationError} when its folder can't be written */
export async function openLog(
  system: System,
  { logLevel: level, logSyntax: syntax, logDir, logMaxbytes, logBackupCount }: ResolvedOptions["values"],
): Promise<Log> {
  if (logDir === undefined) return new Log({ system, level, syntax });
  // As in Python's handlers, either number says by 0 that one file is to hold everything.
  const maxBytes = logMaxbytes === 0 || logBackupCount === 0 ? Infinity : logMaxbytes;
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

/** Begins to open the plugins that a scan will surely call, first those that it calls first. One that fails says so when it is called. */
export function openAhead({ engine, host }: Opened, startDispatch: readonly string[] = []): void {
  const { dispatchers, alwaysDispatch } = engine.selection;
  for (const name of new Set([...dispatchers, ...startDispatch, ...alwaysDispatch])) {
    host.open(name).catch(() => {});
  }
}

/** Opens every plugin that is named, those of the second list as providers, and returns why those that can't be opened can't. */
export async function openSelected(
  { host }: Opened,
  names: readonly string[],
  providers: readonly string[] = [],
): Promise<string[]> {
  const roles: (readonly [string, Role?])[] = [
    ...[...new Set(names)].map((name) => [name] as const),
    ...providers.map((name) => [name, "provider"] as const),
  ];
  const problems = await Promise.all(roles.map(async ([name, role]) => {
    try {
      await host.open(name, role);
      return undefined;
    } catch (reason) {
      const lines = toFailure("check", reason).message.split("\n");
      // Indented, so that a plugin can't write what looks like a line of stoQ's.
      const message = lines.map(printable).join("\n  ");
      return message.includes(`"${name}"`) ? message : `Plugin "${name}" failed to load: ${message}`;
    }
  }));
  return [...new Set(problems.filter((problem) => problem !== undefined))];
}

/** What options say of a run, and why it must not begin. */
export interface RunPlan {
  readonly setup: Pick<
    RunSetup,
    "providers" | "sourceArchivers" | "maxQueue" | "consumers" | "maxDeliveries" | "keepsResponses"
  >;
  readonly problems: readonly StoqError[];
}

/** Plans a run. */
export function planRun({ processors }: System, options: ResolvedOptions, output: OutputFacts): RunPlan {
  const { providers = [], sourceArchivers = [], maxQueue, maxDeliveries, providerConsumers } = options.values;
  const keepers = keepersOf(options, output);
  const { keepsResponses } = keepers;
  // While one is written to disk another is scanned.
  const consumers = providerConsumers ?? 2 * processors;
  return {
    setup: { providers, sourceArchivers, maxQueue, consumers, maxDeliveries, keepsResponses },
    problems: [...missingOptions(options), ...keepingProblems(options, keepers)],
  };
}
