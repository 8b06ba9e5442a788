/**
 * What was scanned.
 *
 * @module
 */

import { countedErrors } from "../response_errors.ts";
import { cutMiddle, flowParts } from "./fitting.ts";
import { isUnscanned, payloadName } from "./payload_facts.ts";
import { counted, formatCount, formatExactSize, formatTime } from "./quantities.ts";
import { type Line, line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** The first group of a UUID. */
const SHORT_ID_LENGTH = 8;

/** Most workers that are named. */
const MAX_WORKERS = 12;

/** Writes name, size, type and time, and below them how much there is of everything. */
export function headerSection(survey: Survey, columns: number): Line[] {
  return [
    nameLine(survey, columns),
    ...flowParts(facts(survey), columns),
    ...flowParts(counts(survey), columns),
  ];
}

function counts(survey: Survey): Line[] {
  const { nodes, response } = survey;
  const errors = countedErrors(response).length;
  const unscanned = nodes.filter(({ payload }) => isUnscanned(payload)).length;
  return [
    ...(nodes.length > 0 ? [line(counted(nodes.length, "payload"))] : []),
    ...(unscanned > 0 ? [line(`${formatCount(unscanned)} unscanned`, "warning")] : []),
    ...(errors > 0 ? [line(counted(errors, "error"), "error")] : []),
    ...workerPart(nodes),
  ];
}

/** Without findings it matters which workers looked for some. */
function workerPart(nodes: Survey["nodes"]): Line[] {
  const workers = [...new Set(nodes.flatMap(({ payload }) => payload.pluginsRun.workers))].sort();
  if (workers.length === 0) return [];
  const left = workers.length - MAX_WORKERS;
  const more = left > 0 ? ` and ${formatCount(left)} more` : "";
  return [line(`scanned by ${workers.slice(0, MAX_WORKERS).join(", ")}${more}`, "secondary")];
}

function nameLine({ nodes }: Survey, columns: number): Line {
  const tops = nodes.filter(({ depth }) => depth === 0);
  const [first] = tops;
  if (first === undefined) return line("Nothing was scanned", "name");
  const more = tops.length > 1 ? new Span(` and ${formatCount(tops.length - 1)} more`) : undefined;
  const room = columns - (more?.width ?? 0);
  const name = new Span(cutMiddle(payloadName(first.payload), room), "name");
  return more === undefined ? [name] : [name, more];
}

function facts(survey: Survey): Line[] {
  const { nodes, response } = survey;
  const { scanId, time, requestMeta } = response;
  const tops = nodes.filter(({ depth }) => depth === 0);
  const bytes = tops.reduce((sum, { payload }) => sum + payload.sizeBytes, 0);
  const type = tops.length === 1 ? survey.resultsOf(tops[0]!).mediaType : undefined;
  return [
    ...(tops.length === 0 ? [] : [line(formatExactSize(bytes))]),
    ...(type === undefined ? [] : [line(type, "type")]),
    ...(requestMeta.source === null ? [] : [line(`source ${requestMeta.source}`)]),
    line(formatTime(time), "secondary"),
    line(`scan ${scanId.slice(0, SHORT_ID_LENGTH)}`, "secondary"),
  ];
}
