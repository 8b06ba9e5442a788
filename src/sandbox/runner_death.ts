/**
 * How a runner ends before its time, and whose failure that is.
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

/** Why a runner is no more. */
export type Death =
  /** The host gave up on a call: its deadline, or the request's end. */
  | { readonly kind: "given-up"; readonly reason: unknown }
  | { readonly kind: "memory"; readonly bytes: number }
  /** A plugin ended its thread, or said what only a forger says. */
  | {
    readonly kind: "broken";
    readonly plugin: string;
    /** It was before the call that is under way now, which has nothing to do with it. */
    readonly isLate: boolean;
    readonly reason: string;
  }
  /** The stream of frames was damaged. */
  | { readonly kind: "breach"; readonly reason: string }
  | { readonly kind: "flood"; readonly bytes: number }
  /** The process ended by itself, or somebody else ended it. */
  | {
    readonly kind: "ended";
    readonly code: number;
    readonly signal: string | null;
    readonly lastWords: string;
  }
  /** It had ended before anything was asked of it; what it said at its end. */
  | { readonly kind: "gone"; readonly lastWords?: string }
  /** The host has no more use for it. */
  | { readonly kind: "closed" };

/** Signals of users, service managers and systems short of memory; no plugin may send one. */
const OUTSIDE_SIGNALS: readonly (string | null)[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"];

/** The failure of everything that waits for a runner when it ends. */
export class RunnerDeath extends Error {
  override readonly name = "RunnerDeath";
  readonly death: Death;
  /** Plugins that are or were open in the runner. */
  readonly #plugins: readonly string[];

  constructor(death: Death, plugins: readonly string[] = []) {
    super(`The runner has ended: ${death.kind}`);
    this.death = death;
    this.#plugins = plugins;
  }

  /**
   * Returns whether the plugin that was called can't be blamed: another plugin may have left something behind, or the process
   * was ended from outside.
   */
  isInnocent(plugin: string): boolean {
    const { death } = this;
    if (death.kind === "gone") return true;
    if (death.kind === "broken") return death.isLate || death.plugin !== plugin;
    if (death.kind === "ended" && OUTSIDE_SIGNALS.includes(death.signal)) return true;
    return death.kind !== "given-up" && this.#plugins.some((other) => other !== plugin);
  }

  /** Returns whether the plugin certainly ended the runner, or missed its deadline. */
  isFault(plugin: string): boolean {
    const { death } = this;
    return death.kind === "given-up" || (death.kind === "broken" && death.plugin === plugin);
  }

  /** What the runner said at its end. */
  get lastWords(): string {
    const { death } = this;
    if (death.kind === "ended" || death.kind === "gone") return death.lastWords ?? "";
    return "reason" in death ? String(death.reason) : "";
  }

  /** The failure of the plugin whose turn it was; whatever a signal's reason is when it was given up. */
  failureOf(role: CallPurpose, memoryBytes: number): unknown {
    const { death } = this;
    switch (death.kind) {
      case "given-up":
        return death.reason;
      case "memory":
        return pluginOutOfMemory(role, death.bytes, memoryBytes);
      case "flood":
        return pluginFlooded(role, death.bytes);
      case "broken":
        return pluginCrashed(role, death.reason);
      case "breach":
        return pluginCrashed(role, `its process broke the protocol: ${death.reason}`);
      case "ended":
        return endedFailure(role, death, memoryBytes);
      case "gone":
        return pluginCrashed(role, "its process had ended");
      case "closed":
        return pluginCrashed(role, "stoQ was closed");
    }
  }
}

/** Why a call in a runner failed: the failure behind a death, or what was thrown. */
export function failureBehind(reason: unknown, role: CallPurpose, memoryBytes: number): unknown {
  return reason instanceof RunnerDeath ? reason.failureOf(role, memoryBytes) : reason;
}

function endedFailure(
  role: CallPurpose,
  { code, signal, lastWords }: Extract<Death, { kind: "ended" }>,
  memoryBytes: number,
): StoqError {
  // V8's own words when its heap is full, which comes before the limit of the whole process.
  if (/out of memory/i.test(lastWords)) return pluginOutOfMemory(role, undefined, memoryBytes);
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  return pluginCrashed(role, `its process ${how}${lastWords && `: ${lastWords}`}`);
}
