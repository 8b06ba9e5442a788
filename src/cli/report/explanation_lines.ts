/**
 * Why plugins ran on a payload, or why not.
 *
 * @module
 */

import type { PayloadResults } from "../../core/contract.ts";
import { wrapLine } from "./fitting.ts";
import { counted } from "./quantities.ts";
import { type Line, line, Span } from "./styled_text.ts";

/** Most reasons of one payload. */
const MAX_REASONS = 12;

/** Writes the reasons, plugins with the same one together; and which plugins deep dispatchers asked for. */
export function explanationLines({ explain = [], deepPasses = {} }: PayloadResults, columns: number): Line[] {
  const groups = Map.groupBy(explain, ({ ran, reason }) => JSON.stringify([ran, reason]));
  const left = groups.size - MAX_REASONS;
  return [
    ...[...groups.values()].slice(0, MAX_REASONS).flatMap((group) => {
      const { ran, reason } = group[0]!;
      const names = group.map(({ plugin }) => plugin);
      const detail = new Span(` (${reason})`, "secondary");
      return wrapLine([...labelled(ran ? "ran" : "did not run", names, ran), detail], columns, WRAP);
    }),
    ...(left > 0 ? [line(`… ${counted(left, "more reason")}`, "secondary")] : []),
    ...[...Map.groupBy(Object.entries(deepPasses), ([, pass]) => pass)].flatMap(([pass, group]) =>
      wrapLine(labelled(`in deep pass ${pass}`, group.map(([plugin]) => plugin), true), columns, WRAP)
    ),
  ];
}

const WRAP = { maxLines: 2, indent: 2 } as const;

function labelled(label: string, names: readonly string[], ran: boolean): Line {
  return [new Span(`${label}: `, "secondary"), new Span(names.join(", "), ran ? "plain" : "warning")];
}
