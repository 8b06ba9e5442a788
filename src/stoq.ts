/**
 * The class `Stoq`: options, plugins and scans as one object.
 *
 * @module
 */

import { type ResolvedOptions, resolveOptions } from "./config/resolve.ts";
import {
  checkContent,
  checkPayloadMeta,
  checkRequest,
  checkRequestMeta,
  checkTexts,
} from "./config/request_check.ts";
import { planRun } from "./config/run_plan.ts";
import { checkStoqOptions } from "./config/stoq_options_check.ts";
import type { StoqOptions } from "./config/stoq_options.ts";
import type {
  PayloadInput,
  PayloadMeta,
  RequestInput,
  RequestMeta,
  StoqResponse,
} from "./core/contract/contract.ts";
import { noProviders } from "./core/contract/errors.ts";
import { subresponses } from "./core/contract/subresponses.ts";
import type { System } from "./core/ports/system.ts";
import { parseRate, RateLimiter } from "./core/run/rate_limit.ts";
import type { RunSetup, RunSummary } from "./core/run/run.ts";
import type { ScanOptions } from "./core/scan/environment.ts";
import { DenoSystem } from "./host/deno_system.ts";
import type { Manifest } from "./plugin/manifest.ts";
import { Session } from "./session.ts";

/** Options of one scan. */
export interface StoqScanOptions extends ScanOptions {
  /** Metadata of the payload. */
  readonly payloadMeta?: Partial<PayloadMeta>;
  /** Metadata of the request. */
  readonly requestMeta?: Partial<RequestMeta>;
  /** Highest rate of scans of this instance: `10/s`, `100/min`, or `count/seconds`. */
  readonly ratelimit?: string;
}

/** Options of one run. */
export type StoqRunOptions = Pick<
  RunSetup,
  "requestMeta" | "startDispatch" | "startDeepDispatch" | "passwords" | "stop" | "abort" | "onEvent" | "save"
>;

/**
 * One instance of stoQ. Options are resolved and plugins loaded at first use; two instances share nothing.
 *
 * Close it after the last use, or declare it with `await using` or `using`.
 */
export class Stoq implements Disposable, AsyncDisposable {
  readonly #system: System;
  readonly #resolve: () => Promise<ResolvedOptions>;
  readonly #rateLimiter: RateLimiter;
  #opening: Promise<Session> | undefined;
  /** The open session: `using` closes it without waiting. */
  #session: Session | undefined;
  #isClosed = false;

  /** Checks the options; nothing is read or opened yet. @throws {TypeError} for unknown options and values of the wrong type */
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
   * @throws {TypeError} that names the argument, for content that is neither text nor bytes and metadata that is not plain data
   * @throws {ConfigurationError} at the first use, when the options can't be resolved
   */
  async scan(content: PayloadInput["content"], options: StoqScanOptions = {}): Promise<StoqResponse> {
    const { payloadMeta, requestMeta, ratelimit, ...scanOptions } = options;
    checkContent("content", content);
    checkPayloadMeta("payloadMeta", payloadMeta);
    checkRequestMeta("requestMeta", requestMeta);
    checkScanOptions(scanOptions);
    if (ratelimit !== undefined) await this.#rateLimiter.wait(parseRate(ratelimit), options.signal);
    const session = await this.#open();
    return await session.scan({ payloads: [{ content, payloadMeta }], requestMeta }, scanOptions);
  }

  /**
   * Scans all payloads of a request and returns one response.
   *
   * @throws {TypeError} as `scan` does
   * @throws {ConfigurationError} as `scan` does
   */
  async scanRequest(request: RequestInput, options: ScanOptions = {}): Promise<StoqResponse> {
    checkRequest("request", request);
    checkScanOptions(options);
    const session = await this.#open();
    return await session.scan(request, options);
  }

  /**
   * Scans what the providers deliver until they end. Responses go to the connectors, to `save`, which counts as a connector,
   * and to `onEvent`, which does not.
   *
   * @throws {TypeError} as `scan` does
   * @throws {StoqError} `no-providers` when the options name none; `option-not-set` when a plugin lacks an option that it needs;
   * `nothing-keeps` when a provider would remove what it delivered, and there is no connector, destination archiver or `save`
   * @throws {ConfigurationError} as `scan` does
   */
  async run(options: StoqRunOptions = {}): Promise<RunSummary> {
    checkRequestMeta("requestMeta", options.requestMeta);
    checkScanOptions(options);
    const session = await this.#open();
    const output = { keeps: await this.#system.keepsOutput(), isSaved: options.save !== undefined };
    const { setup, problems: [problem] } = planRun(this.#system, session.options, output);
    if (setup.providers.length === 0) throw noProviders();
    if (problem) throw problem;
    return await session.run({ ...options, ...setup });
  }

  /**
   * Yields a response for each payload of a response, as if that payload had been the root. The decorators are called again;
   * scan id and time stay.
   *
   * @throws {ConfigurationError} as `scan` does
   */
  async *reconstructAllSubresponses(response: StoqResponse): AsyncIterable<StoqResponse> {
    const session = await this.#open();
    for (const part of subresponses(response)) yield await session.decorate(part);
  }

  /** Loads a plugin before its first call and returns its manifest. @throws {StoqError} when it can't be loaded */
  async loadPlugin(name: string): Promise<Manifest> {
    const session = await this.#open();
    await session.load(name);
    return session.options.registry.get(name)!.manifest;
  }

  /** Returns the manifests of all known plugins, sorted by name. */
  async listPlugins(): Promise<readonly Manifest[]> {
    const { registry } = (await this.#open()).options;
    return registry.names().map((name) => registry.get(name)!.manifest);
  }

  /**
   * Aborts the plugins' signals and ends their processes; resolves when all processes have ended. The instance can't be used
   * afterwards.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    // The calls that wait for the session report why it can't be opened.
    const session = this.#session ?? await this.#opening?.catch(() => undefined);
    await session?.close();
  }

  /** Closes the instance at the end of its scope, and waits until the processes have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Closes the instance at the end of its scope; processes end soon after. */
  [Symbol.dispose](): void {
    // `close` never rejects, and a synchronous scope can't wait for it.
    void this.close();
  }

  async #open(): Promise<Session> {
    if (this.#isClosed) throw new TypeError("This Stoq is closed");
    return this.#session ??= await (this.#opening ??= this.#openOnce());
  }

  async #openOnce(): Promise<Session> {
    return await Session.open(this.#system, await this.#resolve());
  }
}

function checkScanOptions({ startDispatch, startDeepDispatch, passwords }: ScanOptions): void {
  checkTexts("startDispatch", startDispatch);
  checkTexts("startDeepDispatch", startDeepDispatch);
  checkTexts("passwords", passwords);
}
