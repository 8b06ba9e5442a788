import assert from "node:assert/strict";
import { describeProblem } from "./rule_problem.ts";

Deno.test("a problem reads file, line, message", () => {
  assert.equal(
    describeProblem({ file: "/a.yar", line: 3, message: "syntax error" }),
    "/a.yar:3: syntax error",
  );
  assert.equal(
    describeProblem({ file: "/a.yar", message: "it does not exist" }),
    "/a.yar: it does not exist",
  );
});

Deno.test("control characters of a file name are escaped", () => {
  assert.equal(describeProblem({ file: "a\n\x1b[2J\x9b", message: "m" }), "a\\x0a\\x1b[2J\\x9b: m");
});
