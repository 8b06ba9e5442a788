/**
 * The author's door as a stored plugin gets it: the sources of this program's own, whatever stoQ's address the plugin named.
 *
 * A plugin's thread may read its own folder and nothing of ours, so the door stands in the folder.
 *
 * @module
 */

import contract from "../../core/contract.ts" with { type: "text" };
import jsonText from "../../core/json_text.ts" with { type: "text" };
import jsonWriter from "../../core/json_writer.ts" with { type: "text" };
import plain from "../../core/plain.ts" with { type: "text" };
import pluginError from "../../core/plugin_error.ts" with { type: "text" };
import printable from "../../core/printable.ts" with { type: "text" };
import serialize from "../../core/serialize.ts" with { type: "text" };
import define from "../../plugin/define.ts" with { type: "text" };
import { OUR_FOLDER } from "./layout.ts";

/** Path of the door in a plugin's folder. */
export const DOOR_PATH = `${OUR_FOLDER}/door/plugin/define.ts`;

/** The door and what it imports: path in a plugin's folder → source. */
export const DOOR_FILES: Readonly<Record<string, string>> = {
  [DOOR_PATH]: define as unknown as string,
  [`${OUR_FOLDER}/door/core/contract.ts`]: contract as unknown as string,
  [`${OUR_FOLDER}/door/core/json_text.ts`]: jsonText as unknown as string,
  [`${OUR_FOLDER}/door/core/json_writer.ts`]: jsonWriter as unknown as string,
  [`${OUR_FOLDER}/door/core/plain.ts`]: plain as unknown as string,
  [`${OUR_FOLDER}/door/core/plugin_error.ts`]: pluginError as unknown as string,
  [`${OUR_FOLDER}/door/core/printable.ts`]: printable as unknown as string,
  [`${OUR_FOLDER}/door/core/serialize.ts`]: serialize as unknown as string,
};

/** Whether an address is that of the author's door, in whatever version of stoQ. */
export function isDoor(url: URL): boolean {
  return url.pathname.endsWith("/src/plugin/define.ts");
}
