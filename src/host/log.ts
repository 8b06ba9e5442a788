/**
 * Log lines on standard error.
 *
 * @module
 */

import type { Logger } from "../core/contract.ts";
import { printable } from "../core/printable.ts";
import type { System } from "../core/system.ts";

const LEVELS = ["debug", "info", "warning", "error", "critical"];

/** A logger for one plugin; lines below the level are dropped. */
export function pluginLogger(system: System, plugin: string, level: string): Logger {
  const least = LEVELS.indexOf(level);
  const at = (name: string) => (message: string) => {
    if (LEVELS.indexOf(name) < least) return;
    const time = system.clock.date().toISOString();
    system.warn(`[${time} ${name.toUpperCase()}] stoq.${plugin}: ${printable(message)}`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warning"), error: at("error") };
}
