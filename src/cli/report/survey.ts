/**
 * A response, read once: what every section of the report needs.
 *
 * @module
 */

import type { BlindSpot } from "../../core/contract/blind_spots.ts";
import type { ErrorRecord, StoqResponse } from "../../core/contract/contract.ts";
import { compareSeverities, type Finding, SEVERITIES, type Severity } from "../../core/contract/findings.ts";
import { countedErrors } from "../response_errors.ts";
import { buildForest, type TreeNode } from "./payload_forest.ts";
import { PayloadReport, type SummaryKeys } from "./plugin_results.ts";

/** Payloads that stand for all in which the same was found. */
const MAX_EXAMPLES_OF_FINDING = 3;

/** What is known of all payloads. */
export interface Survey {
  readonly response: StoqResponse;
  /** In the order of reading. */
  readonly nodes: readonly TreeNode[];
  /** Nodes by importance: the notable ones with the worst findings first, then the others from the top down. */
  readonly ranking: readonly TreeNode[];
  /** Whether payloads are archived at all. */
  readonly hasArchivers: boolean;
  readonly blindSpots: readonly BlindSpot[];
  /** The payload's findings, the worst first. */
  findingsOf(node: TreeNode): readonly Finding[];
  /** Whether a finding is not already shown for enough other payloads. */
  isNotable(node: TreeNode): boolean;
  /** Errors without those that only report that a plugin is not installed. */
  errorsOf(node: TreeNode): readonly ErrorRecord[];
  /** The results of plugins, divided. */
  resultsOf(node: TreeNode): PayloadReport;
  nodeOf(payloadId: string): TreeNode | undefined;
}

/** Reads a response. */
export function surveyResponse(response: StoqResponse, summaryKeys: SummaryKeys = () => []): Survey {
  const nodes = buildForest(response.results);
  const findings = new Map(nodes.map((node) => [node, worstFirst(node.payload.findings ?? [])]));
  const notable = chooseNotable(sortBySeverity(nodes, findings), findings);
  const errors = Map.groupBy(countedErrors(response), ({ payloadId }) => payloadId);
  const results = new Map(nodes.map((node) => [node, new PayloadReport(node.payload, summaryKeys)]));
  const byId = new Map(nodes.map((node) => [node.payload.payloadId, node]));
  return {
    response,
    nodes,
    ranking: [...notable, ...nodes.toSorted(byDepth).filter((node) => !notable.has(node))],
    hasArchivers: response.results.some(({ pluginsRun }) => pluginsRun.archivers.length > 0),
    blindSpots: response.summary.blindSpots,
    findingsOf: (node) => findings.get(node) ?? [],
    isNotable: (node) => notable.has(node),
    errorsOf: (node) => errors.get(node.payload.payloadId) ?? [],
    resultsOf: (node) => results.get(node)!,
    nodeOf: (payloadId) => byId.get(payloadId),
  };
}

/** Returns a text that is the same for findings that differ only in detail and offset. */
export function kindOf({ plugin, code, title, severity }: Finding): string {
  return JSON.stringify([plugin, code, title, severity]);
}

/** Returns how many of the items have each severity, the worst first; severities without any are left out. */
export function countSeverities(items: readonly { severity: Severity }[]): [Severity, number][] {
  return SEVERITIES.toReversed().flatMap((severity): [Severity, number][] => {
    const count = items.filter((item) => item.severity === severity).length;
    return count === 0 ? [] : [[severity, count]];
  });
}

type Findings = ReadonlyMap<TreeNode, readonly Finding[]>;

function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => compareSeverities(b.severity, a.severity));
}

function sortBySeverity(nodes: readonly TreeNode[], findings: Findings): TreeNode[] {
  const worst = (node: TreeNode): Severity | "none" => findings.get(node)![0]?.severity ?? "none";
  return nodes.filter((node) => worst(node) !== "none")
    .sort((a, b) => compareSeverities(worst(b), worst(a)) || byDepth(a, b));
}

function byDepth(a: TreeNode, b: TreeNode): number {
  return a.depth - b.depth || a.number - b.number;
}

/** Returns the first few payloads of each kind of finding; hundreds of others repeat them. */
function chooseNotable(bySeverity: readonly TreeNode[], findings: Findings): Set<TreeNode> {
  const examples = new Map<string, number>();
  return new Set(bySeverity.filter((node) => {
    const kinds = new Set(findings.get(node)?.map(kindOf));
    const isNew = [...kinds].some((kind) => (examples.get(kind) ?? 0) < MAX_EXAMPLES_OF_FINDING);
    if (isNew) { for (const kind of kinds) examples.set(kind, (examples.get(kind) ?? 0) + 1); }
    return isNew;
  }));
}
