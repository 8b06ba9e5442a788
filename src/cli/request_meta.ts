/**
 * The metadata that flags give a request.
 *
 * @module
 */

import type { ResolvedOptions } from "../config/resolve.ts";
import type { RequestMeta } from "../core/contract/contract.ts";
import type { PlainRecord } from "../core/contract/plain.ts";
import { printable } from "../core/contract/printable.ts";

/** Returns what `--request-source` and `--request-extra` say of a request; a problem is added for each word that can't be read. */
export function requestMetaOf(
  { requestSource, requestExtra = [] }: ResolvedOptions["values"],
  problems: string[],
): Partial<RequestMeta> {
  return { source: requestSource ?? null, extraData: readExtra(requestExtra, problems) };
}

/** Reads `key=value` words; `true` and `false` in any case become booleans, as they do in stoQ. */
function readExtra(words: readonly string[], problems: string[]): PlainRecord {
  const extra = new Map<string, boolean | string>();
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 1) problems.push(`--request-extra must be KEY=VALUE, got "${printable(word)}"`);
    else extra.set(word.slice(0, equals), readValue(word.slice(equals + 1)));
  }
  return Object.fromEntries(extra);
}

function readValue(text: string): boolean | string {
  const word = text.toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : text;
}
