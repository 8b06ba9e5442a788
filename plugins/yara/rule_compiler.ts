/**
 * Compiles rule files for our own core. No other module imports this one statically: rules that were compiled ahead of time
 * don't need it.
 *
 * @module
 */

import { buildProgram } from "../../src/yara/compiler/mod.ts";
import { type CollectedRules, SECTION } from "../../src/yara/mod.ts";
import { TablesBuilder } from "../../wasm/core/mod.ts";
import type { CompileSettings } from "./compiled_rules.ts";

/** Returns the sections of a compiled rule set; what is wrong with rules is in the summary. */
export function compileRules(rules: CollectedRules, settings: CompileSettings): Uint8Array[] {
  const tables = new TablesBuilder();
  const sections = buildProgram(rules, settings, (form) => tables.add(form));
  sections[SECTION.tables] = tables.finish();
  return sections;
}
