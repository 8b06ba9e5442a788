/**
 * What a plugin finds in place of functions that would speak or act for the whole process.
 *
 * A plugin that gets around them harms its own call: what it prints is told from frames by the secret, and a thread that
 * has ended does not answer before the deadline.
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
 * Takes the Web Cache API away, which writes to Deno's own folder without a permission.
 *
 * A thread that the plugin starts itself has one of its own; Deno has no switch for it.
 */
export function removeCaches(): void {
  Reflect.deleteProperty(globalThis, "caches");
}

/** Sends what is written to the console to the log. */
export function redirectConsole(log: Logger): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    Object.assign(console, { [method]: (...values: unknown[]) => log[level](textOf(values)) });
  }
}

function textOf(values: readonly unknown[]): string {
  return values.map((value) => typeof value === "string" ? value : Deno.inspect(value)).join(" ");
}

/** Tells of an attempt to end the process or the thread, instead of doing it. */
export function replaceExits(tell: (reason: string) => void): void {
  const exit = (name: string) => (code?: number): never => {
    const reason = `it called ${name}(${code ?? ""})`;
    tell(reason);
    throw new Error(reason);
  };
  Object.assign(Deno, { exit: exit("Deno.exit") });
  Object.assign(globalThis, { close: exit("close") });
}
