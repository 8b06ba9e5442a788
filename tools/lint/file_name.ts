/**
 * `stoq/file-name`: snake_case, and a name that says the subject.
 *
 * @module
 */

import { placeOf } from "./rooms.ts";

/** Reports a module whose name is not in snake_case, and names under which anything could stand. */
export const fileName: Deno.lint.Rule = {
  create(context) {
    const path = placeOf(context.filename)?.path;
    const problem = path === undefined ? undefined : problemOf(path);
    if (problem === undefined) return {};
    return {
      Program: () => context.report({ range: [0, 0], message: `Cannot name a module "${path}": ${problem}` }),
    };
  },
};

const SNAKE_CASE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?:\.d)?\.[cm]?[jt]sx?$/;
const CATCH_ALL = /^(?:utils?|helpers?|common|types?|misc)$/;

function problemOf(path: string): string | undefined {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  if (!SNAKE_CASE.test(name)) return `"${name}" is not in snake_case`;
  const words = parts.map((part) => part.replace(/(?:_test)?(?:\.d)?\.[cm]?[jt]sx?$/, ""));
  const vague = words.find((word) => CATCH_ALL.test(word));
  return vague === undefined ? undefined : `"${vague}" names no subject`;
}
