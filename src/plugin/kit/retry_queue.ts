/**
 * Items that a provider delivers again because their delivery failed.
 *
 * @module
 */

/** Wait after the first failure; doubled after each further one. */
const FIRST_DELAY_MS = 1000;

/** Longest wait. */
const MAX_DELAY_MS = 60_000;

/** Most items that wait before {@linkcode RetryQueue.isFull} stops new deliveries. */
export const MAX_WAITING = 10_000;

/** An item that is due. */
export interface Retry<Item> {
  readonly item: Item;
  /** For `Delivery.attempt`: 2 for the first repetition. */
  readonly attempt: number;
}

interface Waiting<Item> extends Retry<Item> {
  readonly dueMs: number;
}

/**
 * Items whose delivery failed, by the time at which they are due: 1 s after the first failure, then 2 s, 4 s, … at most 60 s. Items
 * should be small, such as a path: the content is read again for each delivery. Times are milliseconds of one monotonic clock.
 */
export class RetryQueue<Item> {
  /** For each delay one list, in which items are due in the order in which they were added. */
  readonly #byDelay = new Map<number, Waiting<Item>[]>();
  #size = 0;

  /** Number of items that wait. */
  get size(): number {
    return this.#size;
  }

  /** Whether so many items wait that nothing else should be delivered before they are: that bounds the memory. */
  get isFull(): boolean {
    return this.#size >= MAX_WAITING;
  }

  /** When the next item is due; `Infinity` if none waits. */
  get nextDueMs(): number {
    return Math.min(...[...this.#byDelay.values()].map(dueOf));
  }

  /** Adds an item whose delivery number `attempt` failed at `nowMs`. */
  add(item: Item, attempt: number, nowMs: number): void {
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS);
    const waiting = this.#byDelay.get(delayMs) ?? [];
    waiting.push({ item, attempt: attempt + 1, dueMs: nowMs + delayMs });
    this.#byDelay.set(delayMs, waiting);
    this.#size++;
  }

  /** Takes out the item that has been due the longest; `undefined` if none is due. */
  takeDue(nowMs: number): Retry<Item> | undefined {
    const dueMs = this.nextDueMs;
    if (dueMs > nowMs) return undefined;
    const first = [...this.#byDelay.values()].find((waiting) => dueOf(waiting) === dueMs)?.shift();
    if (first) this.#size--;
    return first && { item: first.item, attempt: first.attempt };
  }
}

function dueOf(waiting: readonly Waiting<unknown>[]): number {
  return waiting[0]?.dueMs ?? Infinity;
}
