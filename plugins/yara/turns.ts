/**
 * Lets asynchronous work be done one after the other.
 *
 * @module
 */

/** Gives turns in the order in which they are asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work when all that came before is done, whether or not it went well. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    // Its caller gets its failure.
    this.#last = done.catch(() => undefined);
    return done;
  }
}
