/**
 * What a tree that shows only some payloads leaves out, and where.
 *
 * @module
 */

import type { TreeNode } from "./payload_forest.ts";
import { counted, formatCount } from "./quantities.ts";
import type { Survey } from "./survey.ts";

/** Payloads that are left out below one that is shown. */
export interface HiddenPayloads {
  readonly count: number;
  /** How many of them have findings. */
  readonly remarkable: number;
  /** Media type → number. */
  readonly types: ReadonlyMap<string, number>;
}

/** Most media types that are named. */
const MAX_TYPES = 3;

/** Counts the payloads that are not shown, by the nearest one above that is; `undefined` stands for the top. */
export function countHidden(
  survey: Survey,
  shown: ReadonlySet<TreeNode>,
): ReadonlyMap<TreeNode | undefined, HiddenPayloads> {
  const nearest = new Map<TreeNode, TreeNode | undefined>();
  const counts = new Map<
    TreeNode | undefined,
    { count: number; remarkable: number; types: Map<string, number> }
  >();
  // In the order of reading what is above comes first.
  for (const node of survey.nodes) {
    const above = node.parent && (shown.has(node.parent) ? node.parent : nearest.get(node.parent));
    nearest.set(node, above);
    if (shown.has(node)) continue;
    const hidden = counts.get(above) ?? { count: 0, remarkable: 0, types: new Map() };
    counts.set(above, hidden);
    hidden.count++;
    if (survey.findingsOf(node).length > 0) hidden.remarkable++;
    const type = survey.resultsOf(node).mediaType ?? "no type";
    hidden.types.set(type, (hidden.types.get(type) ?? 0) + 1);
  }
  return counts;
}

/** Returns what is left out: `… 2,892 more payloads, 355 with findings: 2,880 text/xml, 12 image/png`. */
export function describeHidden({ count, remarkable, types }: HiddenPayloads): string {
  const common = [...types].sort(([, a], [, b]) => b - a);
  const named = common.slice(0, MAX_TYPES).map(([type, number]) =>
    types.size === 1 ? type : `${formatCount(number)} ${type}`
  );
  const withFindings = remarkable > 0 ? `, ${formatCount(remarkable)} with findings` : "";
  return `… ${counted(count, "more payload")}${withFindings}: ${named.join(", ")}${
    common.length > MAX_TYPES ? ", …" : ""
  }`;
}

/** Returns what is left out below a payload of which nothing is shown, findings first: `2 with findings inside`, `+12 inside`. */
export function describeInside({ count, remarkable }: HiddenPayloads): string[] {
  return [
    ...(remarkable > 0 ? [`${formatCount(remarkable)} with findings inside`] : []),
    `+${formatCount(count)} inside`,
  ];
}
