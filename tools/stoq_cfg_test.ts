import assert from "node:assert/strict";
import shippedCfg from "../stoq.cfg" with { type: "text" };
import { readOptionText } from "../src/plugin/option_value.ts";
import { readCfg } from "../src/config/cfg_reader.ts";
import { renderCfg } from "./stoq_cfg.ts";
import { snakeCase } from "../src/plugin/option_name.ts";
import { OPTION_ENTRIES, type OptionRecord } from "../src/config/option_table.ts";

const base = { resolvePath: (path: string) => path };

Deno.test("the shipped stoq.cfg is what the option table says", () => {
  assert.equal(shippedCfg, renderCfg());
  assert.deepEqual(readCfg(shippedCfg, "stoq.cfg").problems, []);
});

Deno.test("with its comments taken away, stoq.cfg holds every option with its default", () => {
  const uncommented = shippedCfg.replace(/^# ([a-z_]+ =)/gm, "$1");
  const { sections, problems } = readCfg(uncommented, "stoq.cfg");
  assert.deepEqual(problems, []);
  for (const [key, record] of OPTION_ENTRIES as [string, OptionRecord][]) {
    if (record.section === undefined) continue;
    const text = sections.get(record.section)?.get(snakeCase(key))?.value;
    assert.notEqual(text, undefined, `${key} is missing`);
    if (record.default !== undefined) {
      assert.deepEqual(readOptionText(record, text!, base), { value: record.default });
    }
  }
});
