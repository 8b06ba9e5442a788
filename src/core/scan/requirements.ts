/**
 * Which workers must run before a worker, and why one can't run at all.
 *
 * @module
 */

import {
  pluginNotFound,
  pluginWrongRole,
  requiredCircular,
  requiredTooDeep,
  requiredUnavailable,
  type StoqError,
} from "../contract/errors.ts";
import type { PluginHost } from "../ports/plugin_host.ts";

/** What resolving needs to know of the payload. */
export interface WorkerHistory {
  readonly workersRun: ReadonlySet<string>;
  readonly refusedWorkers: ReadonlySet<string>;
}

/** A worker that is to run. */
export interface WantedWorker {
  readonly name: string;
  /** The worker that requires it; `undefined` for the one that was asked for. */
  readonly requiredBy: string | undefined;
}

/** A worker that can't run, and why. */
export interface RefusedWorker {
  readonly name: string;
  readonly error: StoqError;
  /** The worker that requires it; `undefined` for the one that was asked for. */
  readonly requiredBy?: string | undefined;
}

/** The way to a worker: what is to run, or why it can't. */
export interface WorkerPlan {
  /** Required workers first; empty when the worker can't run. */
  readonly wanted: readonly WantedWorker[];
  readonly refused: readonly RefusedWorker[];
}

/** Resolves a worker's requirements, depth first. */
export function planWorker(
  host: PluginHost,
  history: WorkerHistory,
  worker: string,
  maxDepth: number,
): WorkerPlan {
  const planner = new Planner(host, history, maxDepth);
  const isPossible = planner.visit(worker, []);
  if (planner.recursion) return { wanted: [], refused: [{ name: worker, error: planner.recursion }] };
  return { wanted: isPossible ? planner.wanted : [], refused: planner.refused };
}

class Planner {
  readonly wanted: WantedWorker[] = [];
  readonly refused: RefusedWorker[] = [];
  /** A circle or too deep a chain: the whole plan is off. */
  recursion: StoqError | undefined;
  readonly #host: PluginHost;
  readonly #history: WorkerHistory;
  readonly #maxDepth: number;

  constructor(host: PluginHost, history: WorkerHistory, maxDepth: number) {
    this.#host = host;
    this.#history = history;
    this.#maxDepth = maxDepth;
  }

  visit(name: string, chain: readonly string[]): boolean {
    if (chain.includes(name)) return this.#stop(requiredCircular(name, chain));
    if (chain.length > this.#maxDepth) return this.#stop(requiredTooDeep(name, this.#maxDepth));
    if (this.#history.refusedWorkers.has(name) || this.refused.some((refusal) => refusal.name === name)) {
      return false;
    }
    if (this.#history.workersRun.has(name) || this.wanted.some((wanted) => wanted.name === name)) return true;
    const facts = this.#host.find(name);
    const requiredBy = chain.at(-1);
    if (!facts) return this.#refuse(name, pluginNotFound(name, this.#host.nearest(name)), requiredBy);
    if (!facts.roles.includes("worker")) {
      return this.#refuse(name, pluginWrongRole(name, "worker", facts.roles), requiredBy);
    }
    for (const required of facts.requires) {
      if (this.visit(required, [...chain, name])) continue;
      return this.recursion ? false : this.#refuse(name, requiredUnavailable(name, required), requiredBy);
    }
    this.wanted.push({ name, requiredBy });
    return true;
  }

  #refuse(name: string, error: StoqError, requiredBy: string | undefined): false {
    this.refused.push({ name, error, requiredBy });
    return false;
  }

  #stop(error: StoqError): false {
    this.recursion ??= error;
    return false;
  }
}
