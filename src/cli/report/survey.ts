/**
 * A response, looked through once: what every section of the report asks for.
 *
 * @module
 */

import type { ErrorRecord, StoqResponse } from "../../core/contract/contract.ts";
import { countedErrors } from "../response_errors.ts";
import { buildForest, type TreeNode } from "./payload_forest.ts";
import { readMatches, type RuleMatch, ruleName, SEVERITIES, worstSeverity } from "./rule_matches.ts";

/** Payloads that stand for all that the same rule matched. */
const MAX_EXAMPLES_OF_RULE = 3;

/** What is known of all payloads. */
export interface Survey {
  readonly response: StoqResponse;
  /** In the order of reading. */
  readonly nodes: readonly TreeNode[];
  /** Nodes by importance: the notable ones with the worst matches first, then the others from the top down. */
  readonly ranking: readonly TreeNode[];
  /** Whether payloads are archived at all. */
  readonly hasArchivers: boolean;
  /** Worst first. */
  matchesOf(node: TreeNode): readonly RuleMatch[];
  /** Whether a rule matched that has not matched enough other payloads already. */
  isNotable(node: TreeNode): boolean;
  /** Without those that only say that a plugin is not installed. */
  errorsOf(node: TreeNode): readonly ErrorRecord[];
  nodeOf(payloadId: string): TreeNode | undefined;
}

/** Looks through a response. */
export function surveyResponse(response: StoqResponse): Survey {
  const nodes = buildForest(response.results);
  const matches = new Map(nodes.map((node) => [node, readMatches(node.payload)]));
  const byGravity = sortByGravity(nodes, matches);
  const notable = chooseNotable(byGravity, matches);
  const errors = Map.groupBy(
    countedErrors(response),
    ({ payloadId }) => payloadId,
  );
  const byId = new Map(nodes.map((node) => [node.payload.payloadId, node]));
  return {
    response,
    nodes,
    ranking: [...notable, ...nodes.toSorted(byDepth).filter((node) => !notable.has(node))],
    hasArchivers: response.results.some(({ pluginsRun }) => pluginsRun.archivers.length > 0),
    matchesOf: (node) => matches.get(node) ?? [],
    isNotable: (node) => notable.has(node),
    errorsOf: (node) => errors.get(node.payload.payloadId) ?? [],
    nodeOf: (payloadId) => byId.get(payloadId),
  };
}

type Matches = ReadonlyMap<TreeNode, readonly RuleMatch[]>;

function sortByGravity(nodes: readonly TreeNode[], matches: Matches): TreeNode[] {
  return nodes.flatMap((node) => {
    const severity = worstSeverity(matches.get(node) ?? []);
    return severity === undefined ? [] : [{ node, gravity: SEVERITIES.indexOf(severity) }];
  }).sort((a, b) => a.gravity - b.gravity || byDepth(a.node, b.node)).map(({ node }) => node);
}

function byDepth(a: TreeNode, b: TreeNode): number {
  return a.depth - b.depth || a.number - b.number;
}

/** The first few payloads of each rule; the other hundreds say nothing new. */
function chooseNotable(byGravity: readonly TreeNode[], matches: Matches): Set<TreeNode> {
  const examples = new Map<string, number>();
  return new Set(byGravity.filter((node) => {
    const names = new Set(matches.get(node)?.map(ruleName));
    const isNews = [...names].some((name) => (examples.get(name) ?? 0) < MAX_EXAMPLES_OF_RULE);
    if (isNews) { for (const name of names) examples.set(name, (examples.get(name) ?? 0) + 1); }
    return isNews;
  }));
}
