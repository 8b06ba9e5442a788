/**
 * The template engine: nunjucks (BSD-2-Clause), by its inner modules, because a metered compiler needs more than its entry point exports.
 *
 * The package has no types; this module declares the parts that are used. Only its own file loaders read files, and these are
 * not used. Import this module lazily: it takes tens of milliseconds.
 *
 * @module
 */

import compilerModule from "npm:nunjucks@3.2.4/src/compiler.js";
import environmentModule from "npm:nunjucks@3.2.4/src/environment.js";
import nodesModule from "npm:nunjucks@3.2.4/src/nodes.js";
import parserModule from "npm:nunjucks@3.2.4/src/parser.js";
import runtimeModule from "npm:nunjucks@3.2.4/src/runtime.js";
import transformerModule from "npm:nunjucks@3.2.4/src/transformer.js";

/** A node of a parsed template; lines and columns count from 0. */
export interface TemplateNode {
  /** Line. */
  readonly lineno: number;
  /** Column. */
  readonly colno: number;
  /** All nodes of a class below this one. */
  findAll<N extends TemplateNode>(type: NodeClass<N>): N[];
}

/** Class of nodes. */
export type NodeClass<N extends TemplateNode> = new (...parts: never[]) => N;

/** A constant. */
export interface LiteralNode extends TemplateNode {
  /** Its value. */
  readonly value: unknown;
}

/** `{% include %}`, `{% extends %}`, `{% import %}` or `{% from … import %}`. */
export interface ReferenceNode extends TemplateNode {
  /** An expression for the name of the other template. */
  readonly template: TemplateNode;
  /** Whether the tag has `ignore missing`. */
  readonly ignoreMissing?: boolean;
}

/** `body if … else else_`. */
export interface InlineIfNode extends TemplateNode {
  /** The value if the condition holds. */
  readonly body: TemplateNode;
  /** The value if not. */
  readonly else_: TemplateNode | null;
}

/** A filter that is applied. */
export interface FilterNode extends TemplateNode {
  /** A symbol with the filter's name. */
  readonly name: LiteralNode;
}

/** The functions that compiled templates call. */
export interface TemplateRuntime {
  /** What `{{ value }}` writes. */
  suppressValue(value: unknown, autoescape: boolean): unknown;
  /** What `object.key` is. */
  memberLookup(object: unknown, key: unknown): unknown;
  /** The items of a loop. */
  fromIterator(items: unknown): unknown;
  /** Text that is not escaped when it is written. */
  readonly SafeString: new (text: string) => object;
  /** Writes a template's own text; added by us. */
  writeText?(text: string): string;
}

/** Calls back with a failure or the text. */
export type Rendered = (error: unknown, text?: string) => void;

/** The root of a compiled template. */
export type RenderRoot = (
  environment: unknown,
  context: unknown,
  frame: unknown,
  runtime: TemplateRuntime,
  done: Rendered,
) => void;

/** A compiled template: its root, and its blocks as `b_<name>`. */
export interface CompiledTemplate {
  /** Renders the whole. */
  readonly root: RenderRoot;
  readonly [block: string]: RenderRoot;
}

/** Finds the templates of an environment. */
export interface TemplateLoader {
  /** Name → template that exists already. */
  cache?: Record<string, unknown>;
  /** Says whether a name is relative to the template that contains it. */
  isRelative(name: string): boolean;
  /** Returns the name that a relative one stands for. */
  resolve(from: string, name: string): string;
  /** Returns the compiled template, `null` if there is none of that name. */
  getSource(
    name: string,
  ): { src: { type: "code"; obj: CompiledTemplate }; path: string; loader: unknown } | null;
}

/** A function of a template: filter or global. */
export type TemplateFunction = (...values: never[]) => unknown;

/** Filters, tests, globals and settings. */
export interface TemplateEnvironment {
  /** Name → filter. */
  readonly filters: Readonly<Record<string, unknown>>;
  /** Adds or replaces a filter. */
  addFilter(name: string, filter: TemplateFunction): void;
  /** Adds or replaces a variable that every template sees. */
  addGlobal(name: string, value: unknown): void;
  /** Renders synchronously; throws the failure. */
  render(name: string, variables: Readonly<Record<string, unknown>>): string;
}

/** Settings of an environment. */
export interface EnvironmentOptions {
  /** Whether values are escaped for HTML. */
  readonly autoescape: boolean;
  /** Whether the line end after a tag is left out. */
  readonly trimBlocks: boolean;
  /** Whether blanks before a tag are left out. */
  readonly lstripBlocks: boolean;
  /** Whether errors keep their line and cause. */
  readonly dev: boolean;
}

/** Writes the JavaScript of a template. */
export interface TemplateCompiler {
  /** Adds a node's code. */
  compile(node: TemplateNode): void;
  /** Adds the code of a constant or of a template's own text. */
  compileLiteral(node: LiteralNode): void;
  /** Adds code as it is. */
  _emit(code: string): void;
  /** What was written. */
  getCode(): string;
}

/** Makes environments. */
export const Environment: new (
  loaders: readonly TemplateLoader[],
  options: EnvironmentOptions,
) => TemplateEnvironment = environmentModule.Environment;

/** Compilers, of templates by name. */
export const Compiler: new (name: string, throwOnUndefined: boolean) => TemplateCompiler =
  compilerModule.Compiler;

/** Reads a template; throws an error with `lineno` and `colno`, from 1, where they are known. */
export const parse: (
  source: string,
  extensions: readonly never[],
  options: Pick<EnvironmentOptions, "trimBlocks" | "lstripBlocks">,
) => TemplateNode = parserModule.parse;

/** Prepares a parsed template for the compiler. */
export const transform: (tree: TemplateNode, asyncFilters: readonly string[]) => TemplateNode =
  transformerModule.transform;

/** The functions that compiled templates call by default. */
export const runtime: TemplateRuntime = runtimeModule;

/** The classes of nodes that are searched. */
export const nodes: {
  readonly Include: NodeClass<ReferenceNode>;
  readonly Extends: NodeClass<ReferenceNode>;
  readonly Import: NodeClass<ReferenceNode>;
  readonly FromImport: NodeClass<ReferenceNode>;
  readonly Filter: NodeClass<FilterNode>;
  readonly InlineIf: NodeClass<InlineIfNode>;
  readonly Literal: NodeClass<LiteralNode>;
  readonly TemplateData: NodeClass<LiteralNode>;
} = nodesModule;
