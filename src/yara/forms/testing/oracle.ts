/**
 * What the real YARA-X finds, for tests.
 *
 * @module
 */

import type { HexToken, PatternSyntax } from "../../syntax.ts";
import type { PatternMatch } from "../matches.ts";

/** As much of YARA-X as is needed here; a test gives it. */
export interface OracleEngine {
  compile(sources: OracleSource[], options: { externals: Record<string, string> }): Promise<OracleRules>;
}

interface OracleSource {
  unit: string;
  text: string;
  rules: { name: string; start: number }[];
}

interface OracleRules {
  readonly problems: readonly { readonly source: number }[];
  scan(content: Uint8Array): Promise<OracleOutcome>;
  free(): void;
}

type OracleOutcome =
  | { ok: true; matches: readonly { rule: string; strings: readonly PatternMatch[] }[] }
  | { ok: false; message: string };

/** A pattern with the condition of its rule. */
export interface OracleCase {
  readonly pattern: PatternSyntax;
  /** Default: one that needs all matches and is always true. */
  readonly condition?: string;
}

/** Matches of each pattern in each content; nothing for a pattern that YARA-X refuses. */
export async function oracle(
  engine: OracleEngine,
  cases: readonly OracleCase[],
  contents: readonly Uint8Array[],
): Promise<(readonly PatternMatch[] | undefined)[][]> {
  const sources = cases.map(({ pattern, condition }, i) => ({
    unit: `${i}`,
    text: `rule r${i} { strings: $a = ${renderPattern(pattern)} condition: ${condition ?? "#a >= 0"} }`,
    rules: [{ name: `r${i}`, start: 0 }],
  }));
  const rules = await engine.compile(sources, { externals: {} });
  const refused = new Set(rules.problems.map(({ source }) => source));
  const all: (readonly PatternMatch[] | undefined)[][] = [];
  for (const content of contents) {
    const outcome = await rules.scan(content);
    if (!outcome.ok) throw new Error(outcome.message);
    const found: (PatternMatch[] | undefined)[] = cases.map((_, i) => refused.has(i) ? undefined : []);
    for (const { rule, strings } of outcome.matches) {
      found[Number(rule.slice(1))] = strings.map(({ offset, length, xorKey }) =>
        xorKey === undefined ? { offset, length } : { offset, length, xorKey }
      );
    }
    all.push(found);
  }
  rules.free();
  return all;
}

/** A pattern as it is written in a rule. */
export function renderPattern(pattern: PatternSyntax): string {
  if (pattern.kind === "regexp") return `/${pattern.regexp.source}/`;
  if (pattern.kind === "hex") return `{ ${pattern.tokens.map(renderToken).join(" ")} }`;
  const text = [...pattern.bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  const { isAscii, isWide, isNocase, isFullword, xor, base64, base64wide } = pattern.modifiers;
  const words = [
    isAscii && "ascii",
    isWide && "wide",
    isNocase && "nocase",
    isFullword && "fullword",
    xor && `xor(${xor.from}-${xor.to})`,
    base64 !== undefined && `base64${base64 && `("${base64}")`}`,
    base64wide !== undefined && `base64wide${base64wide && `("${base64wide}")`}`,
  ];
  return `"${text}" ${words.filter((word) => word).join(" ")}`;
}

function renderToken(token: HexToken): string {
  if (token.kind === "byte") return `${token.isNegated ? "~" : ""}${renderByte(token.value, token.mask)}`;
  if (token.kind === "jump") return `[${token.from}-${token.to ?? ""}]`;
  return `(${token.branches.map((branch) => branch.map(renderToken).join(" ")).join(" | ")})`;
}

function renderByte(value: number, mask: number): string {
  const digits = value.toString(16).padStart(2, "0");
  return (mask & 0xf0 ? digits[0]! : "?") + (mask & 0x0f ? digits[1]! : "?");
}
