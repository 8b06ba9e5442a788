/**
 * Which plugins look at what was found in other payloads. Their answers depend on when they are asked.
 *
 * @module
 */

import type { Role } from "./contract.ts";
import type { Engine } from "./engine.ts";

/** Kept for each engine: a plugin that looked in one request will look in the next. */
const curious = new WeakMap<Engine, Set<string>>();

/** Notes that a plugin has looked. */
export function noteCurious(engine: Engine, plugin: string, role: Role): void {
  const known = curious.get(engine) ?? new Set();
  curious.set(engine, known.add(`${role} ${plugin}`));
}

/** Whether a plugin was seen to look. */
export function isCurious(engine: Engine, plugin: string, role: Role): boolean {
  return curious.get(engine)?.has(`${role} ${plugin}`) ?? false;
}
