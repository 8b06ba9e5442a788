/**
 * Replaces global functions that act on the whole process.
 *
 * A plugin that evades the replacements harms only its own call: text that it prints lacks the secret of frames, and a thread that
 * has ended misses the deadline.
 *
 * @module
 */

import type { Logger } from "../../core/contract/contract.ts";

const LEVELS = {
  debug: "debug",
  trace: "debug",
  log: "info",
  info: "info",
  warn: "warn",
  error: "error",
} as const;

/**
 * Removes the Web Cache API, which writes to Deno's own folder without a permission.
 *
 * A thread that the plugin starts has the API again; Deno has no option that disables it.
 */
export function removeCaches(): void {
  Reflect.deleteProperty(globalThis, "caches");
}

/** Sends console output to the log. */
export function redirectConsole(log: Logger): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    Object.assign(console, { [method]: (...values: unknown[]) => log[level](textOf(values)) });
  }
}

function textOf(values: readonly unknown[]): string {
  return values.map((value) => typeof value === "string" ? value : Deno.inspect(value)).join(" ");
}

/** Replaces functions that end the process or the thread: they report the call and throw. */
export function replaceExits(report: (reason: string) => void): void {
  const exit = (name: string) => (code?: number): never => {
    const reason = `it called ${name}(${code ?? ""})`;
    report(reason);
    throw new Error(reason);
  };
  Object.assign(Deno, { exit: exit("Deno.exit") });
  Object.assign(globalThis, { close: exit("close") });
}
