/**
 * Shares one call between callers that ask for the same at the same time.
 *
 * @module
 */

/**
 * Makes calls that many callers share. A caller gets the result of a call that began after it asked: what it did before is
 * seen by the call. For each key at most one call is under way and one waits.
 */
export class SharedCalls<T> {
  readonly #act: (key: string) => Promise<T>;
  readonly #running = new Map<string, Promise<T>>();
  readonly #waiting = new Map<string, Promise<T>>();

  constructor(act: (key: string) => Promise<T>) {
    this.#act = act;
  }

  /** Returns what a call that begins now or later returns. */
  call(key: string): Promise<T> {
    const waiting = this.#waiting.get(key);
    if (waiting) return waiting;
    const running = this.#running.get(key);
    if (!running) return this.#begin(key);
    const next = Promise.allSettled([running]).then(() => {
      this.#waiting.delete(key);
      return this.#begin(key);
    });
    this.#waiting.set(key, next);
    return next;
  }

  #begin(key: string): Promise<T> {
    const running = this.#act(key).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }
}
