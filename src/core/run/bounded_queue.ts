/**
 * A queue that makes its writers wait.
 *
 * @module
 */

/** First in, first out; holds at most `capacity` items. */
export class BoundedQueue<T extends object> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  readonly #takers: ((item: T | undefined) => void)[] = [];
  readonly #putters: (() => void)[] = [];
  #isClosed = false;

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Waits for room; `false` when the queue was closed and the item was not taken in. */
  async put(item: T): Promise<boolean> {
    while (!this.#isClosed && this.#items.length >= this.#capacity) {
      await new Promise<void>((resolve) => this.#putters.push(resolve));
    }
    if (this.#isClosed) return false;
    const taker = this.#takers.shift();
    if (taker) taker(item);
    else this.#items.push(item);
    return true;
  }

  /** Waits for an item; `undefined` when the queue is closed and empty. */
  take(): Promise<T | undefined> {
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#putters.shift()?.();
      return Promise.resolve(item);
    }
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Lets nothing more in; what is in it can still be taken. */
  close(): void {
    this.#isClosed = true;
    for (const putter of this.#putters.splice(0)) putter();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }
}
