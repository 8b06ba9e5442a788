/**
 * Runs plugins in runners: isolation "process". At the deadline of a call its runner is killed, even while the plugin is busy.
 *
 * @module
 */

import type { Delivery, Role } from "../core/contract/contract.ts";
import { type CallPurpose, permissionDenied, type StoqError } from "../core/contract/errors.ts";
import {
  type AnyCall,
  NEVER,
  type PluginAnswer,
  type PluginFacts,
  type PluginHost,
} from "../core/ports/plugin_host.ts";
import { MAX_ANSWER_FAILURES } from "./call_bounds.ts";
import { withDeadline } from "./deadline.ts";
import { covers } from "./grant.ts";
import type { InProcessHost } from "./in_process.ts";
import type { Placement, Placements } from "./placement.ts";
import { isUncached, type LoaderSetup, PluginLoader } from "./plugin_loader.ts";
import { RunnerPool } from "./pool.ts";
import { ProviderRunners } from "./provider_runners.ts";
import type { Runner, RunnerCallEnd } from "./runner.ts";
import { callFailureOf } from "./runner_exit.ts";
import type { Attempt } from "./runner_stderr.ts";

/** What the host needs beside the host of this process. */
export interface SandboxSetup extends LoaderSetup {
  readonly placements: Placements;
}

/** Plugin host with isolation. */
export class SandboxHost implements PluginHost {
  readonly #inProcess: InProcessHost;
  readonly #setup: SandboxSetup;
  readonly #loader: PluginLoader;
  readonly #providers: ProviderRunners;
  readonly #pools = new Map<string, RunnerPool>();

  /** @param inProcess runs the plugins that have no placement */
  constructor(inProcess: InProcessHost, setup: SandboxSetup) {
    this.#inProcess = inProcess;
    this.#setup = setup;
    this.#loader = new PluginLoader(setup);
    this.#providers = new ProviderRunners(this.#loader, setup);
  }

  find(name: string): PluginFacts | undefined {
    return this.#inProcess.find(name);
  }

  nearest(name: string): string | undefined {
    return this.#inProcess.nearest(name);
  }

  /** Loads a plugin before its first call, or before `ingest` where the role is `provider`. @throws {StoqError} when it can't be loaded */
  async open(name: string, role: Role | undefined = this.find(name)?.roles[0]): Promise<void> {
    const placement = this.#setup.placements.of(name);
    if (!placement) return void await this.#inProcess.open(name);
    const purpose = role ?? "check";
    try {
      if (role === "provider") await this.#providers.load(placement);
      else await this.#poolOf(placement).open(placement, purpose, NEVER);
    } catch (reason) {
      throw callFailureOf(reason, purpose, this.#setup.limits.runnerMemoryBytes);
    }
  }

  async call(name: string, call: AnyCall, signal: AbortSignal): Promise<PluginAnswer> {
    const { clock, placements, limits } = this.#setup;
    const { role } = call;
    let startMs: number | undefined;
    try {
      const placement = placements.of(name);
      if (!placement) return await this.#inProcess.call(name, call, signal);
      const end = await this.#poolOf(placement).withOpen(placement, role, signal, (runner) => {
        startMs = clock.now();
        return this.#callIn(runner, name, call, signal);
      });
      const failures = deniedAttempts(role, end.attempts, placement);
      return end.failure
        ? { thrown: { reason: end.failure }, failures, durationMs: end.durationMs }
        : { value: end.value, failures, mostFailures: MAX_ANSWER_FAILURES, durationMs: end.durationMs };
    } catch (reason) {
      const thrown = { reason: callFailureOf(reason, role, limits.runnerMemoryBytes) };
      return { thrown, durationMs: startMs === undefined ? 0 : clock.now() - startMs };
    }
  }

  async *ingest(name: string, signal: AbortSignal): AsyncIterable<Delivery> {
    const placement = this.#setup.placements.of(name);
    yield* placement ? this.#providers.ingest(placement, signal) : this.#inProcess.ingest(name, signal);
  }

  /** Ends all runners, and aborts the signal of the plugins in this process. */
  async close(): Promise<void> {
    this.#loader.close();
    await Promise.all([
      this.#inProcess.close(),
      this.#providers.close(),
      ...[...this.#pools.values()].map((pool) => pool.close()),
    ]);
  }

  async #callIn(runner: Runner, name: string, call: AnyCall, signal: AbortSignal): Promise<RunnerCallEnd> {
    const { clock, limits: { pluginTimeoutMs: timeoutMs } } = this.#setup;
    const deadline = { clock, timeoutMs, role: call.role, signal };
    const end = await withDeadline(deadline, runner.call(name, call), (reason) => runner.giveUp(reason));
    // A plugin may import when it is called.
    if (end.failure && isUncached(end.failure)) throw end.failure;
    return end;
  }

  #poolOf({ pool: key, poolSize }: Placement): RunnerPool {
    let pool = this.#pools.get(key);
    if (!pool) this.#pools.set(key, pool = new RunnerPool(this.#loader, poolSize, this.#setup.clock));
    return pool;
  }
}

/** Returns a failure for each attempt that no grant covers: a parser that needs the network is suspicious. */
function deniedAttempts(role: CallPurpose, attempts: readonly Attempt[], placement: Placement): StoqError[] {
  return attempts
    .filter((attempt) => !isCovered(attempt, placement))
    .map(({ permission, resource }) => permissionDenied(role, permission, resource));
}

function isCovered({ permission, resource }: Attempt, { needs, ownFolders }: Placement): boolean {
  // After it is loaded no plugin may import.
  if (permission === "import") return false;
  const { grant, codeFolders } = needs;
  const granted = [
    ...grant[permission] ?? [],
    ...permission === "read" ? [...codeFolders, ...ownFolders] : [],
  ];
  return granted.some((each) => covers(permission, each, resource));
}
