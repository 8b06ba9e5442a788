/**
 * Calls of a request that are awaited together.
 *
 * @module
 */

import type { CallOutcome } from "./calls.ts";
import type { PayloadCall } from "./door.ts";
import { isSameData } from "./same_data.ts";

/** What a call is known by; its payload may change between two calls with the same key. */
export function keyOf({ role, plugin, payload }: PayloadCall): string {
  return `${role} ${plugin} ${payload.payloadId}`;
}

/** Whether the plugin is shown the same of the payload; contents are, where ids and digests are. */
export function isSameCall(a: PayloadCall, b: PayloadCall): boolean {
  if (a.view === b.view) return true;
  const { content: _, ...view } = a.view;
  const { content: __, ...other } = b.view;
  return isSameData(view, other);
}

/** Calls that the next step waits for, in the order in which they will be taken in. */
export class Phase {
  readonly #calls: readonly PayloadCall[];
  readonly #outcomes: (Promise<CallOutcome> | undefined)[] = [];
  readonly #hasArrived: boolean[] = [];
  #indexes: Map<string, number> | undefined;
  #head = 0;
  #left: number;

  constructor(calls: readonly PayloadCall[]) {
    this.#calls = calls;
    this.#left = calls.length;
  }

  get isOver(): boolean {
    return this.#left === 0;
  }

  started(index: number, outcome: Promise<CallOutcome>): Promise<CallOutcome> {
    return this.#outcomes[index] = outcome;
  }

  /** Notes an arrival. @returns whether it was the one that had to come first */
  arrived(index: number): boolean {
    this.#left--;
    this.#hasArrived[index] = true;
    if (index !== this.#head) return false;
    while (this.#hasArrived[this.#head]) this.#head++;
    return true;
  }

  /** The outcome of an equal call that has been started. */
  find(call: PayloadCall): Promise<CallOutcome> | undefined {
    this.#indexes ??= new Map(this.#calls.map((each, index) => [keyOf(each), index]));
    const index = this.#indexes.get(keyOf(call));
    return index !== undefined && isSameCall(this.#calls[index]!, call) ? this.#outcomes[index] : undefined;
  }
}
