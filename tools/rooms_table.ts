/**
 * Writes the table of rooms into ARCHITECTURE.
 *
 * @module
 */

import { type Room, ROOMS } from "./lint/rooms.ts";

const START = "<!-- Generated from tools/lint/rooms.ts by deno task gen -->";
const END = "<!-- End of the table -->";

/** Returns a page with its table of rooms brought up to date. */
export function withRoomsTable(page: string, rooms: readonly Room[] = ROOMS): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END, start);
  if (start < 0 || end < 0) {
    throw new Error(`Cannot write the table of rooms: the page must have the lines "${START}" and "${END}"`);
  }
  const rows = ["| room | what is in it | may import |", "| --- | --- | --- |", ...rooms.map(rowOf)];
  return `${page.slice(0, start)}${START}\n\n${rows.join("\n")}\n\n${page.slice(end)}`;
}

function rowOf({ at, holds, imports, types = [] }: Room): string {
  const values = imports.map(asCode).join(", ");
  const typesAlone = types.length === 0 ? "" : `types of ${types.map(asCode).join(", ")}`;
  return `| ${asCode(at)} | ${holds} | ${[values, typesAlone].filter(Boolean).join("; ") || "nothing"} |`;
}

function asCode(pattern: string): string {
  return pattern === "**" ? "everything" : `\`${pattern}\``;
}
