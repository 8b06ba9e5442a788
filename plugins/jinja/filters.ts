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

/** Adds the filters; what is made for Markdown is not escaped for HTML. */
export function addFilters(environment: TemplateEnvironment, runtime: TemplateRuntime): void {
  const { SafeString } = runtime;
  const escape = (value: unknown) =>
    value instanceof SafeString ? value : new SafeString(String(runtime.suppressValue(textOf(value), true)));
  // nunjucks' own call `toString`, which a record of a response may have as a key.
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

  /** Macros and filters hand on text that is marked as safe. */
  function text(value: unknown): string {
    return value instanceof SafeString ? String(value) : textOf(value);
  }
}

/** The first items of a list; of anything else, which a plugin of the name may have written, none. */
function take(value: unknown, limit: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, count(limit)) : [];
}

/** An argument that is a count; anything else means the default. */
function count(value: unknown): number | undefined {
  return isCount(value) ? value : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
