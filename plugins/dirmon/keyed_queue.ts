/**
 * A queue with unique keys.
 *
 * @module
 */

/** A first-in, first-out queue by keys. All operations take constant time on average. */
export class KeyedQueue<Value> {
  readonly #values = new Map<string, Value>();
  /**
   * One iterator for all entries; it also returns what was added since. A new iterator for each entry would skip all
   * deleted ones again, so that emptying a long queue would take quadratic time.
   */
  #rest = this.#values.entries();
  #head: [key: string, value: Value] | undefined;

  /** Number of keys. */
  get size(): number {
    return this.#values.size;
  }

  /** Says whether a key waits. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** Adds a key at the end; one that waits already keeps its place and its value. */
  add(key: string, value: Value): void {
    if (!this.#values.has(key)) this.#values.set(key, value);
  }

  /** Returns the first key and its value, without taking them out. */
  peek(): readonly [key: string, value: Value] | undefined {
    return this.#head ??= this.#advance();
  }

  /** Takes the first key out. */
  take(): readonly [key: string, value: Value] | undefined {
    const head = this.peek();
    if (head) this.#values.delete(head[0]);
    this.#head = undefined;
    return head;
  }

  #advance(): [string, Value] | undefined {
    if (this.#values.size === 0) return undefined;
    const next = this.#rest.next();
    if (!next.done) return next.value;
    this.#rest = this.#values.entries();
    return this.#rest.next().value;
  }
}
