/**
 * Plugins that forge messages of their threads. Each must lose its own result and nothing else.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { StoqOptions } from "../../mod.ts";
import { sandboxOf, scanning } from "../strange_plugin.ts";

/** One forgery and how the call of its plugin must end. */
export interface Forgery {
  readonly what: string;
  /** Body of `scan`; `id` is that of the call, `send` posts a message, `never` never resolves. */
  readonly body: string;
  /** Code and words of the plugin's only error; absent where it must have none. */
  readonly error?: readonly [code: string, words: RegExp];
  /** What the plugin must have answered. */
  readonly result?: unknown;
}

/** Plugins that are scanned with at once: as many forgeries at a time as the machine can take. */
const BATCH = 4;

/** Returns a plugin's module that forges on payloads of more than one byte, and otherwise answers `"works"`. */
export function forging(body: string): string {
  return `
    let id = 0;
    self.addEventListener("message", ({ data }) => { if (data?.type === "call") id = data.call.id; });
    const send = (type, fields, transfer = []) => postMessage({ type, id, ...fields }, transfer);
    const never = new Promise(() => {});
    ${
    scanning(`
      if (payload.content.length === 1) return { results: "works" };
      // The listener above hears of the call after the one that makes it.
      await new Promise((resolve) => setTimeout(resolve, 1));
      ${body}
    `)
  }`;
}

/**
 * Scans with all forging plugins, `hash` and a neighbour, then once more with the same stoQ.
 *
 * @param forgeries each in a process of its own
 */
export async function assertCostsItself(
  forgeries: readonly Forgery[],
  options: StoqOptions = {},
): Promise<void> {
  const names = forgeries.map((_, index) => `forger-${index}`);
  const plugins = Object.fromEntries(
    forgeries.map(({ body }, index) => [names[index]!, { code: forging(body) }]),
  );
  const neighbour = { code: scanning('return { results: "undisturbed" };') };
  await using box = sandboxOf({ ...plugins, neighbour }, {
    logLevel: "critical",
    pluginTimeout: 60,
    ...options,
  });
  for (let at = 0; at < names.length; at += BATCH) {
    const batch = names.slice(at, at + BATCH);
    const { errors, results: [payload] } = await box.stoq.scan("The quick brown fox", {
      startDispatch: [...batch, "neighbour", "hash"],
    });
    const { workers } = payload!;
    assert.equal(workers.neighbour, "undisturbed");
    assert.equal((workers.hash as { md5: string }).md5, "a2004f37730b9445670a738fa0fc9ee5");
    for (const [index, name] of batch.entries()) {
      const { what, error, result } = forgeries[at + index]!;
      const own = errors.filter(({ pluginName }) => pluginName === name);
      assert.deepEqual(
        own.map(({ code }) => code),
        error ? [error[0]] : [],
        `${what}: ${JSON.stringify(own)}`,
      );
      if (error) assert.match(own[0]!.error, error[1], what);
      assert.deepEqual(workers[name], result, what);
    }
    assert.deepEqual(errors.filter(({ pluginName }) => !batch.includes(pluginName!)), []);
  }
  const { errors, results: [payload] } = await box.stoq.scan("x", { startDispatch: [...names, "hash"] });
  assert.deepEqual(errors, []);
  for (const [index, name] of names.entries()) {
    assert.equal(payload!.workers[name], "works", `after: ${forgeries[index]!.what}`);
  }
}
