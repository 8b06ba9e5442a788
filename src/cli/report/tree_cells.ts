/**
 * Cells of the tree's rows that lose what matters least when they are squeezed.
 *
 * @module
 */

import { cutLine, cutMiddle, cutStart } from "./fitting.ts";
import { joinLines, type Line, lineWidth, Span } from "./styled_text.ts";
import type { TableCell } from "./table_layout.ts";

/** What a branch may take of the cell; a chain of a thousand archives would leave no room for the names. */
const MAX_BRANCH_SHARE = 1 / 2;

/** A name behind its branch: the name's middle goes first, then the branch's start. */
export function nameCell(branch: string, name: Span): TableCell {
  const natural = [new Span(branch, "secondary"), name];
  return {
    width: lineWidth(natural),
    fit(width) {
      if (lineWidth(natural) <= width) return natural;
      const shortened = new Span(cutStart(branch, Math.floor(width * MAX_BRANCH_SHARE)), "secondary");
      return [shortened, new Span(cutMiddle(name.text, width - shortened.width), name.style)];
    },
  };
}

/** What media types begin with without saying much. */
const TYPE_PREFIX = /^application\/(?:vnd\.(?:openxmlformats-officedocument\.|oasis\.)?)?/;

/** A media type, which loses its prefix before its end. */
export function typeCell(type: string): TableCell {
  const natural = new Span(type, "type");
  return {
    width: natural.width,
    fit(width) {
      if (natural.width <= width) return [natural];
      return cutLine([new Span(natural.text.replace(TYPE_PREFIX, ""), "type")], width);
    },
  };
}

/** Several parts, the last of which go away as a whole. */
export function partsCell(parts: readonly Line[]): TableCell {
  return {
    width: lineWidth(joinLines(parts, ", ")),
    fit(width) {
      for (let count = parts.length; count > 0; count--) {
        const mark = count < parts.length ? [new Span("…", "secondary")] : [];
        const fitting = [...joinLines(parts.slice(0, count), ", "), ...mark];
        if (lineWidth(fitting) <= width || count === 1) return cutLine(fitting, width);
      }
      return [];
    },
  };
}
