/**
 * Parts of a response as responses of their own.
 *
 * @module
 */

import type { PayloadResults, StoqResponse } from "./contract.ts";
import { summarizePart } from "./summary.ts";

/** One response for each payload and worker with results, holding that payload with that worker's results alone. */
export function splitResponse(response: StoqResponse): StoqResponse[] {
  return response.results.flatMap((results) =>
    Object.entries(results.workers).map(([worker, found]) =>
      partOf(response, [{
        ...results,
        workers: { [worker]: found },
        ...results.findings && { findings: results.findings.filter(({ plugin }) => plugin === worker) },
      }])
    )
  );
}

/**
 * For each payload the response that it would be the root of: itself and everything that came out of it, each once, and the
 * errors about these. Decorators' results are left out, because they were made for the whole.
 */
export function subresponses(response: StoqResponse): StoqResponse[] {
  const children = childrenOf(response.results);
  return response.results.map((root) => {
    const ids = descendants(root.payloadId, children);
    return {
      ...partOf(response, [
        root,
        ...response.results.filter(({ payloadId }) => payloadId !== root.payloadId && ids.has(payloadId)),
      ]),
      errors: response.errors.filter(({ payloadId }) => payloadId !== null && ids.has(payloadId)),
      decorators: {},
    };
  });
}

function partOf(response: StoqResponse, results: readonly PayloadResults[]): StoqResponse {
  return { ...response, results, summary: summarizePart(results, response.summary) };
}

function childrenOf(results: readonly PayloadResults[]): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const { payloadId, extractedFrom } of results) {
    for (const parent of extractedFrom) {
      const known = children.get(parent);
      if (known) known.push(payloadId);
      else children.set(parent, [payloadId]);
    }
  }
  return children;
}

/** A payload may have several parents, be its own, or be in a circle: each is visited once. */
function descendants(root: string, children: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([root]);
  for (const id of found) for (const child of children.get(id) ?? []) found.add(child);
  return found;
}
