/**
 * What matches of the dispatch rules ask for.
 *
 * @module
 */

import {
  type DispatcherResponse,
  type PlainRecord,
  type PluginFailure,
  quote,
} from "../../src/plugin/define.ts";
import type { RuleMatch } from "./engine.ts";
import { type MatchWriter, metaRecord } from "./match_record.ts";
import { findXorKeys } from "./xor_key.ts";

/** The worker that takes the keys. */
const XOR_DECODER = "xordecode";

/** How dispatching goes about keys. */
export interface DispatchSettings {
  /** One key, as `xorkey`, instead of all keys, as `xor_info`. */
  readonly xorFirstMatch: boolean;
  /** Most keys of one match. */
  readonly keysLimit: number;
}

/** The answer to matches: of several that name the same plugin the last is the one that the plugin is shown. */
export function dispatch(
  matches: readonly RuleMatch[],
  writer: MatchWriter,
  settings: DispatchSettings,
): Required<Pick<DispatcherResponse, "pluginNames" | "meta" | "errors">> & DispatcherResponse {
  const shown = new Map<string, PlainRecord>();
  const errors: PluginFailure[] = [];
  let shouldArchive = true;
  for (const match of matches) {
    const meta = metaRecord(match);
    if (isUnwanted(match, meta, errors)) shouldArchive = false;
    const names = pluginNames(match, meta, errors);
    if (names.length === 0) continue;
    const keys = names.includes(XOR_DECODER) ? xorMeta(match, writer.content, settings) : {};
    const record = writer.write(match, { ...meta, ...keys });
    for (const name of names) shown.set(name, record);
  }
  return {
    pluginNames: [...shown.keys()],
    meta: Object.fromEntries(shown),
    errors,
    ...(!shouldArchive && { payloadMeta: { shouldArchive } }),
  };
}

/** Whether the rule says that the payload is not worth keeping. */
function isUnwanted(match: RuleMatch, meta: PlainRecord, errors: PluginFailure[]): boolean {
  const { save } = meta;
  if (save === undefined || typeof save === "boolean") return save === false;
  if (typeof save === "string") return save.trim().toLowerCase() === "false";
  errors.push(badMeta(match, "save", save, '"true" or "false"'));
  return false;
}

function pluginNames(match: RuleMatch, meta: PlainRecord, errors: PluginFailure[]): string[] {
  const { plugin } = meta;
  if (plugin === undefined) return [];
  if (typeof plugin === "string") {
    return plugin.toLowerCase().split(",").map((name) => name.trim()).filter((name) => name !== "");
  }
  errors.push(badMeta(match, "plugin", plugin, "a string of names separated by commas"));
  return [];
}

function badMeta(match: RuleMatch, name: string, value: unknown, expected: string): PluginFailure {
  const found = value instanceof Uint8Array ? "bytes that are no UTF-8" : quote(value);
  return {
    message: `Failed to follow YARA rule ${quote(match.rule)}: its metadata "${name}" is ${found}, ` +
      `should be ${expected}`,
    code: "yara-bad-meta",
  };
}

/** Keys in the forms that xordecode reads: decimal bytes separated by commas. */
function xorMeta(match: RuleMatch, content: Uint8Array, settings: DispatchSettings): PlainRecord {
  const keys = findXorKeys(match, content);
  if (settings.xorFirstMatch) {
    const first = keys.next().value;
    return first ? { xorkey: first.key.join(",") } : {};
  }
  const all = keys.take(settings.keysLimit).map(({ offset, identifier, key }) => [offset, identifier, key]);
  const info = [...all];
  return info.length > 0 ? { xor_info: info } : {};
}
