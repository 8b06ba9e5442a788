/**
 * How options and their defaults are written for people, in `stoq.cfg`, `--help` and the documentation.
 *
 * @module
 */

import type { OptionRecord } from "./option_table.ts";

const BYTE_UNITS = [["GiB", 2 ** 30], ["GB", 1e9], ["MB", 1e6]] as const;

/** The default as `stoq.cfg` has it; empty for an option without one. */
export function defaultText({ type, default: value }: OptionRecord): string {
  if (value === undefined) return "";
  if (type !== "bytes") return String(value);
  const bytes = value as number;
  const [unit, size] = BYTE_UNITS.find(([, size]) => bytes % size === 0) ?? ["MB", 1e6];
  return `${bytes / size} ${unit}`;
}

/** What the option is, with its unit, its choices and what else is to be noted in parentheses. */
export function describeOption({ doc, unit, choices }: OptionRecord, ...notes: readonly string[]): string {
  const all = [...(unit === "s" ? ["seconds"] : []), ...(choices ? [choices.join(", ")] : []), ...notes];
  return all.length > 0 ? `${doc} (${all.join("; ")})` : doc;
}

/** The default as a note; nothing where an option need not be set. */
export function defaultNotes(record: OptionRecord): string[] {
  const text = defaultText(record) || record.unsetDoc;
  return text === undefined ? [] : [`default: ${text}`];
}
