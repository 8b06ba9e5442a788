/**
 * What a member expression names, whichever way it is written.
 *
 * @module
 */

/** Returns the name of a property that is written with a dot, in brackets or as a key; `undefined` if it is computed. */
export function nameOf(node: Deno.lint.Node, isComputed: boolean): string | undefined {
  if (node.type === "Identifier") return isComputed ? undefined : node.name;
  if (node.type === "Literal") return String(node.value);
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0]?.cooked;
  return undefined;
}

/** Says whether an expression is the global object, under a cast too. */
export function isGlobalObject(node: Deno.lint.Node): boolean {
  const bare = withoutCasts(node);
  return bare.type === "Identifier" && ["globalThis", "self", "window"].includes(bare.name);
}

/** Returns the expression below type assertions. */
export function withoutCasts(node: Deno.lint.Node): Deno.lint.Node {
  switch (node.type) {
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
      return withoutCasts(node.expression);
  }
  return node;
}
