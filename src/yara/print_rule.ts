/**
 * Writes rules as YARA text.
 *
 * @module
 */

import type { MetaValue } from "./outline.ts";
import { printExpression } from "./print_expression.ts";
import { printPattern } from "./print_pattern.ts";
import { printFloat, printText } from "./print_literal.ts";
import type { RuleSyntax } from "./syntax.ts";

/** Writes a rule in the usual layout; the text reads as the same tree, its places aside. */
export function printRule(rule: RuleSyntax): string {
  const modifiers = `${rule.isPrivate ? "private " : ""}${rule.isGlobal ? "global " : ""}`;
  const tags = rule.tags.length > 0 ? ` : ${rule.tags.join(" ")}` : "";
  return [
    `${modifiers}rule ${rule.name}${tags} {`,
    ...section("meta", rule.meta.map(({ name, value }) => `${name} = ${printMetaValue(value)}`)),
    ...section("strings", rule.patterns.map(printPattern)),
    ...section("condition", [printExpression(rule.condition)]),
    "}",
  ].join("\n");
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [`  ${name}:`, ...lines.map((line) => `    ${line}`)] : [];
}

function printMetaValue(value: MetaValue): string {
  if (typeof value === "string") return printText(new TextEncoder().encode(value));
  if (typeof value !== "number") return typeof value === "boolean" ? String(value) : printText(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  return sign + (Number.isSafeInteger(size) ? String(size) : printFloat(size));
}
