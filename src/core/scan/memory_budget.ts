/**
 * Bounds the memory of all requests in flight: a delivery waits before it is read.
 *
 * @module
 */

/** What one request holds of the budget. Its owner releases it, at the latest when the request's delivery is settled. */
export interface MemoryHold extends Disposable {
  /** Adds to what is held, or takes off it what is negative. After the release it does nothing. */
  grow(bytes: number): void;
  /** Gives all of it back. Further calls do nothing. */
  release(): void;
}

/** The budget of one run: bytes of root payloads, extracted payloads and responses. */
export class MemoryBudget {
  readonly #limitBytes: number;
  readonly #holds = new Set<Hold>();
  readonly #waiting = new Set<() => void>();
  #heldBytes = 0;

  /** @param limitBytes what all requests may hold together before further ones wait */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** What is held now, in bytes. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Resolves when there is room for another request: less is held than the limit, or nothing is in flight, however small the limit. How
   * large the next request will be is not known before it is read, so all waiting callers resume together, and what they read may
   * exceed the limit.
   *
   * @throws the reason of the signal when it is aborted
   */
  whenRoom(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#hasRoom) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      this.#waiting.delete(resume);
      reject(signal.reason);
    };
    const resume = () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting.add(resume);
    return promise;
  }

  /** Begins to count a request; it is in flight until the hold is released. */
  hold(): MemoryHold {
    const hold = new Hold((bytes) => this.#add(bytes), (hold) => this.#end(hold));
    this.#holds.add(hold);
    return hold;
  }

  get #hasRoom(): boolean {
    return this.#holds.size === 0 || this.#heldBytes < this.#limitBytes;
  }

  #add(bytes: number): void {
    this.#heldBytes += bytes;
    this.#wake();
  }

  #end(hold: Hold): void {
    this.#holds.delete(hold);
    this.#wake();
  }

  #wake(): void {
    if (!this.#hasRoom) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }
}

class Hold implements MemoryHold {
  readonly #onChange: (bytes: number) => void;
  readonly #onEnd: (hold: Hold) => void;
  #bytes = 0;
  #isReleased = false;

  constructor(onChange: (bytes: number) => void, onEnd: (hold: Hold) => void) {
    this.#onChange = onChange;
    this.#onEnd = onEnd;
  }

  grow(bytes: number): void {
    if (this.#isReleased || bytes === 0) return;
    this.#bytes += bytes;
    this.#onChange(bytes);
  }

  release(): void {
    if (this.#isReleased) return;
    this.grow(-this.#bytes);
    this.#isReleased = true;
    this.#onEnd(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
