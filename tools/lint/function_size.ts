/**
 * `stoq/function-size`: a function fits on a screen and a half.
 *
 * @module
 */

/** Reports a function over 80 lines, or over 120 where its doc says why it is long. */
export const functionSize: Deno.lint.Rule = {
  create(context) {
    const check = (node: FunctionNode) => {
      const lines = context.sourceCode.getText(node).split("\n").length;
      if (lines <= MAX_LINES) return;
      const limit = explainsItself(context, node) ? MAX_EXPLAINED_LINES : MAX_LINES;
      if (lines <= limit) return;
      const head: Deno.lint.Range = [node.range[0], node.range[0] + 1];
      context.report({
        range: head,
        message: `Function of ${lines} lines: ${limit} are allowed`,
        hint: HINT,
      });
    };
    return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
  },
};

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

const MAX_LINES = 80;
const MAX_EXPLAINED_LINES = 120;
const HINT =
  `A parser of a binary format may have ${MAX_EXPLAINED_LINES} lines if its doc says "Long because …"`;

function explainsItself(context: Deno.lint.RuleContext, node: FunctionNode): boolean {
  const start = startOfDeclaration(context, node);
  const doc = context.sourceCode.getAllComments().findLast(({ range }) => range[1] <= start);
  if (doc === undefined || doc.type !== "Block" || !/\blong because\b/i.test(doc.value)) return false;
  return context.sourceCode.text.slice(doc.range[1], start).trim() === "";
}

/** Returns where the declaration of a function begins, which its doc precedes. */
function startOfDeclaration(context: Deno.lint.RuleContext, node: FunctionNode): number {
  const inner = context.sourceCode.getAncestors(node).toReversed();
  const end = inner.findIndex(({ type }) => !DECLARATIONS.includes(type));
  return (inner.slice(0, end).at(-1) ?? node).range[0];
}

const DECLARATIONS: readonly string[] = [
  "ExportDefaultDeclaration",
  "ExportNamedDeclaration",
  "MethodDefinition",
  "Property",
  "PropertyDefinition",
  "VariableDeclaration",
  "VariableDeclarator",
];
