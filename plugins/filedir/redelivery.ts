/**
 * Keeps a provider's stream open until all its deliveries are settled, and delivers failed items again.
 *
 * @module
 */

import type { Delivery, DeliveryItem } from "../../src/plugin/define.ts";
import { type Clock, type Retry, RetryQueue, Sleeper, SYSTEM_CLOCK } from "../../src/plugin/kit/mod.ts";

/** Unsettled deliveries, and items that wait for another delivery. Contents are not kept. */
export class Redelivery<Item> implements Disposable {
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #sleeper: Sleeper;
  readonly #failed = new RetryQueue<Item>();
  #unsettled = 0;
  readonly #wake = () => this.#sleeper.wake();

  /** Takes the signal that ends all waiting. */
  constructor(signal: AbortSignal, clock: Clock = SYSTEM_CLOCK) {
    this.#signal = signal;
    this.#clock = clock;
    this.#sleeper = new Sleeper(clock);
    signal.addEventListener("abort", this.#wake);
  }

  /** Whether so many items wait for another delivery that they must be delivered before new ones. */
  get isFull(): boolean {
    return this.#failed.isFull;
  }

  /** Makes the delivery of an item, and counts it until it is settled. */
  deliver(item: DeliveryItem, { item: source, attempt }: Retry<Item>): Delivery {
    this.#unsettled++;
    let isSettled = false;
    return {
      item,
      attempt,
      settle: (outcome) => {
        if (isSettled) return;
        isSettled = true;
        this.#unsettled--;
        if (outcome.status === "failed" && outcome.shouldRetry) {
          this.#failed.add(source, attempt, this.#clock.now());
        }
        this.#wake();
      },
    };
  }

  /** Takes an item that is due now. */
  takeDue(): Retry<Item> | undefined {
    return this.#failed.takeDue(this.#clock.now());
  }

  /** Waits for the next item that is due; `undefined` once none can become due, or the signal is aborted. */
  async next(): Promise<Retry<Item> | undefined> {
    while (!this.#signal.aborted) {
      const due = this.takeDue();
      if (due) return due;
      if (this.#unsettled === 0 && this.#failed.size === 0) return undefined;
      await this.#sleeper.sleep(this.#failed.nextDueMs);
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#wake);
  }
}
