import assert from "node:assert/strict";
import shippedCfg from "../../stoq.cfg" with { type: "text" };
import { checkOptionValue, readOptionText } from "../plugin/option_value.ts";
import { readCfg } from "./cfg_reader.ts";
import { renderCfg } from "./cfg_writer.ts";
import { snakeCase } from "../plugin/option_name.ts";
import { OPTION_ENTRIES, type OptionRecord, OPTIONS } from "./option_table.ts";

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

Deno.test("every default is a value of its option's type", () => {
  for (const [key, record] of OPTION_ENTRIES as [string, OptionRecord][]) {
    if (record.default !== undefined) {
      assert.deepEqual(checkOptionValue(record, record.default), { value: record.default }, key);
    }
  }
});

Deno.test("no two options share a flag or a name", () => {
  const flags = Object.values(OPTIONS as Record<string, OptionRecord>).flatMap(({ flag }) =>
    flag ? [flag.long, flag.short ?? []].flat() : []
  );
  assert.equal(new Set(flags).size, flags.length);
});
