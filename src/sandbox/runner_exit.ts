/**
 * Why a runner ended, and which failure of a call that is.
 *
 * @module
 */

import {
  type CallPurpose,
  pluginCrashed,
  pluginFlooded,
  pluginOutOfMemory,
  type StoqError,
} from "../core/contract/errors.ts";

/** Why a runner ended. */
export type ExitCause =
  /** The host gave up a call: its deadline has passed, or the request has ended. */
  | { readonly kind: "given-up"; readonly reason: unknown }
  | { readonly kind: "memory"; readonly bytes: number }
  /** A plugin ended its thread, or sent a forged message. */
  | {
    readonly kind: "broken";
    readonly plugin: string;
    /** Whether it happened before the call in progress. */
    readonly isLate: boolean;
    readonly reason: string;
  }
  /** The stream of frames was damaged. */
  | { readonly kind: "breach"; readonly reason: string }
  | { readonly kind: "flood"; readonly bytes: number }
  /** The process ended, or was ended from outside. */
  | {
    readonly kind: "ended";
    readonly code: number;
    readonly signal: string | null;
    readonly lastOutput: string;
  }
  /** It had ended before the call; `lastOutput` is what it printed at its end. */
  | { readonly kind: "gone"; readonly lastOutput?: string }
  /** The host ended it because it was no longer needed. */
  | { readonly kind: "closed" };

/** Signals that users, service managers and the system send; a plugin can't send them. */
const OUTSIDE_SIGNALS: readonly (string | null)[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"];

/** The failure of everything that waits for a runner when it ends. */
export class RunnerExit extends Error {
  override readonly name = "RunnerExit";
  override readonly cause: ExitCause;
  /** Plugins that are or were open in the runner. */
  readonly #plugins: readonly string[];

  constructor(cause: ExitCause, plugins: readonly string[] = []) {
    super(`The runner has ended: ${cause.kind}`);
    this.cause = cause;
    this.#plugins = plugins;
  }

  /**
   * Returns whether the plugin that was called can't be blamed: another plugin may have left something behind, or the process
   * was ended from outside.
   */
  mayHaveOtherCause(plugin: string): boolean {
    const { cause } = this;
    if (cause.kind === "gone") return true;
    if (cause.kind === "broken") return cause.isLate || cause.plugin !== plugin;
    if (cause.kind === "ended" && OUTSIDE_SIGNALS.includes(cause.signal)) return true;
    return cause.kind !== "given-up" && this.#plugins.some((other) => other !== plugin);
  }

  /** Returns whether the plugin certainly ended the runner, or missed its deadline. */
  isCausedBy(plugin: string): boolean {
    const { cause } = this;
    return cause.kind === "given-up" || (cause.kind === "broken" && cause.plugin === plugin);
  }

  /** What the runner printed at its end. */
  get lastOutput(): string {
    const { cause } = this;
    if (cause.kind === "ended" || cause.kind === "gone") return cause.lastOutput ?? "";
    return "reason" in cause ? String(cause.reason) : "";
  }

  /** Returns the failure of the plugin that was called, or the reason for which the call was given up. */
  failureOf(role: CallPurpose, memoryBytes: number): unknown {
    const { cause } = this;
    switch (cause.kind) {
      case "given-up":
        return cause.reason;
      case "memory":
        return pluginOutOfMemory(role, cause.bytes, memoryBytes);
      case "flood":
        return pluginFlooded(role, cause.bytes);
      case "broken":
        return pluginCrashed(role, cause.reason);
      case "breach":
        return pluginCrashed(role, `its process broke the protocol: ${cause.reason}`);
      case "ended":
        return endedFailure(role, cause, memoryBytes);
      case "gone":
        return pluginCrashed(role, "its process had ended");
      case "closed":
        return pluginCrashed(role, "stoQ was closed");
    }
  }
}

/** Returns the failure of a call in a runner: that of the runner's end, or the thrown value itself. */
export function callFailureOf(reason: unknown, role: CallPurpose, memoryBytes: number): unknown {
  return reason instanceof RunnerExit ? reason.failureOf(role, memoryBytes) : reason;
}

function endedFailure(
  role: CallPurpose,
  { code, signal, lastOutput }: Extract<ExitCause, { kind: "ended" }>,
  memoryBytes: number,
): StoqError {
  // V8 prints this when its heap is full, which can happen below the limit of the process.
  if (/out of memory/i.test(lastOutput)) return pluginOutOfMemory(role, undefined, memoryBytes);
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  return pluginCrashed(role, `its process ${how}${lastOutput && `: ${lastOutput}`}`);
}
