/**
 * `stoq/no-deno-namespace`: only a few rooms may touch the system.
 *
 * @module
 */

import { isGlobalObject, nameOf } from "./member_name.ts";
import { visitReferences } from "./references.ts";
import { isTestCode, matches, type Place, placeOf } from "./rooms.ts";

/**
 * Reports the name `Deno` wherever it stands, as a value, a type, a key or a string, and Node's modules that do the
 * same work, outside the rooms that may say it.
 */
export const noDenoNamespace: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || maySayDeno(place)) return {};
    const report = (range: Deno.lint.Range, name: string) =>
      context.report({ range, message: messageFor(name, place), hint: HINT });
    return {
      ...visitReferences(context, ({ specifier, range }) => {
        if (isSystemModule(specifier)) report(range, specifier);
      }),
      Identifier: (node) => node.name === "Deno" && report(node.range, "Deno"),
      Literal: (node) => node.value === "Deno" && report(node.range, "Deno"),
      TemplateElement: (node) => node.cooked === "Deno" && report(node.range, "Deno"),
      // The bare name is left to Deno's own no-process-global, which knows about scopes.
      MemberExpression: (node) => isGlobalProcess(node) && report(node.range, "process"),
    };
  },
};

const HINT = "Ask for it through an interface of src/core that src/host implements";

const ROOMS_WITH_SYSTEM = [
  "cli.ts",
  "src/host/",
  "src/sandbox/",
  "src/plugin/kit/",
  "plugins/*/",
  "tools/",
  "tests/",
];

/** Rebuilding a WASM core writes files; the façade beside it may not. */
const BUILD_SCRIPTS = "wasm/*/build.ts";

const SYSTEM_MODULES = [
  "child_process",
  "cluster",
  "dgram",
  "dns",
  "fs",
  "http",
  "http2",
  "https",
  "inspector",
  "module",
  "net",
  "os",
  "process",
  "readline",
  "repl",
  "sqlite",
  "tls",
  "tty",
  "v8",
  "vm",
  "wasi",
  "worker_threads",
];

function maySayDeno({ path }: Place): boolean {
  return isTestCode(path) || [...ROOMS_WITH_SYSTEM, BUILD_SCRIPTS].some((room) => matches(room, path));
}

function isSystemModule(specifier: string): boolean {
  const name = /^node:([^/]+)/.exec(specifier)?.[1];
  return name !== undefined && SYSTEM_MODULES.includes(name);
}

function isGlobalProcess(node: Deno.lint.MemberExpression): boolean {
  return isGlobalObject(node.object) && nameOf(node.property, node.computed) === "process";
}

function messageFor(name: string, { path }: Place): string {
  return `Cannot use "${name}" in "${path}": only ${ROOMS_WITH_SYSTEM.join(", ")} and tests may`;
}
