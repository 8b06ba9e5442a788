import assert from "node:assert/strict";
import { renderFindingPage } from "./finding_page.ts";

Deno.test("the page has every declared finding, with links to its techniques, and the codes of blind spots and errors", async () => {
  const page = await renderFindingPage(new URL("../plugins/", import.meta.url));
  assert.match(
    page,
    /\n### bidi-override\n\n[^\n]+\. `decompress` · high · \[T1036\.002\]\(https:\/\/attack\.mitre\.org\/techniques\/T1036\/002\/\)\n\n\w/,
  );
  assert.match(page, /\n### yara-match\n\n[^\n]+ · medium, unless the finding has its own severity\n/);
  assert.match(page, /\n## Blind spots\n[^]*\n- `encrypted`: [^]*\n## Errors\n[^]*\n- `plugin-timeout`: /);
});
