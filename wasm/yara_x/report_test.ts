import assert from "node:assert/strict";
import { duplicateRuleName, readReport } from "./report.ts";

Deno.test("a report gives code, line and what is wrong", () => {
  const report =
    "error[E009]: unknown identifier `tru`\n --> line:3:21\n  |\n3 | rule c { condition: tru }\n" +
    "  |                     ^^^ this identifier has not been declared";
  assert.deepEqual(readReport(report), {
    code: "E009",
    message: "unknown identifier `tru`: this identifier has not been declared",
    line: 3,
  });
});

Deno.test("of several places the first counts", () => {
  const report =
    "error[E012]: duplicate rule `good`\n --> line:7:6\n  |\n7 | rule good { condition: true }\n" +
    "  |      ^^^^ duplicate declaration of `good`\n  |\n ::: line:2:6\n  |\n2 | rule good { condition: true}\n" +
    "  |      ---- `good` declared here for the first time";
  const error = readReport(report);
  assert.equal(error.line, 7);
  assert.equal(duplicateRuleName(error), "good");
});

Deno.test("a report of another form is the message", () => {
  const error = readReport("something went wrong\nand more");
  assert.deepEqual(error, { code: "", message: "something went wrong", line: 1 });
  assert.equal(duplicateRuleName(error), undefined);
});
