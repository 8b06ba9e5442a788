/**
 * The one plugin of all random scans; its options say what it does and how long it takes.
 *
 * Every scan tells how often this payload has been here, and a dispatcher leaves what it named in the payload's
 * `extra_data`: so a test need not believe the engine. A node that is `watchful` tells instead everything that it sees,
 * and keeps to its budget: so no difference in what it was shown stays hidden.
 *
 * @module
 */

import type {
  DispatcherResponse,
  ExtractionBudget,
  PayloadView,
  PlainRecord,
  Plugin,
  PluginFactory,
  RequestView,
  WorkerResponse,
} from "../../mod.ts";
import { contentOf, pick, type Program } from "./behaviour.ts";

interface Options {
  readonly self: string;
  readonly program: Program;
  /** Microtasks that each call takes, in turn. */
  readonly delays: readonly number[];
  readonly isWatchful: boolean;
  readonly isCurious: boolean;
}

const factory: PluginFactory<Options> = (options) => {
  if (options.program.isBroken) throw new Error("broken");
  return new Node(options);
};
export default factory;

class Node implements Plugin {
  readonly #options: Options;
  readonly #calls = new Map<string, number>();
  #turn = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  async scan(payload: PayloadView, request: RequestView): Promise<WorkerResponse> {
    const { program, isWatchful, isCurious } = this.#options;
    const calls = this.#count(payload.payloadId);
    await this.#dawdle();
    const text = new TextDecoder().decode(payload.content);
    const action = pick(program.scan, text);
    if (action.kind === "throw") throw new Error(`call ${calls}`);
    if (action.kind === "nonsense") return 5 as WorkerResponse;
    const extracted = action.extracted.map(({ rule, dispatchTo, shouldScan }) => ({
      content: contentOf(rule, text),
      payloadMeta: { dispatchTo, shouldScan },
    }));
    const failures = Array.from({ length: action.failures }, (_, index) => `failure ${index}`);
    const others = { payloads_seen: () => request.results.length, errors_seen: () => request.errors.length };
    if (!isWatchful) {
      const results = { calls, payloads_seen: others.payloads_seen(), errors_seen: others.errors_seen() };
      return { results, extracted, dispatchTo: action.dispatchTo, errors: failures };
    }
    const kept = keepTo(request.budget, extracted);
    return {
      results: {
        ...sight(payload),
        ...(isCurious && { others: [others.payloads_seen(), others.errors_seen()] }),
      },
      extracted: kept,
      dispatchTo: action.dispatchTo,
      errors: [
        ...failures,
        ...(kept.length < extracted.length ? [{ message: "left some out", code: "limit-of-node" }] : []),
      ],
    };
  }

  getDispatches(payload: PayloadView): Promise<DispatcherResponse> {
    return this.#dispatch("dispatcher", payload);
  }

  getDeepDispatches(payload: PayloadView): Promise<DispatcherResponse> {
    return this.#dispatch("deep-dispatcher", payload);
  }

  /** Answers differ with the number of workers that have run: a dispatcher may change its mind. */
  async #dispatch(role: string, payload: PayloadView): Promise<DispatcherResponse> {
    const { content, payloadId, results } = payload;
    const calls = this.#count(`${payloadId} ${role}`);
    await this.#dawdle();
    const { self, program, isWatchful } = this.#options;
    const text = new TextDecoder().decode(content);
    const action = pick(program.dispatch, text, results.pluginsRun.workers.length);
    if (action.kind === "throw") throw new Error(`call ${calls}`);
    const { names, isFinal } = action;
    return {
      pluginNames: names,
      isFinal,
      payloadMeta: { extraData: { [`${role} ${self} ${calls}`]: names } },
      ...(isWatchful && { meta: sight(payload) }),
    };
  }

  /** A watchful node may be called twice, and must not tell. */
  #count(key: string): number {
    if (this.#options.isWatchful) return 1;
    const calls = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, calls);
    return calls;
  }

  async #dawdle(): Promise<void> {
    const { delays } = this.#options;
    for (let left = delays[this.#turn++ % delays.length] ?? 0; left > 0; left--) await null;
  }
}

/** All that can be told of a view without telling times. */
function sight({ payloadMeta, extractedFrom, extractedBy, dispatchMeta, results }: PayloadView): PlainRecord {
  return {
    meta: Object.keys(payloadMeta.extraData),
    from: extractedFrom,
    by: extractedBy,
    dispatchers: Object.keys(dispatchMeta),
    workers: results.pluginsRun.workers,
    passes: Object.entries(results.deepPasses ?? {}),
    timed: Object.keys(results.timings),
    others: (results.alsoSeenAs ?? []).map(({ extractedFrom, extractedBy }) => [extractedFrom, extractedBy]),
  };
}

/** Those that fit, up to the first one that does not. */
function keepTo<T extends { readonly content: string }>(budget: ExtractionBudget, extracted: T[]): T[] {
  let left = budget.extractedBytes;
  const end = extracted.findIndex(({ content }, index) => {
    left -= content.length;
    return left < 0 || index >= budget.payloads || content.length > budget.payloadBytes;
  });
  return end < 0 ? extracted : extracted.slice(0, end);
}
