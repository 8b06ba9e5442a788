/**
 * Why plugins ran on a payload, or why not.
 *
 * @module
 */

import type { Explanation, PayloadResults } from "../../core/contract/contract.ts";
import { wrapLine } from "./fitting.ts";
import { counted } from "./quantities.ts";
import { type Line, line, Span } from "./styled_text.ts";

/** Most reasons of one payload. */
const MAX_REASONS = 20;

const WRAP = { maxLines: 4, indent: 2 } as const;

/** Writes the reasons, plugins with the same one together; and which plugins deep dispatchers asked for. */
export function explanationLines({ explain = [], deepPasses = {} }: PayloadResults, columns: number): Line[] {
  const groups = Map.groupBy(explain, ({ role, ran, reason }) => JSON.stringify([role, ran, reason]));
  const left = groups.size - MAX_REASONS;
  return [
    ...[...groups.values()].slice(0, MAX_REASONS).flatMap((group) =>
      wrapLine(explanationLine(group), columns, WRAP)
    ),
    ...(left > 0
      ? [line(`… ${counted(left, "more reason")}; --format json has everything`, "secondary")]
      : []),
    ...[...Map.groupBy(Object.entries(deepPasses), ([, pass]) => pass)].flatMap(([pass, group]) =>
      wrapLine(labelled(`in deep pass ${pass}`, group.map(([plugin]) => plugin), true), columns, WRAP)
    ),
  ];
}

/** Returns the line of plugins that have everything else in common. */
function explanationLine(group: readonly Explanation[]): Line {
  const { role, ran, reason } = group[0]!;
  if (role === null) return line(reason, "secondary");
  // Workers are what most lines are about, so they go without saying.
  const who = role === "worker" ? "" : `${role.replace("dest-", "").replace("-", " ")} `;
  const names = group.map(({ plugin }) => plugin);
  return [
    ...labelled(`${who}${ran ? "ran" : "did not run"}`, names, ran),
    new Span(` · ${reason}`, "secondary"),
  ];
}

function labelled(label: string, names: readonly string[], ran: boolean): Line {
  return [new Span(`${label}: `, "secondary"), new Span(names.join(", "), ran ? "plain" : "warning")];
}
