/**
 * Makes indicators: values in the one spelling in which another system can look them up.
 *
 * {@link indicatorOf} takes a text whose kind you know, such as the target of a link. {@link findIndicators} looks for those
 * kinds that are recognisable in free text. Ids of XML namespaces, schemas and DTDs are no indicators. Values are
 * never defanged, and defanged text (`hxxp://`) is none.
 *
 * URLs: https://url.spec.whatwg.org/; IPv6: RFC 5952; mail: RFC 5321.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { findIndicators, indicatorOf } from "./mod.ts";
 *
 * assert.deepEqual(indicatorOf("url", "HTTP://EXÄMPLE.com:80/a b", { context: "link target" }), {
 *   kind: "url",
 *   value: "http://xn--exmple-cua.com/a%20b",
 *   raw: "HTTP://EXÄMPLE.com:80/a b",
 *   context: "link target",
 * });
 * assert.equal(indicatorOf("url", "http://www.w3.org/2000/svg"), undefined);
 *
 * const { indicators } = findIndicators("see https://example.com/x, or write to a@example.com.");
 * assert.deepEqual(indicators.map(({ value }) => value), ["https://example.com/x", "a@example.com"]);
 * ```
 *
 * @module
 */

export type { Indicator, IndicatorKind } from "../../core/contract/indicators.ts";
export { findIndicators, type FindOptions, type FoundIndicators, MAX_FOUND_INDICATORS } from "./find.ts";
export { MAX_NAME_CHARACTERS } from "./host.ts";
export { MAX_URL_CHARACTERS } from "./network.ts";
export { indicatorOf, type Normaliser, NORMALISERS } from "./normalise.ts";
export { isSchemaId } from "./schema_ids.ts";
