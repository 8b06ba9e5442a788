/**
 * Random scans: eight nodes that call for each other, payloads that breed, and tight limits.
 *
 * @module
 */

import { type RequestInput, type Role, Stoq, type StoqResponse } from "../../mod.ts";
import { fc } from "../../src/deps/testing/fast_check.ts";
import { TempFolder } from "../run_stoq.ts";
import type { ContentRule, DispatchAction, Extraction, Program, WorkerAction } from "./behaviour.ts";

/** Names of the nodes. */
export const NODES = ["a", "b", "c", "d", "e", "f", "g", "h"].map((letter) => `node_${letter}`);

/** One plugin. */
export interface Node {
  readonly roles: readonly Role[];
  readonly requires: readonly string[];
  readonly program: Program;
}

/** A scan, as data. */
export interface Scenario {
  /** Plugins in the order of {@link NODES}. */
  readonly nodes: readonly Node[];
  readonly roots: readonly {
    readonly content: string;
    readonly dispatchTo: readonly string[];
    readonly shouldScan: boolean;
  }[];
  readonly startDispatch: readonly string[];
  readonly startDeepDispatch: readonly string[];
  /** Nodes that are always asked, in each of their roles. */
  readonly standing: readonly string[];
  readonly limits: {
    readonly maxRecursion: number;
    readonly maxRequiredWorkerDepth: number;
    readonly maxDispatchPasses: number;
    readonly payloads: number;
    readonly extractedBytes: number;
    readonly payloadBytes: number;
  };
}

/** A worker that is named but not installed. */
const GHOST = "ghost";
const POOL_SIZE = 4;

const names = (maxLength: number) =>
  fc.array(fc.constantFrom(...NODES, ...NODES, GHOST), { maxLength, size: "max" });

const contentRule: fc.Arbitrary<ContentRule> = fc.oneof(
  fc.record({ kind: fc.constant("pool" as const), index: fc.nat(POOL_SIZE - 1) }),
  fc.record({ kind: fc.constant("grow" as const), letter: fc.constantFrom("x", "y", "z") }),
  fc.record({ kind: fc.constant("same" as const) }),
  fc.record({ kind: fc.constant("pad" as const), sizeBytes: fc.integer({ min: 1, max: 60 }) }),
);
const extraction: fc.Arbitrary<Extraction> = fc.record({
  rule: contentRule,
  dispatchTo: names(2),
  shouldScan: rarely(false, true),
});
const workerAction: fc.Arbitrary<WorkerAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      extracted: fc.array(extraction, { maxLength: 4, size: "max" }),
      dispatchTo: names(2),
      failures: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.constant<WorkerAction>({ kind: "throw" }) },
  { weight: 1, arbitrary: fc.constant<WorkerAction>({ kind: "nonsense" }) },
);
const dispatchAction: fc.Arbitrary<DispatchAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      names: names(4),
      isFinal: rarely(true, false),
    }),
  },
  { weight: 1, arbitrary: fc.constant<DispatchAction>({ kind: "throw" }) },
);
const node: fc.Arbitrary<Node> = fc.record({
  roles: fc.constantFrom<readonly Role[]>(
    ["worker"],
    ["worker"],
    ["worker", "dispatcher"],
    ["worker", "deep-dispatcher"],
    ["deep-dispatcher"],
    ["deep-dispatcher"],
    ["dispatcher"],
    ["worker", "dispatcher", "deep-dispatcher"],
  ),
  requires: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: names(2) }),
  program: fc.record({
    scan: fc.array(workerAction, { minLength: 1, maxLength: 3 }),
    dispatch: fc.array(dispatchAction, { minLength: 2, maxLength: 4, size: "max" }),
    isBroken: rarely(true, false),
  }),
});

/** Any scan. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  nodes: fc.array(node, { minLength: NODES.length, maxLength: NODES.length }),
  roots: fc.array(
    fc.record({
      content: fc.constantFrom("root", "pool0", "pool1", "a longer root with more in it"),
      dispatchTo: names(2),
      shouldScan: rarely(false, true),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  startDispatch: names(3),
  startDeepDispatch: names(2),
  standing: fc.subarray(NODES, { minLength: 2 }),
  limits: fc.record({
    maxRecursion: fc.integer({ min: 1, max: 7 }),
    maxRequiredWorkerDepth: fc.integer({ min: 1, max: 3 }),
    maxDispatchPasses: fc.integer({ min: 1, max: 2 }),
    payloads: fc.integer({ min: 1, max: 25 }),
    extractedBytes: fc.integer({ min: 1, max: 600 }),
    payloadBytes: fc.integer({ min: 4, max: 100 }),
  }),
});

function rarely<T>(rare: T, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1, arbitrary: fc.constant(rare) }, { weight: 7, arbitrary: fc.constant(usual) });
}

/** What a scan is to be independent of. */
export interface Circumstances {
  /** Microtasks that the calls of each node take, in turn. */
  readonly delays?: readonly number[];
  readonly isExplaining?: boolean;
}

/** The folder of the eight plugins. It is kept from scan to scan: their code is the same, only their manifests change. */
export class ScenarioRunner implements Disposable {
  readonly #folder = new TempFolder();

  constructor() {
    const { href } = new URL("node_plugin.ts", import.meta.url);
    const code = `export { default } from ${JSON.stringify(href)};`;
    for (const name of NODES) this.#folder.write(`${name}/mod.ts`, code);
  }

  /** Runs a scan with the library. */
  async run(scenario: Scenario, circumstances: Circumstances = {}): Promise<StoqResponse> {
    const { delays = [], isExplaining } = circumstances;
    for (const name of NODES) {
      const { roles, requires } = nodeOf(scenario, name)!;
      const facts = { name, version: "1.0.0", description: "A node", api: 1, options: OPTIONS };
      this.#folder.write(`${name}/manifest.json`, JSON.stringify({ ...facts, roles, requires }));
    }
    await using stoq = new Stoq({
      isolation: "none",
      stoqHome: "/proc/nonexistent/stoq-home",
      pluginDirList: [this.#folder.path],
      alwaysDispatch: standing(scenario, "worker"),
      dispatchers: standing(scenario, "dispatcher"),
      deepDispatchers: standing(scenario, "deep-dispatcher"),
      pluginOpts: Object.fromEntries(
        NODES.map((
          self,
        ) => [self, {
          self,
          program: nodeOf(scenario, self)?.program,
          delays,
        }]),
      ),
      explain: isExplaining,
      ...scenario.limits,
    });
    const { startDispatch, startDeepDispatch } = scenario;
    return await stoq.scanRequest(requestOf(scenario), { startDispatch, startDeepDispatch });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Returns the nodes that are always asked in a role. */
export function standing(scenario: Scenario, role: Role): string[] {
  return scenario.standing.filter((name) => nodeOf(scenario, name)?.roles.includes(role));
}

/** The node of a name, `undefined` for the ghost. */
export function nodeOf(scenario: Scenario, name: string): Node | undefined {
  return scenario.nodes[NODES.indexOf(name)];
}

function requestOf({ roots }: Scenario): RequestInput {
  return {
    payloads: roots.map(({ content, dispatchTo, shouldScan }) => ({
      content,
      payloadMeta: { dispatchTo, shouldScan },
    })),
  };
}

const OPTIONS = {
  self: { type: "string", doc: "The node's name" },
  program: { type: "json", doc: "What it does" },
  delays: { type: "json", default: [], doc: "How long it takes" },
};
