/**
 * Doing many things at once, but not too many.
 *
 * @module
 */

/** Calls that may wait at the same time, so that ten thousand payloads don't open ten thousand files. */
export const MAX_CONCURRENT_CALLS = 64;

/** Maps with at most `limit` calls under way; answers come in the order of the items. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  call: (item: T, index: number) => Promise<R>,
  limit = MAX_CONCURRENT_CALLS,
): Promise<R[]> {
  // Most requests have one payload and one plugin to ask: what follows would cost more than the call.
  if (items.length === 0) return [];
  if (items.length === 1) return [await call(items[0]!, 0)];
  const answers = new Array<R>(items.length);
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) answers[index] = await call(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return answers;
}
