/**
 * The one plugin of all random scans; its options say what it does and how long it takes.
 *
 * Every scan reports how often this payload has been here and what it sees of the others, and a dispatcher leaves what it
 * named in the payload's `extra_data`: so a test need not believe the engine.
 *
 * @module
 */

import type {
  DispatcherResponse,
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
    const { program } = this.#options;
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
    const seen = { payloads_seen: request.results.length, errors_seen: request.errors.length };
    return {
      results: { calls, ...seen, ...sight(payload) },
      extracted,
      dispatchTo: action.dispatchTo,
      errors: failures,
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
    const { self, program } = this.#options;
    const text = new TextDecoder().decode(content);
    const action = pick(program.dispatch, text, results.pluginsRun.workers.length);
    if (action.kind === "throw") throw new Error(`call ${calls}`);
    const { names, isFinal } = action;
    return {
      pluginNames: names,
      isFinal,
      payloadMeta: { extraData: { [`${role} ${self} ${calls}`]: names } },
      meta: sight(payload),
    };
  }

  #count(key: string): number {
    const calls = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, calls);
    return calls;
  }

  async #dawdle(): Promise<void> {
    const { delays } = this.#options;
    for (let left = delays[this.#turn++ % delays.length] ?? 0; left > 0; left--) await null;
  }
}

/** Returns everything that a view holds except times. */
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
