/**
 * `stoq/no-deno-exit`: one place ends the process.
 *
 * @module
 */

import { isGlobalObject, nameOf, withoutCasts } from "./member_name.ts";
import { matches, placeOf } from "./rooms.ts";

/** Reports `Deno.exit` and its disguises, a plain alias of `Deno` included, everywhere but in `cli.ts`. */
export const noDenoExit: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || MAY_EXIT.some((room) => matches(room, place.path))) return {};
    const report = (node: Deno.lint.Node, what: string) =>
      context.report({
        node,
        message: `Cannot use ${what} in "${place.path}": only cli.ts and a runner may`,
        hint: HINT,
      });
    return {
      MemberExpression(node) {
        if (nameOf(node.property, node.computed) === "exit" && isOwner(node.object)) {
          report(node, "Deno.exit");
        }
      },
      VariableDeclarator(node) {
        if (!node.init || !isOwner(node.init)) return;
        if (node.id.type === "Identifier") report(node, `an alias of ${text(context, node.init)}`);
        if (node.id.type === "ObjectPattern" && takesExit(node.id)) report(node.id, "Deno.exit");
      },
      ImportDeclaration(node) {
        if (node.source.value !== "node:process") return;
        const exit = node.specifiers.find((item) =>
          item.type === "ImportSpecifier" && nameOf(item.imported, false) === "exit"
        );
        if (exit) report(exit, "process.exit");
      },
    };
  },
};

const HINT = "Return or throw; a tool sets Deno.exitCode";

/** The hostile suite's plugins exit on purpose. */
const MAY_EXIT = ["cli.ts", "src/sandbox/guest/guest.ts", "tests/"];

function text(context: Deno.lint.RuleContext, node: Deno.lint.Node): string {
  return context.sourceCode.getText(node);
}

/** Says whether an expression is an object whose `exit` ends the process. */
function isOwner(node: Deno.lint.Node): boolean {
  const bare = withoutCasts(node);
  if (bare.type === "Identifier") return OWNERS.includes(bare.name);
  return bare.type === "MemberExpression" && isGlobalObject(bare.object) &&
    OWNERS.includes(nameOf(bare.property, bare.computed) ?? "");
}

const OWNERS = ["Deno", "process"];

function takesExit(pattern: Deno.lint.ObjectPattern): boolean {
  return pattern.properties.some((item) =>
    item.type === "RestElement" || nameOf(item.key, item.computed) === "exit"
  );
}
