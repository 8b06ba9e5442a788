/**
 * Every way in which a module can name another one.
 *
 * @module
 */

/** One specifier as it stands in a source file. */
export interface Reference {
  /** The part that is known before the program runs: all of it, or a computed specifier's beginning. */
  readonly specifier: string;
  readonly isComputed: boolean;
  /** Nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
  readonly range: Deno.lint.Range;
}

type Visitor = Deno.lint.LintVisitor;
type Expression = Deno.lint.Node | null | undefined;

/** Calls `onReference` for each import, re-export, dynamic import, import type, resolved address and type comment. */
export function visitReferences(
  context: Deno.lint.RuleContext,
  onReference: (reference: Reference) => void,
): Visitor {
  const report = (source: Expression, isTypeOnly: boolean) => {
    const text = beginningOf(source);
    if (!source || text === undefined) return;
    onReference({ specifier: text.known, isComputed: !text.isWhole, isTypeOnly, range: source.range });
  };
  return {
    Program: () => referencesInComments(context).forEach(onReference),
    ImportDeclaration: (node) =>
      report(node.source, node.importKind === "type" || hasOnlyTypes(node.specifiers)),
    ExportNamedDeclaration: (node) => report(node.source, node.exportKind === "type"),
    ExportAllDeclaration: (node) => report(node.source, node.exportKind === "type"),
    ImportExpression: (node) => report(node.source, false),
    TSImportType: (node) =>
      report(node.argument.type === "TSLiteralType" ? node.argument.literal : undefined, true),
    TSImportEqualsDeclaration: (node) => {
      const target = node.moduleReference;
      if (target.type !== "TSExternalModuleReference") return;
      report(target.expression, node.importKind === "type");
    },
    CallExpression: (node) => isResolve(node.callee) && report(node.arguments[0], false),
  };
}

function hasOnlyTypes(specifiers: Deno.lint.ImportDeclaration["specifiers"]): boolean {
  return specifiers.length > 0 &&
    specifiers.every((item) => item.type === "ImportSpecifier" && item.importKind === "type");
}

function isResolve(callee: Deno.lint.Node): boolean {
  return callee.type === "MemberExpression" && callee.object.type === "MetaProperty" &&
    callee.property.type === "Identifier" && callee.property.name === "resolve";
}

interface Beginning {
  readonly known: string;
  readonly isWhole: boolean;
}

/** Returns what a specifier starts with, also when it is computed; `undefined` when nothing of it is known. */
function beginningOf(node: Expression): Beginning | undefined {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? { known: node.value, isWhole: true } : undefined;
    case "TemplateLiteral": {
      const known = node.quasis[0]?.cooked ?? "";
      return known === "" ? undefined : { known, isWhole: node.expressions.length === 0 };
    }
    case "BinaryExpression": {
      const left = node.operator === "+" ? beginningOf(node.left) : undefined;
      return left && { known: left.known, isWhole: false };
    }
  }
  return undefined;
}

// Deno and TypeScript resolve these comments as if they were imports.
const COMMENT_SPECIFIERS = [
  /^\/\s*<reference\s+(?:types|path)\s*=\s*["']([^"']+)["']/g,
  /@(?:ts|ts-self|deno)-types\s*=\s*["']?([^"'\s]+)/g,
  /@jsxImportSource(?:Types)?\s+(\S+)/g,
  /@import\s[^"']*\bfrom\s*["']([^"']+)["']/g,
];

function referencesInComments(context: Deno.lint.RuleContext): Reference[] {
  return context.sourceCode.getAllComments().flatMap(({ value, range }) =>
    COMMENT_SPECIFIERS.flatMap((pattern) => [...value.matchAll(pattern)]).map(([, specifier = ""]) => (
      { specifier, isComputed: false, isTypeOnly: true, range }
    ))
  );
}
