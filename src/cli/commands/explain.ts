/**
 * `stoq explain`: what a code in a response means.
 *
 * @module
 */

import type { FindingDeclaration } from "../../core/contract/findings.ts";
import { nearestHint } from "../../core/contract/nearest.ts";
import type { Terminal } from "../../core/ports/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { Registry } from "../../plugin/registry.ts";
import type { Arguments } from "../arguments.ts";
import { BLIND_SPOT_DOCS, ERROR_DOCS } from "../code_docs.ts";
import { readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { wrapLine } from "../report/fitting.ts";
import { type Line, line, paintLine } from "../report/styled_text.ts";

/** Widest text: longer lines are hard to read. */
const MAX_COLUMNS = 100;

/** A code's explanation. */
interface CodePage {
  /** Absent where the code has none. */
  readonly title?: string;
  /** What kind of code it is, and facts about it. */
  readonly facts: readonly string[];
  readonly doc: string;
}

/** Prints what the codes of the command line mean. */
export async function explain(parameters: Arguments, terminal: Terminal): Promise<number> {
  const { paths, options, problems } = await readCommandLine(commandLineSystem(), parameters);
  // What is wrong with the options does not matter here.
  const wrong = problems.filter((problem) => !options.problems.includes(problem));
  if (paths.length === 0) wrong.push("explain needs the CODE of a finding, blind spot or error");
  const pages = allPages(options.registry);
  for (const { word } of paths) {
    if (!pages.has(word)) wrong.push(unknownCode(word, [...pages.keys()]));
  }
  if (wrong.length > 0) return await refuseToStart(terminal, wrong);
  const columns = Math.min(MAX_COLUMNS, terminal.columns);
  const blocks = paths.flatMap(({ word }) => pages.get(word)!.map((page) => pageLines(word, page, columns)));
  const lines = blocks.flatMap((block, index) => index === 0 ? block : [[], ...block]);
  await terminal.writeOut(lines.map((spans) => `${paintLine(spans, terminal.hasColor)}\n`).join(""));
  return EXIT.done;
}

/** Returns all known codes with their pages: several plugins may declare the same code. */
function allPages(registry: Registry): ReadonlyMap<string, readonly CodePage[]> {
  const pages = new Map<string, CodePage[]>();
  const add = (code: string, page: CodePage) => pages.set(code, [...pages.get(code) ?? [], page]);
  for (const name of registry.names()) {
    const { findings = {} } = registry.get(name)!.manifest;
    for (const [code, declaration] of Object.entries(findings)) {
      const { title, doc } = declaration;
      add(code, { title, facts: findingFacts(name, declaration), doc });
    }
  }
  for (const [code, doc] of Object.entries(BLIND_SPOT_DOCS)) add(code, { facts: ["blind spot"], doc });
  for (const [code, doc] of Object.entries(ERROR_DOCS)) add(code, { facts: ["error"], doc });
  return pages;
}

function findingFacts(plugin: string, { severity, attack = [], dynamic }: FindingDeclaration): string[] {
  return [
    `finding of ${plugin}`,
    dynamic ? `severity ${severity}, unless the finding has its own` : `severity ${severity}`,
    ...(attack.length > 0 ? [`ATT&CK ${attack.join(", ")}`] : []),
  ];
}

function pageLines(code: string, { title, facts, doc }: CodePage, columns: number): Line[] {
  return [
    ...wrapLine(line(title === undefined ? code : `${code}: ${title}`, "heading"), columns),
    ...wrapLine(line(facts.join(" · "), "secondary"), columns),
    [],
    ...doc.split("\n").flatMap((paragraph) => wrapLine(line(paragraph), columns)),
  ];
}

function unknownCode(code: string, known: readonly string[]): string {
  return `"${code}" is not a known code${nearestHint(code, known)}`;
}
