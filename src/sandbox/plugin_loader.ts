/**
 * Starts runners and loads plugins in them.
 *
 * @module
 */

import { type CallPurpose, hostClosed, runnerNotAllowed, StoqError } from "../core/contract/errors.ts";
import type { Limits } from "../core/contract/limits.ts";
import type { Clock } from "../core/ports/plugin_host.ts";
import { withDeadline } from "./deadline.ts";
import type { Launcher } from "./launch.ts";
import type { Placement } from "./placement.ts";
import { Runner, type RunnerLog } from "./runner.ts";
import { callFailureOf, RunnerExit } from "./runner_exit.ts";

/** Least time that loading a plugin may take, in milliseconds: the plugin has no part in how long a process takes to start. */
const MIN_LOADING_MS = 5_000;

/** What runners are started with. */
export interface LoaderSetup {
  readonly launcher: Pick<Launcher, "command" | "fillCache">;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: RunnerLog;
}

/** Loads plugins; remembers those that can't be loaded, so that they are not tried again for each payload. */
export class PluginLoader {
  readonly #setup: LoaderSetup;
  readonly #failures = new Map<string, StoqError>();
  /** Plugin → the download of its modules. */
  readonly #downloads = new Map<string, Promise<void>>();
  #lastDownload: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(setup: LoaderSetup) {
    this.#setup = setup;
  }

  /** Starts no further runner. */
  close(): void {
    this.#isClosed = true;
  }

  /** Starts a runner of which a plugin is the first user. @throws {StoqError} when no process can be started */
  start({ needs, open, verify }: Placement): Runner {
    if (this.#isClosed) throw hostClosed();
    try {
      const { launcher, log, limits } = this.#setup;
      return new Runner(launcher.command(needs, verify ? undefined : open), log, limits.resultBytes);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw runnerNotAllowed(error);
      throw error;
    }
  }

  /** Loads a plugin in a runner where it is not yet ready. @throws {StoqError} when it can't be loaded, {RunnerExit} */
  async load(runner: Runner, placement: Placement, role: CallPurpose, signal: AbortSignal): Promise<void> {
    const { plugin, open, verify } = placement;
    const failure = this.#failures.get(plugin);
    if (failure) throw failure;
    if (runner.isReady(plugin)) return;
    const { clock, limits } = this.#setup;
    const timeoutMs = Math.max(limits.pluginTimeoutMs, MIN_LOADING_MS);
    try {
      await verify?.();
      await withDeadline(
        { clock, timeoutMs, role, signal },
        runner.open(open),
        (reason) => runner.giveUp(reason),
      );
    } catch (reason) {
      const isFinal = reason instanceof StoqError ||
        (reason instanceof RunnerExit && reason.isCausedBy(plugin));
      if (isFinal && !signal.aborted) {
        const failure = callFailureOf(reason, role, limits.runnerMemoryBytes);
        if (failure instanceof StoqError) this.#failures.set(plugin, failure);
      }
      throw reason;
    }
  }

  /**
   * Does something in a runner, and once more in a fresh one where the plugin can't be blamed for the failure: another plugin may
   * have left something in the runner, or a module was missing in Deno's cache.
   */
  async attempt<T>(
    placement: Placement,
    signal: AbortSignal,
    work: (isFirst: boolean) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(true);
    } catch (reason) {
      if (signal.aborted || !await this.#deservesAnother(reason, placement)) throw reason;
      return await work(false);
    }
  }

  async #deservesAnother(reason: unknown, placement: Placement): Promise<boolean> {
    const { plugin } = placement;
    if (isUncached(reason)) {
      await this.#download(placement);
      this.#failures.delete(plugin);
      return true;
    }
    return reason instanceof RunnerExit && reason.mayHaveOtherCause(plugin);
  }

  /** Downloads a plugin's modules, once. One plugin after the other: they share most modules. */
  #download({ plugin, needs, module }: Placement): Promise<void> {
    let download = this.#downloads.get(plugin);
    if (!download) {
      download = this.#lastDownload.then(() => this.#setup.launcher.fillCache(needs, module));
      this.#downloads.set(plugin, download);
      this.#lastDownload = download.catch(() => {});
    }
    return download;
  }
}

/** Returns whether a module or package was not in Deno's cache, from which alone a runner loads. */
export function isUncached(reason: unknown): boolean {
  const text = reason instanceof RunnerExit
    ? reason.lastOutput
    : reason instanceof Error
    ? reason.message
    : "";
  return text.includes("--cached-only is specified");
}
