/**
 * Indicators of a known kind.
 *
 * @module
 */

import type { Indicator, IndicatorKind } from "../../core/contract/indicators.ts";
import { normaliseBitcoin } from "./bitcoin.ts";
import {
  normaliseDigest,
  normaliseFilePath,
  normaliseMutex,
  normaliseRegistryKey,
  normaliseUserAgent,
} from "./host.ts";
import { normaliseDomain, normaliseEmail, normaliseIpv4, normaliseIpv6, normaliseUrl } from "./network.ts";

/** The normal form of a value; undefined: it is none of its kind. */
export type Normaliser = (text: string) => string | undefined;

/** Normal forms by kind. */
export const NORMALISERS: Readonly<Record<IndicatorKind, Normaliser>> = {
  url: normaliseUrl,
  domain: normaliseDomain,
  ipv4: normaliseIpv4,
  ipv6: normaliseIpv6,
  email: normaliseEmail,
  md5: normaliseDigest(32),
  sha1: normaliseDigest(40),
  sha256: normaliseDigest(64),
  file_path: normaliseFilePath,
  registry_key: normaliseRegistryKey,
  mutex: normaliseMutex,
  user_agent: normaliseUserAgent,
  bitcoin: normaliseBitcoin,
};

/**
 * Makes an indicator of a text whose kind is known; undefined: it is none. `raw` is the text where it differs from the value.
 *
 * @param where offset in the payload, in bytes, and a few words about the place
 */
export function indicatorOf(
  kind: IndicatorKind,
  text: string,
  { offset, context }: Pick<Indicator, "offset" | "context"> = {},
): Indicator | undefined {
  const value = NORMALISERS[kind](text);
  if (value === undefined) return undefined;
  return {
    kind,
    value,
    ...value !== text && { raw: text },
    ...offset !== undefined && { offset },
    ...context !== undefined && { context },
  };
}
