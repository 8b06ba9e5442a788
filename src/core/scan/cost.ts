/**
 * What data costs in a response: the bytes of its JSON after escaping, and a fixed amount for each object, array and entry, which is
 * about what these take of memory beyond their text.
 *
 * @module
 */

import type { ErrorRecord } from "../contract/contract.ts";
import { textBytes } from "../contract/json_text.ts";
import { decodedPieces, isUtf8 } from "../contract/json_writer.ts";
import type { Plain, PlainRecord } from "../contract/plain.ts";

/** Cost of each object, array, key with its value, and item of a list, beside its JSON. */
export const NODE_COST = 64;

/** Cost of a payload's entry without its metadata and without what plugins say of it; a test compares it with a real entry. */
export const PAYLOAD_COST = 2_500;

/**
 * The cost of plain data.
 *
 * @param limit cost at which counting may stop
 * @returns at least `limit` when the cost is that high
 */
export function plainCost(value: Plain | undefined, limit = Infinity): number {
  if (!isContainer(value)) return value === undefined ? 0 : scalarCost(value);
  let cost = 0;
  // Only containers wait here: a list of a million numbers does not.
  const containers: Container[] = [value];
  for (
    let container = containers.pop();
    container !== undefined && cost < limit;
    container = containers.pop()
  ) {
    let count = 0;
    if (Array.isArray(container)) {
      count = container.length;
      for (let index = 0; index < count && cost < limit; index++) {
        const item: Plain = container[index] ?? null;
        if (isContainer(item)) containers.push(item);
        else cost += scalarCost(item);
      }
    } else {
      const record = container as Readonly<Record<string, Plain | undefined>>;
      for (const key in record) {
        const item = record[key];
        if (item === undefined) continue;
        count++;
        cost += textBytes(key) + 1;
        if (isContainer(item)) containers.push(item);
        else cost += scalarCost(item);
        if (cost >= limit) break;
      }
      // A record's only key `base64` is written `base64_key`.
      if (count === 1 && record.base64 !== undefined) cost += 4;
    }
    // Brackets, and commas between the entries.
    cost += NODE_COST * (1 + count) + 2 + Math.max(0, count - 1);
  }
  return cost;
}

type Container = readonly Plain[] | Readonly<Record<string, Plain | undefined>>;

function isContainer(value: Plain | undefined): value is Container {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

function scalarCost(value: Plain): number {
  if (typeof value === "string") return textBytes(value);
  if (value instanceof Uint8Array) return bytesCost(value);
  return String(JSON.stringify(value)).length;
}

function bytesCost(bytes: Uint8Array): number {
  if (!isUtf8(bytes)) return '{"base64":""}'.length + Math.ceil(bytes.length / 3) * 4 + 2 * NODE_COST;
  let cost = 2;
  for (const text of decodedPieces(bytes)) cost += textBytes(text) - 2;
  return cost;
}

/** An error without its texts: an item of a list with six keys. */
const BARE_ERROR_COST = 8 * NODE_COST +
  // A fixed time, longer than most calls take: what is left out must not depend on how long a call took.
  '{"error":,"plugin_name":,"payload_id":,"code":,"role":,"duration_ms":1234567.123},'.length;

/** The cost of an error record. */
export function errorCost(record: ErrorRecord): number {
  const { error, pluginName, payloadId, code, role } = record;
  return BARE_ERROR_COST + textBytes(error) + textBytes(code) + scalarCost(pluginName) +
    scalarCost(payloadId) +
    scalarCost(role);
}

/** The cost of a name that is in a list, or of a key with a number. */
export function nameCost(name: string): number {
  return NODE_COST + textBytes(name) + 12;
}

/** The cost of the file name that `also_seen_as` has beside the metadata in which it is. */
export function repeatedNameCost({ extraData }: { readonly extraData?: PlainRecord }): number {
  const filename = extraData?.filename;
  return typeof filename === "string" ? textBytes(filename) : 0;
}
