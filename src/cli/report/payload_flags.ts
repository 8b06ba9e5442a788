/**
 * What is special about a payload, in a word or two each.
 *
 * @module
 */

import { ENCRYPTED, TYPES_UNKNOWN } from "../../core/contract/blind_spots.ts";
import { isEncrypted, isUnscanned, timesSeen } from "./payload_facts.ts";
import type { TreeNode } from "./payload_forest.ts";
import { counted, formatCount } from "./quantities.ts";
import { SEVERITY_LOOK } from "./severity_look.ts";
import { type Line, line } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Writes a payload's flags, what matters most first. */
export function payloadFlags(survey: Survey, node: TreeNode): Line[] {
  const findings = survey.findingsOf(node);
  const times = timesSeen(node.payload);
  const style = SEVERITY_LOOK[findings[0]?.severity ?? "info"].style;
  return [
    ...(findings.length > 0 ? [line(counted(findings.length, "finding"), style)] : []),
    ...(times > 1 ? [line(`×${formatCount(times)}`)] : []),
    ...payloadStates(survey, node),
  ];
}

/** Writes the flags that no list of findings or names repeats. */
export function payloadStates(survey: Survey, node: TreeNode): Line[] {
  const { payload } = node;
  const errors = survey.errorsOf(node);
  const { payloadId } = payload;
  const codes = new Set(
    survey.blindSpots.flatMap(({ code, payloadIds }) => payloadIds.includes(payloadId) ? [code] : []),
  );
  // It is about the response: a flag on every payload would hide the others.
  codes.delete(TYPES_UNKNOWN);
  if (isEncrypted(payload, errors)) codes.add(ENCRYPTED);
  const isKeptOut = survey.hasArchivers && !payload.payloadMeta.shouldArchive;
  return [
    ...[...codes].map((code) => line(code, "warning")),
    ...(isUnscanned(payload) ? [line("unscanned", "warning")] : []),
    ...(errors.length > 0 ? [line(counted(errors.length, "error"), "error")] : []),
    ...(node.isItsOwnParent ? [line("holds itself", "secondary")] : []),
    ...(isKeptOut ? [line("not archived", "secondary")] : []),
  ];
}
