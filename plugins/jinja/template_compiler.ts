/**
 * Compiles a template's text to functions, and finds the templates that it needs before the first response.
 *
 * @module
 */

import {
  type CompiledTemplate,
  Compiler,
  type LiteralNode,
  nodes,
  parse,
  type ReferenceNode,
  type TemplateNode,
  type TemplateRuntime,
  transform,
} from "./deps.ts";
import { quote } from "../../src/plugin/define.ts";
import { JinjaError } from "./failure.ts";

/** Jinja's settings that upstream has on. */
export const BLOCK_OPTIONS = { trimBlocks: true, lstripBlocks: true } as const;

/** Another template that a tag names. */
export interface TemplateReference {
  /** As it is written. */
  readonly name: string;
  /** Line of the tag, from 1. */
  readonly line: number;
  /** Whether it may be missing: `ignore missing`. */
  readonly isOptional: boolean;
}

/** A template, ready to be rendered. */
export interface PreparedTemplate {
  /** Its functions. */
  readonly compiled: CompiledTemplate;
  /** Names of other templates that are written in its tags; those that are computed are not among them. */
  readonly references: readonly TemplateReference[];
}

/** What compiling needs beside the text. */
export interface CompileSetup {
  /** How messages name the template. */
  readonly description: string;
  /** Name of the template, to which `./` and `../` are relative. */
  readonly name: string;
  /** The filters that exist. */
  readonly filters: Readonly<Record<string, unknown>>;
  /** The functions that the compiled code calls. */
  readonly runtime: TemplateRuntime;
}

/** Compiles a template. @throws {JinjaError} `jinja-template-invalid`, with the line */
export function compileTemplate(source: string, setup: CompileSetup): PreparedTemplate {
  const tree = located(source, setup, () => parse(source, [], BLOCK_OPTIONS));
  for (const { name, lineno } of tree.findAll(nodes.Filter)) {
    if (Object.hasOwn(setup.filters, String(name.value))) continue;
    throw invalid(setup, lineno + 1, `there is no filter ${quote(String(name.value))}`);
  }
  const references = referencesOf(tree);
  const code = located(source, setup, () => {
    const compiler = new MeteredCompiler(setup.name, false);
    compiler.compile(transform(tree, []));
    return compiler.getCode();
  });
  return { compiled: instantiate(code, setup.runtime), references };
}

/** Compiles a template so that its own text is counted when it is written, as values are. */
class MeteredCompiler extends Compiler {
  override compileLiteral(node: LiteralNode): void {
    if (!(node instanceof nodes.TemplateData)) return super.compileLiteral(node);
    this._emit("runtime.writeText(");
    super.compileLiteral(node);
    this._emit(")");
  }
}

/** Replaces the runtime that nunjucks passes to the root, which passes it to blocks, macros and parents. */
function instantiate(code: string, runtime: TemplateRuntime): CompiledTemplate {
  // The code is made from the template alone; it contains nothing of a response.
  const compiled: CompiledTemplate = new Function(code)();
  return {
    ...compiled,
    root: (environment, context, frame, _runtime, done) =>
      compiled.root(environment, context, frame, runtime, done),
  };
}

function referencesOf(tree: TemplateNode): TemplateReference[] {
  const tags = [nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport]
    .flatMap((tag): ReferenceNode[] => tree.findAll(tag));
  return tags.flatMap(({ template, ignoreMissing, lineno }) =>
    writtenNames(template).map((name) => ({ name, line: lineno + 1, isOptional: ignoreMissing === true }))
  );
}

/** Returns the names that are written, both of `"a" if x else "b"`; a computed name is known only when it is used. */
function writtenNames(expression: TemplateNode): string[] {
  if (expression instanceof nodes.Literal) {
    return typeof expression.value === "string" ? [expression.value] : [];
  }
  if (!(expression instanceof nodes.InlineIf)) return [];
  const { body, else_ } = expression;
  return [...writtenNames(body), ...(else_ === null ? [] : writtenNames(else_))];
}

/** Runs a step of the engine, and turns its errors into `JinjaError`. */
function located<T>(source: string, setup: CompileSetup, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const { message, lineno } = error as Error & { lineno?: number };
    // Where a tag is never closed, the engine names no line.
    throw invalid(setup, lineno ?? source.trimEnd().split("\n").length, message, error);
  }
}

function invalid(setup: CompileSetup, line: number, reason: string, cause?: unknown): JinjaError {
  return new JinjaError(
    "jinja-template-invalid",
    `Failed to read the template ${setup.description}: line ${line}: ${reason}`,
    { cause },
  );
}
