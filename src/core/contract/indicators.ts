/**
 * Indicators: values that another system can look up.
 *
 * @module
 */

/** Kinds of indicators, in the order in which reports list them. */
export const INDICATOR_KINDS = [
  "url",
  "domain",
  "ipv4",
  "ipv6",
  "email",
  "md5",
  "sha1",
  "sha256",
  "file_path",
  "registry_key",
  "mutex",
  "user_agent",
  "bitcoin",
] as const;

/** What an indicator is. */
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

/** A value that another system can look up. Values are normalised and never defanged. */
export interface Indicator {
  /** What it is. */
  readonly kind: IndicatorKind;
  /** The normalised value; unique by kind for each payload. */
  readonly value: string;
  /** The spelling of the bytes, where it differs. */
  readonly raw?: string;
  /** Where in the payload, in bytes. */
  readonly offset?: number;
  /** Where it was found, in a few words, such as `link target` or `macro Document_Open`. */
  readonly context?: string;
}
