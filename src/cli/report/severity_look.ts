/**
 * How severities are shown, with and without colours.
 *
 * @module
 */

import type { Severity } from "../../core/contract/findings.ts";
import type { Style } from "./styled_text.ts";

/** Mark and style of each severity; the marks differ, so that colours are not needed. */
export const SEVERITY_LOOK: { readonly [S in Severity]: { readonly mark: string; readonly style: Style } } = {
  critical: { mark: "!!!", style: "critical" },
  high: { mark: "!!", style: "high" },
  medium: { mark: "!", style: "medium" },
  low: { mark: "-", style: "low" },
  info: { mark: "i", style: "info" },
};
