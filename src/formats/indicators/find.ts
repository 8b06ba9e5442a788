/**
 * Indicators in free text.
 *
 * @module
 */

import type { Indicator } from "../../core/contract/indicators.ts";
import { indicatorOf } from "./normalise.ts";

const KINDS = ["url", "email", "ipv4", "bitcoin"] as const;

/** Most indicators that one text gives, as many as a payload may have. */
export const MAX_FOUND_INDICATORS = 1_000;

/**
 * Patterns of the kinds that are recognisable in free text, by the name of the kind. Every repetition is bounded, so the cost
 * of a character does not grow with the text. The inside of a URL is not searched again.
 */
const PATTERN = new RegExp(
  [
    // deno-lint-ignore no-control-regex
    /(?<url>\b(?:https?|ftps?|sftp|wss?|ldaps?):\/\/[^\s<>"'`{}|\\^\x00-\x1f\x7f-\x9f]{1,2048})/,
    /(?<email>(?<![\w.+%/:-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-]))/,
    /(?<ipv4>(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d))/,
    /(?<bitcoin>(?<!\w)(?:[13][1-9a-z]{24,34}|bc1[02-9ac-hj-np-z]{11,71})(?!\w))/,
  ].map(({ source }) => source).join("|"),
  "gi",
);

/** What the caller knows of the text. */
export interface FindOptions {
  /** Offset of the text in the payload, in bytes, for a text of one character a byte; absent: indicators have no offset. */
  readonly baseOffset?: number;
  /** Where the text was found, in a few words. */
  readonly context?: string;
}

/** Indicators of a text. */
export interface FoundIndicators {
  /** Unique by kind and value, in the order of the text. */
  readonly indicators: readonly Indicator[];
  /** Whether more than {@link MAX_FOUND_INDICATORS} are in the text. */
  readonly isTruncated: boolean;
}

/**
 * Finds URLs, addresses of mail, IPv4 addresses and addresses of Bitcoin. Other kinds are not recognisable in free text: call
 * {@link indicatorOf} where you know what a text is. Hosts of URLs are not listed again. An IPv4 address that ends with
 * `.0`, or is behind the word version, is left out as a version number. A URL whose host has no dot is left out.
 */
export function findIndicators(text: string, { baseOffset, context }: FindOptions = {}): FoundIndicators {
  const found = new Map<string, Indicator>();
  for (const { 0: match, index, groups } of text.matchAll(PATTERN)) {
    const kind = KINDS.find((name) => groups![name] !== undefined)!;
    if (kind === "ipv4" && isVersion(text, index, match)) continue;
    const offset = baseOffset === undefined ? undefined : baseOffset + index;
    const indicator = indicatorOf(kind, kind === "url" ? withoutTail(match) : match, { offset, context });
    const key = `${kind} ${indicator?.value}`;
    if (!indicator || found.has(key) || (kind === "url" && !hasPublicHost(indicator.value))) continue;
    if (found.size === MAX_FOUND_INDICATORS) return { indicators: [...found.values()], isTruncated: true };
    found.set(key, indicator);
  }
  return { indicators: [...found.values()], isTruncated: false };
}

/** Cuts a URL at the first bracket that it does not open, and removes points at its end: they are the sentence's. */
function withoutTail(url: string): string {
  const open = { ")": 0, "]": 0 };
  let end = 0;
  for (; end < url.length; end++) {
    const character = url[end]!;
    if (character === "(") open[")"]++;
    else if (character === "[") open["]"]++;
    else if ((character === ")" || character === "]") && open[character]-- === 0) break;
  }
  while (".,;:!?*".includes(url[end - 1] ?? "x")) end--;
  return url.slice(0, end);
}

/** Whether the host of a URL is known outside its own network. */
function hasPublicHost(url: string): boolean {
  return /[.:]/.test(new URL(url).hostname);
}

function isVersion(text: string, index: number, address: string): boolean {
  return address.endsWith(".0") ||
    /(?:version|ver|v)["']?[\s:=.]{0,3}["']?$/i.test(text.slice(Math.max(0, index - 16), index));
}
