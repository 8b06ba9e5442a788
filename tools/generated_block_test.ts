import assert from "node:assert/strict";
import { withGeneratedBlock } from "./generated_block.ts";

const START = "<!-- Generated from a.ts by deno task gen -->";
const OTHER = "<!-- Generated from b.ts by deno task gen -->";
const END = "<!-- End -->";

Deno.test("the text between the two lines is replaced, and nothing else", () => {
  const page = `# Page\n\n${OTHER}\nb\n${END}\n\n${START}\nold\n${END}\n\nMore\n`;
  assert.equal(
    withGeneratedBlock(page, "a.ts", "new"),
    `# Page\n\n${OTHER}\nb\n${END}\n\n${START}\n\nnew\n\n${END}\n\nMore\n`,
  );
});

Deno.test("a page without the two lines is an error", () => {
  for (const page of ["# Page\n", `${END}\n${START}\n`]) {
    assert.throws(() => withGeneratedBlock(page, "a.ts", "new"), /from a\.ts: the page must have the lines/);
  }
});
