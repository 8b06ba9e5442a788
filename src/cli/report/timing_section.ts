/**
 * Where the time went.
 *
 * @module
 */

import { wrapLine } from "./fitting.ts";
import { counted, formatDuration } from "./quantities.ts";
import { type Line, line } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Plugins that are named. */
const MAX_PLUGINS = 5;

/** Writes the slowest plugins with their time on all payloads together. */
export function timingSection(survey: Survey, columns: number): Line[] {
  const sums = new Map<string, number>();
  for (const { timings } of survey.response.results) {
    for (const [plugin, ms] of Object.entries(timings)) sums.set(plugin, (sums.get(plugin) ?? 0) + ms);
  }
  if (sums.size === 0) return [];
  const slowest = [...sums].sort(([, a], [, b]) => b - a);
  const named = slowest.slice(0, MAX_PLUGINS).map(([plugin, ms]) => `${plugin} ${formatDuration(ms)}`);
  const others = slowest.slice(MAX_PLUGINS);
  if (others.length > 0) {
    const ms = others.reduce((sum, [, time]) => sum + time, 0);
    named.push(`${counted(others.length, "other")} ${formatDuration(ms)}`);
  }
  return wrapLine(line(`Time: ${named.join(", ")}`, "secondary"), columns, { maxLines: 2, indent: 6 });
}
