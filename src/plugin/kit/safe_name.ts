/**
 * File names made from identifiers.
 *
 * @module
 */

import { PluginError } from "../../core/contract/plugin_error.ts";
import { quote } from "./printable.ts";

/**
 * Returns an identifier that can be a file's name on every system.
 *
 * @param what what the identifier is, for the message
 * @throws {PluginError} `name-not-safe` unless it is made of letters, digits, `-` and `_`, as a UUID is
 */
export function safeName(what: string, name: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z_-]{0,127}$/.test(name)) return name;
  throw new PluginError(
    "name-not-safe",
    `name a file by the ${what} ${quote(name)}: must be made of letters, digits, "-" and "_"`,
  );
}
