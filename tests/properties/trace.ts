/**
 * What must have happened in a random scan, derived from its programs and from which plugin ran on what.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ErrorRecord, PayloadResults, StoqResponse } from "../../mod.ts";
import { contentOf, type Extraction, pick, type WorkerAction } from "./behaviour.ts";
import { nodeOf, type Scenario } from "./scenario.ts";

/** One worker that ran on one payload. */
export interface WorkerRun {
  readonly payload: PayloadResults;
  readonly worker: string;
  readonly action: WorkerAction;
  /** What the worker handed to the engine. */
  readonly extracted: readonly ExtractedContent[];
  /** Errors of this worker on this payload. */
  readonly errors: readonly ErrorRecord[];
}

/** An extracted payload with its bytes. */
export interface ExtractedContent extends Extraction {
  readonly content: string;
  readonly sha256: string;
}

/** Returns everything that ran, by payload and in order. @throws {Error} for a payload that no plugin can have extracted */
export function workerRuns(scenario: Scenario, { results, errors }: StoqResponse): WorkerRun[] {
  const contents = new Map(scenario.roots.map(({ content }) => [sha256(content), content]));
  return results.flatMap((payload) => {
    const content = contents.get(payload.sha256!);
    if (content === undefined) throw new Error(`No plugin can have extracted ${payload.sha256}`);
    return payload.pluginsRun.workers.map((worker) => {
      const action = pick(nodeOf(scenario, worker)!.program.scan, content);
      const extracted = action.kind === "answer" ? action.extracted.map((e) => complete(e, content)) : [];
      for (const child of extracted) contents.set(child.sha256, child.content);
      return { payload, worker, action, extracted, errors: errors.filter(isAbout(payload, worker)) };
    });
  });
}

function complete(extraction: Extraction, parent: string): ExtractedContent {
  const content = contentOf(extraction.rule, parent);
  return { ...extraction, content, sha256: sha256(content) };
}

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Says whether an error is about a worker, as a worker, on a payload. */
export function isAbout(payload: PayloadResults, worker: string): (error: ErrorRecord) => boolean {
  return ({ payloadId, pluginName, role }) =>
    payloadId === payload.payloadId && pluginName === worker && role === "worker";
}

/** Returns how often a worker's payload came in as this one; all equal payloads of the initial request have the same number. */
export function timesTakenIn(payload: PayloadResults, { payload: parent, worker }: WorkerRun): number {
  const { extractedFrom, extractedBy } = payload;
  return extractedFrom.filter((id, index) => id === parent.payloadId && extractedBy[index] === worker).length;
}

/** Returns the first payload of each content. */
export function bySha256(results: readonly PayloadResults[]): Map<string, PayloadResults> {
  return new Map(results.toReversed().map((payload) => [payload.sha256!, payload]));
}

/** Returns how many extractions led to a payload: 0 for one of the initial request. */
export function depthsOf(results: readonly PayloadResults[], roots: number): Map<string, number> {
  const depths = new Map<string, number>();
  for (const [index, { payloadId, extractedFrom }] of results.entries()) {
    depths.set(payloadId, index < roots ? 0 : 1 + (depths.get(extractedFrom[0]!) ?? Infinity));
  }
  return depths;
}
