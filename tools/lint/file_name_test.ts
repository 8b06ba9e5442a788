import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (fileName: string) => messagesOf("file-name", fileName, "export {};");

Deno.test("snake_case names pass", () => {
  for (const name of ["mod.ts", "option_table.ts", "a1_b2_test.ts", "core.d.ts", "glue.mjs"]) {
    assert.deepEqual(say(`src/core/${name}`), [], name);
  }
});

Deno.test("other cases are reported", () => {
  for (
    const name of ["optionTable.ts", "OptionTable.ts", "option-table.ts", "_private.ts", "a__b.ts", "a.b.ts"]
  ) {
    assert.equal(say(`src/core/${name}`).length, 1, name);
  }
});

Deno.test("names that say no subject are reported, as files and as folders", () => {
  for (
    const path of ["src/core/utils.ts", "src/core/helper_test.ts", "src/common/a.ts", "plugins/x/types.d.ts"]
  ) {
    assert.equal(say(path).length, 1, path);
  }
  assert.deepEqual(say("src/core/types.ts"), [
    'Cannot name a module "src/core/types.ts": "types" names no subject',
  ]);
});

Deno.test("a plugin's folder keeps upstream's name", () => {
  assert.deepEqual(say("plugins/publisher-plugin/mod.ts"), []);
});
