/**
 * Waits for work until a deadline.
 *
 * @module
 */

import { type CallPurpose, pluginTimedOut } from "../core/contract/errors.ts";
import { type Clock, NEVER } from "../core/ports/plugin_host.ts";

/** When a wait ends. */
export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Purpose of the call, for the error. */
  readonly role: CallPurpose;
  /** Ends the wait earlier, with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for work. At the deadline it calls `onExpire` with the reason and rejects with it.
 *
 * @throws {StoqError} `plugin-timeout`, the signal's reason, or the reason with which the work rejects
 */
export async function withDeadline<T>(
  { clock, timeoutMs, role, signal = NEVER }: Deadline,
  work: Promise<T>,
  onExpire: (reason: unknown) => void = () => {},
): Promise<T> {
  const expired = Promise.withResolvers<never>();
  const expire = (reason: unknown) => {
    onExpire(reason);
    expired.reject(reason);
  };
  const onAbort = () => expire(signal.reason);
  const cancel = clock.after(timeoutMs, () => expire(pluginTimedOut(role, timeoutMs)));
  // A signal that is aborted already has no further event.
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([expired.promise, work]);
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}
