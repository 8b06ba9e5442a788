/**
 * Payloads one by one: where they come from, their digests, and what each plugin returned.
 *
 * @module
 */

import type { PayloadResults } from "../../core/contract/contract.ts";
import { explanationLines } from "./explanation_lines.ts";
import { payloadFindingLines } from "./finding_section.ts";
import { cutMiddle, flowParts, wrapLine } from "./fitting.ts";
import { escapeName } from "./escaping.ts";
import { asText, payloadName, timesSeen } from "./payload_facts.ts";
import { payloadStates } from "./payload_flags.ts";
import { saysNothing, silentWorkers, withoutKeys } from "./plugin_results.ts";
import type { TreeNode } from "./payload_forest.ts";
import { plainLines } from "./plain_lines.ts";
import { counted, formatCount, formatExactSize } from "./quantities.ts";
import { selectForDetails } from "./selection.ts";
import { type Line, line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Most payloads that are described. */
const MAX_DETAILED_PAYLOADS = 30;

/** Most names or parents in one list. */
const MAX_LISTED = 5;

const INDENT = 4;

/** Most cells of the name of a value: a sha256 then fits into 80 columns. A longer name moves its own value alone. */
const MAX_LABEL_WIDTH = 11;

/** Most lines of one value of the summary; a digest in a narrow terminal takes three. */
const MAX_SUMMARY_LINES = 3;

/** Writes the payloads one by one; of many, those with findings or results. */
export function detailsSection(survey: Survey, columns: number): Line[] {
  const nodes = selectForDetails(survey, MAX_DETAILED_PAYLOADS);
  const blocks = nodes.map((node) => payloadBlock(survey, node, columns));
  const left = survey.nodes.length - nodes.length;
  if (left > 0) {
    blocks.push(wrapLine(
      line(
        `Details of ${counted(left, "more payload")} are left out; --format json has everything`,
        "secondary",
      ),
      columns,
    ));
  }
  return blocks.flatMap((lines, index) => index === 0 ? lines : [[], ...lines]);
}

function payloadBlock(survey: Survey, node: TreeNode, columns: number): Line[] {
  const { payload } = node;
  const number = new Span(`#${node.number} `, "secondary");
  const name = new Span(cutMiddle(payloadName(payload), columns - number.width), "name");
  const room = columns - INDENT;
  const lines = [
    ...factLines(survey, node, room),
    ...summaryLines(survey, node, room),
    // The list of findings above is about the same payload.
    ...(survey.nodes.length > 1 ? payloadFindingLines(survey.findingsOf(node), room) : []),
    ...resultLines(survey, node, room),
    ...explanationLines(payload, room),
  ];
  return [[number, name], ...lines.map((spans) => [new Span(" ".repeat(INDENT)), ...spans])];
}

function factLines(survey: Survey, node: TreeNode, columns: number): Line[] {
  const { payload } = node;
  const type = survey.resultsOf(node).mediaType;
  const facts = [
    line(formatExactSize(payload.sizeBytes)),
    ...(type === undefined ? [] : [line(type, "type")]),
    ...originParts(survey, node),
    ...payloadStates(survey, node),
  ];
  return [
    ...flowParts(facts, columns),
    ...duplicateLines(payload).flatMap((spans) => wrapLine(spans, columns, { maxLines: 3, indent: 2 })),
    ...metaLines(payload, columns),
  ];
}

/** Writes from which payloads and by which workers the payload was extracted, each once. */
function originParts(survey: Survey, { payload }: TreeNode): Line[] {
  const parents = new Map<string, Set<string>>();
  for (const [index, id] of payload.extractedFrom.entries()) {
    const worker = payload.extractedBy[index] ?? "";
    const number = survey.nodeOf(id)?.number;
    const places = parents.get(worker) ?? new Set();
    parents.set(worker, places.add(number === undefined ? "outside" : `#${number}`));
  }
  return [...parents].slice(0, MAX_LISTED).map(([worker, places]) =>
    line(`from ${listOf([...places])}${worker === "" ? "" : ` by ${worker}`}`, "secondary")
  );
}

function duplicateLines(payload: PayloadResults): Line[] {
  const times = timesSeen(payload);
  if (times === 1) return [];
  const own = payloadName(payload);
  const names = new Set(
    payload.alsoSeenAs?.flatMap(({ filename }) => filename ? [escapeName(filename)] : []),
  );
  names.delete(own);
  const others = names.size === 0 ? "" : `, also as ${listOf([...names])}`;
  return [line(`met ${formatCount(times)} times${others}`)];
}

/** Writes the metadata with which the payload was found, without its name. */
function metaLines(payload: PayloadResults, columns: number): Line[] {
  const { extraData } = payload.payloadMeta;
  const rest = withoutKeys(extraData, [asText(extraData.filename) === undefined ? "name" : "filename"]);
  return saysNothing(rest) ? [] : plainLines("found with", rest, columns, "secondary");
}

/** The digest, and what manifests name as the summary. */
function summaryLines(survey: Survey, node: TreeNode, columns: number): Line[] {
  const { payload } = node;
  const { summary, mediaType } = survey.resultsOf(node);
  const values = [
    ...(payload.sha256 === null ? [] : [{ key: "sha256", value: payload.sha256 }]),
    ...summary.filter(({ value }) => value !== mediaType && value !== payload.sha256),
  ];
  const width = Math.min(MAX_LABEL_WIDTH, Math.max(0, ...values.map(({ key }) => key.length)));
  return values.flatMap(({ key, value }) => {
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : asText(value);
    return text === undefined
      ? plainLines(key, value, columns, "secondary")
      : labelledLines(new Span(`${key.padEnd(width)} `, "secondary"), text, columns);
  });
}

function labelledLines(label: Span, text: string, columns: number): Line[] {
  return wrapLine([label, new Span(text)], columns, {
    maxLines: MAX_SUMMARY_LINES,
    isHard: true,
    indent: label.width,
  });
}

/** Each plugin's other results; the workers that returned nothing share one line. */
function resultLines(survey: Survey, node: TreeNode, columns: number): Line[] {
  const lines = survey.resultsOf(node).rest.flatMap(([plugin, results]) =>
    plainLines(plugin, results, columns)
  );
  const silent = silentWorkers(node.payload);
  if (silent.length === 0) return lines;
  const nothing = line(`no results: ${silent.join(", ")}`, "secondary");
  return [...lines, ...wrapLine(nothing, columns, { maxLines: 2, indent: 2 })];
}

function listOf(words: readonly string[]): string {
  const left = words.length - MAX_LISTED;
  const shown = words.slice(0, MAX_LISTED).join(", ");
  return left > 0 ? `${shown} … ${formatCount(left)} more` : shown;
}
