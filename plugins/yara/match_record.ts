/**
 * How a match is written: upstream's keys and order, additions last.
 *
 * @module
 */

import type { Plain, PlainRecord } from "../../src/plugin/define.ts";
import type { RuleMatch } from "./engine.ts";

/** Strings of a match where `strings_limit` is unset. */
export const DEFAULT_STRINGS_LIMIT = 1_000;

/** Most strings in all matches of one call, so that a result stays below the size that the engine takes. */
export const MAX_STRINGS_PER_CALL = 20_000;

/** What bounds a record. */
export interface RecordLimits {
  /** Most strings of one match. */
  readonly stringsLimit: number;
  /** Most bytes of one string. */
  readonly matchedBytesLimit: number;
  /** Bytes that are shown before and behind each string. */
  readonly contextBytes: number;
}

/** Writes the matches of one call. */
export class MatchWriter {
  #stringsLeft = MAX_STRINGS_PER_CALL;

  constructor(readonly content: Uint8Array, readonly limits: RecordLimits) {}

  /** The record of a match; `meta` is the match's own unless something was added to it. */
  write(match: RuleMatch, meta: PlainRecord = metaRecord(match)): PlainRecord {
    const count = Math.min(match.strings.length, this.limits.stringsLimit, this.#stringsLeft);
    this.#stringsLeft -= count;
    const shown = match.strings.slice(0, count);
    const leftOut = match.strings.length - count + (match.stringsLeftOut ?? 0);
    return {
      tags: match.tags,
      namespace: match.namespace,
      rule: match.rule,
      meta,
      strings: shown.map((hit) => this.#string(hit)),
      ...(leftOut > 0 && { strings_left_out: leftOut }),
      ...(shown.some(({ xorKey }) => xorKey !== undefined) && {
        xor_keys: shown.map(({ xorKey }) => xorKey ?? null),
      }),
      ...(this.limits.contextBytes > 0 && { contexts: shown.map((hit) => this.#context(hit)) }),
      ...(hasRepeatedNames(match) && { meta_list: match.meta }),
    };
  }

  /** Where the context begins, and its bytes: what stands before, the string as far as it is shown, what follows it. */
  #context({ offset, length }: RuleMatch["strings"][number]): Plain {
    const start = Math.max(0, offset - this.limits.contextBytes);
    const shown = Math.min(length, this.limits.matchedBytesLimit);
    return [start, this.content.slice(start, offset + shown + this.limits.contextBytes)];
  }

  #string({ identifier, offset, length }: RuleMatch["strings"][number]): Plain {
    const shown = Math.min(length, this.limits.matchedBytesLimit);
    // A copy: a view would drag the whole payload along to the host.
    const bytes = this.content.slice(offset, offset + shown);
    return shown < length ? [offset, identifier, bytes, length] : [offset, identifier, bytes];
  }
}

/** Metadata as a record; of a repeated name the last value counts, as for yara-python. */
export function metaRecord(match: RuleMatch): PlainRecord {
  return Object.fromEntries(match.meta);
}

function hasRepeatedNames({ meta }: RuleMatch): boolean {
  return new Set(meta.map(([name]) => name)).size < meta.length;
}
