/**
 * `stoq/pure-core`: the engine uses no clock, chance, network or console but those that it is given.
 *
 * @module
 */

import { isTestCode, matches, placeOf } from "./rooms.ts";

/** Reports globals in `src/core` whose answer depends on anything but their arguments. */
export const pureCore: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || !matches("src/core/", place.path) || isTestCode(place.path)) return {};
    const report = (node: Deno.lint.Node, name: string) =>
      context.report({
        node,
        message: `Cannot use "${name}" in "${place.path}": the engine is pure`,
        hint: HINT,
      });
    const check = (node: Deno.lint.Node, owner: Deno.lint.Node) => {
      if (owner.type === "Identifier" && IMPURE.has(owner.name)) report(node, owner.name);
    };
    return {
      Identifier: (node) => node.name === "globalThis" && report(node, node.name),
      CallExpression: (node) => check(node, node.callee),
      NewExpression(node) {
        check(node, node.callee);
        const isNow = node.callee.type === "Identifier" && node.callee.name === "Date";
        if (isNow && node.arguments.length === 0) report(node, "new Date()");
      },
      MemberExpression(node) {
        check(node, node.object);
        const text = context.sourceCode.getText(node);
        if (IMPURE_MEMBERS.has(text)) report(node, text);
      },
    };
  },
};

const HINT = "Take it from the clock, the host or the ids that the engine was given";

const IMPURE = new Set([
  "BroadcastChannel",
  "EventSource",
  "WebSocket",
  "Worker",
  "caches",
  "console",
  "crypto",
  "fetch",
  "localStorage",
  "navigator",
  "performance",
  "sessionStorage",
  "setInterval",
  "setTimeout",
]);

const IMPURE_MEMBERS = new Set(["AbortSignal.timeout", "Date.now", "Math.random"]);
