/**
 * Writes the table of rooms into ARCHITECTURE.
 *
 * @module
 */

import { withGeneratedBlock } from "./generated_block.ts";
import { type Room, ROOMS } from "./lint/rooms.ts";

/** Returns a page with its table of rooms brought up to date. */
export function withRoomsTable(page: string, rooms: readonly Room[] = ROOMS): string {
  const rows = ["| room | what is in it | may import |", "| --- | --- | --- |", ...rooms.map(rowOf)];
  return withGeneratedBlock(page, "tools/lint/rooms.ts", rows.join("\n"));
}

function rowOf({ at, holds, imports, types = [] }: Room): string {
  const values = imports.map(asCode).join(", ");
  const typesAlone = types.length === 0 ? "" : `types of ${types.map(asCode).join(", ")}`;
  return `| ${asCode(at)} | ${holds} | ${[values, typesAlone].filter(Boolean).join("; ") || "nothing"} |`;
}

function asCode(pattern: string): string {
  return pattern === "**" ? "everything" : `\`${pattern}\``;
}
