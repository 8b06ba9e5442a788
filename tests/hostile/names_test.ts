import assert from "node:assert/strict";
import { sandbox } from "../strange_plugin.ts";

const TELL_RAW_FILES = `export default (_options, context) => ({
  scan: () => ({ results: { raw: context.rawFiles === undefined ? "none" : "there" } }),
});`;

for (const isolation of ["none", "process"] as const) {
  Deno.test(`a stranger's plugin is not given files by their bytes with isolation ${isolation}`, async () => {
    await using strange = sandbox(TELL_RAW_FILES, { isolation });
    const { results, errors } = await strange.scan();
    assert.deepEqual(errors, []);
    assert.deepEqual(results[0]?.workers.evil, { raw: "none" });
    assert.ok(results[0]?.workers.hash);
  });
}
