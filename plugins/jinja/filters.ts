/**
 * The filters that templates have beyond nunjucks' own.
 *
 * @module
 */

import type { IndicatorKind } from "../../src/plugin/define.ts";
import { defang, printable, printableExcerpt } from "../../src/plugin/kit/mod.ts";
import type { TemplateEnvironment, TemplateRuntime } from "./deps.ts";
import { codeBlock, codeSpan } from "./markdown.ts";
import { outline, textOf } from "./outline.ts";
import { counted, exactBytes, hexadecimal, humanSize } from "./quantities.ts";

/** Adds the filters; results for Markdown are not escaped for HTML. */
export function addFilters(environment: TemplateEnvironment, runtime: TemplateRuntime): void {
  const { SafeString } = runtime;
  const escape = (value: unknown) =>
    value instanceof SafeString ? value : new SafeString(String(runtime.suppressValue(textOf(value), true)));
  // Those of nunjucks call `toString`, which a record of a response may have as a key.
  environment.addFilter("safe", (value: unknown) => new SafeString(text(value)));
  environment.addFilter("escape", escape);
  environment.addFilter("e", escape);
  environment.addFilter(
    "printable",
    (value: unknown, limit?: unknown) =>
      isCount(limit) ? printableExcerpt(text(value), limit) : printable(text(value)),
  );
  environment.addFilter(
    "code",
    (value: unknown, limit?: unknown) => new SafeString(codeSpan(text(value), count(limit))),
  );
  environment.addFilter("code_block", (value: unknown) => new SafeString(codeBlock(text(value))));
  environment.addFilter("outline", (value: unknown, lines?: unknown) => outline(value, count(lines)));
  environment.addFilter("hex", (value: unknown, limit?: unknown) => hexadecimal(value, count(limit)));
  environment.addFilter(
    "defang",
    (value: unknown, kind: unknown) => defang(kind as IndicatorKind, text(value)),
  );
  environment.addFilter("take", take);
  environment.addFilter("counted", counted);
  environment.addFilter("human_size", humanSize);
  environment.addFilter("bytes", exactBytes);

  /** Returns the text of a value; macros and filters return text that is marked as safe. */
  function text(value: unknown): string {
    return value instanceof SafeString ? String(value) : textOf(value);
  }
}

/** Returns the first items of a list, none of anything else that a plugin may have written. */
function take(value: unknown, limit: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, count(limit)) : [];
}

/** Returns an argument that is a count; `undefined`, the default, for anything else. */
function count(value: unknown): number | undefined {
  return isCount(value) ? value : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
