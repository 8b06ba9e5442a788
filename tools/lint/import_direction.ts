/**
 * `stoq/import-direction`: who may import whom.
 *
 * @module
 */

import { posix } from "node:path";
import { type Reference, visitReferences } from "./references.ts";
import { matches, mayImport, type Place, placeOf, type Room } from "./rooms.ts";

/** Reports an import that goes against the table of rooms, and a file that is in no room. */
export const importDirection: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined) return {};
    if (place.room === undefined) return { Program: () => context.report(homeless(place)) };
    const room = place.room;
    return visitReferences(context, (reference) => {
      const problem = problemOf(place, room, reference);
      if (problem) context.report({ range: reference.range, message: problem, hint: HINT });
    });
  },
};

const HINT = "The table is ROOMS in tools/lint/rooms.ts, the reasons are in .github/ARCHITECTURE.md";

function homeless({ path }: Place): Deno.lint.ReportData {
  return { range: [0, 0], message: `Cannot place "${path}": it is in no room of the table`, hint: HINT };
}

function problemOf(place: Place, room: Room, reference: Reference): string | undefined {
  if (reference.specifier.startsWith("node:")) {
    const isPure = matches("src/core/", place.path) && !place.path.endsWith("_test.ts");
    return isPure
      ? `Cannot import "${reference.specifier}" into "${place.path}": the engine knows no system`
      : undefined;
  }
  if (!/^\.\.?\//.test(reference.specifier)) return undefined;
  const target = posix.join(posix.dirname(place.path), reference.specifier.replace(/[?#].*$/, ""));
  if (mayImport(place, target, reference.isTypeOnly)) return undefined;
  const allowed = mayImport(place, target, true) ? "only its types" : listOf(room);
  return `Cannot import "${target}" into "${place.path}": ${room.at} may import ${allowed}`;
}

function listOf(room: Room): string {
  return ["itself", ...room.imports].join(", ");
}
