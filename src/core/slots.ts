/**
 * Turns for things of which only so many may be under way.
 *
 * @module
 */

/** Slots that are taken in the order in which they were asked for. */
export class Slots {
  readonly #limit: number;
  readonly #hasRoom: () => boolean;
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #taken = 0;

  /** @param hasRoom whether anything may start at all; `wake` when that may have changed */
  constructor(limit: number, hasRoom: () => boolean) {
    this.#limit = limit;
    this.#hasRoom = hasRoom;
  }

  /** Waits for a slot. @throws the reason with which those who wait were sent away */
  take(): Promise<void> {
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn);
    this.wake();
    return turn.promise;
  }

  release(): void {
    this.#taken--;
    this.wake();
  }

  /** Lets those in whose turn has come. */
  wake(): void {
    while (this.#waiting.length > 0 && this.#taken < this.#limit && this.#hasRoom()) {
      this.#taken++;
      this.#waiting.shift()!.resolve();
    }
  }

  /** Sends away all who wait. */
  clear(reason: unknown): void {
    for (const turn of this.#waiting.splice(0)) turn.reject(reason);
  }
}
