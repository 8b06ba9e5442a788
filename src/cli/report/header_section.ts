/**
 * What was scanned, and the verdict in a line.
 *
 * @module
 */

import { countedErrors } from "../response_errors.ts";
import { cutMiddle, flowParts } from "./fitting.ts";
import { isUnscanned, mediaType, payloadName } from "./payload_facts.ts";
import { counted, formatCount, formatExactSize, formatTime } from "./quantities.ts";
import { SEVERITIES, SEVERITY_LOOK } from "./rule_matches.ts";
import { joinLines, type Line, line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** The first group of a UUID. */
const SHORT_ID_LENGTH = 8;

/** Writes name, size, type and time, and below them the verdict. */
export function headerSection(survey: Survey, columns: number): Line[] {
  return [
    nameLine(survey, columns),
    ...flowParts(facts(survey), columns),
    ...verdictLines(survey, columns),
  ];
}

/** What was found, where there is room in one line: rules by severity, payloads, errors. */
export function verdictLines(survey: Survey, columns: number): Line[] {
  const { nodes } = survey;
  const errors = countedErrors(survey.response).length;
  const unscanned = nodes.filter(({ payload }) => isUnscanned(payload)).length;
  return flowParts([
    ...ruleVerdict(survey),
    ...(nodes.length > 0 ? [line(counted(nodes.length, "payload"))] : []),
    ...(unscanned > 0 ? [line(`${formatCount(unscanned)} unscanned`, "warning")] : []),
    ...(errors > 0 ? [line(counted(errors, "error"), "error")] : []),
  ], columns);
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

function facts({ nodes, response }: Survey): Line[] {
  const { scanId, time, requestMeta } = response;
  const tops = nodes.filter(({ depth }) => depth === 0);
  const bytes = tops.reduce((sum, { payload }) => sum + payload.sizeBytes, 0);
  const type = tops.length === 1 ? mediaType(tops[0]!.payload) : undefined;
  return [
    ...(tops.length === 0 ? [] : [line(formatExactSize(bytes))]),
    ...(type === undefined ? [] : [line(type, "type")]),
    ...(requestMeta.source === null ? [] : [line(`source ${requestMeta.source}`)]),
    line(formatTime(time), "secondary"),
    line(`scan ${scanId.slice(0, SHORT_ID_LENGTH)}`, "secondary"),
  ];
}

/** Nobody may take "no match" for an answer where YARA was not asked. */
function ruleVerdict(survey: Survey): Line[] {
  const { nodes } = survey;
  if (nodes.length === 0) return [];
  const matches = nodes.flatMap((node) => survey.matchesOf(node));
  const asked = nodes.filter(({ payload }) => payload.pluginsRun.workers.includes("yara")).length;
  const found = SEVERITIES.flatMap((severity) => {
    const count = matches.filter((match) => match.severity === severity).length;
    const { mark, style } = SEVERITY_LOOK[severity];
    return count === 0 ? [] : [line(`${mark} ${formatCount(count)} ${severity}`, style)];
  });
  if (found.length > 0) return [[new Span("YARA "), ...joinLines(found, ", ")]];
  if (asked === 0) return [line("YARA worker did not run", "secondary")];
  return [
    line(asked === nodes.length ? "no YARA matches" : `no YARA matches in ${counted(asked, "payload")}`),
  ];
}
