/**
 * The one plugin of all random scans; its options say what it does and how long it takes.
 *
 * Every scan tells how often this payload has been here, and a dispatcher leaves what it named in the payload's
 * `extra_data`: so a test need not believe the engine.
 *
 * @module
 */

import type {
  DispatcherResponse,
  PayloadView,
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

  async scan({ content, payloadId }: PayloadView, { results, errors }: RequestView): Promise<WorkerResponse> {
    const calls = this.#count(payloadId);
    await this.#dawdle();
    const text = new TextDecoder().decode(content);
    const action = pick(this.#options.program.scan, text);
    if (action.kind === "throw") throw new Error(`call ${calls}`);
    if (action.kind === "nonsense") return 5 as WorkerResponse;
    return {
      results: { calls, payloads_seen: results.length, errors_seen: errors.length },
      extracted: action.extracted.map(({ rule, dispatchTo, shouldScan }) => ({
        content: contentOf(rule, text),
        payloadMeta: { dispatchTo, shouldScan },
      })),
      dispatchTo: action.dispatchTo,
      errors: Array.from({ length: action.failures }, (_, index) => `failure ${index}`),
    };
  }

  getDispatches(payload: PayloadView): Promise<DispatcherResponse> {
    return this.#dispatch("dispatcher", payload);
  }

  getDeepDispatches(payload: PayloadView): Promise<DispatcherResponse> {
    return this.#dispatch("deep-dispatcher", payload);
  }

  /** Answers differ with the number of workers that have run: a dispatcher may change its mind. */
  async #dispatch(role: string, { content, payloadId, results }: PayloadView): Promise<DispatcherResponse> {
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
