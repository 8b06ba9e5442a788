/**
 * What is special of a payload, in a word or two each.
 *
 * @module
 */

import { isEncrypted, isUnscanned, timesSeen } from "./payload_facts.ts";
import type { TreeNode } from "./payload_forest.ts";
import { counted, formatCount } from "./quantities.ts";
import { SEVERITY_LOOK, worstSeverity } from "./rule_matches.ts";
import { type Line, line } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Writes a payload's flags, what matters most first. */
export function payloadFlags(survey: Survey, node: TreeNode): Line[] {
  const matches = survey.matchesOf(node);
  const times = timesSeen(node.payload);
  const style = SEVERITY_LOOK[worstSeverity(matches) ?? "low"].style;
  return [
    ...(matches.length > 0 ? [line(counted(matches.length, "rule"), style)] : []),
    ...(times > 1 ? [line(`×${formatCount(times)}`)] : []),
    ...payloadStates(survey, node),
  ];
}

/** Writes those flags that no list of matches or names would say again. */
export function payloadStates(survey: Survey, node: TreeNode): Line[] {
  const { payload } = node;
  const errors = survey.errorsOf(node);
  const isKeptOut = survey.hasArchivers && !payload.payloadMeta.shouldArchive;
  return [
    ...(isEncrypted(payload, errors) ? [line("encrypted", "warning")] : []),
    ...(isUnscanned(payload) ? [line("unscanned", "warning")] : []),
    ...(errors.length > 0 ? [line(counted(errors.length, "error"), "error")] : []),
    ...(node.isItsOwnParent ? [line("holds itself", "secondary")] : []),
    ...(isKeptOut ? [line("not archived", "secondary")] : []),
  ];
}
