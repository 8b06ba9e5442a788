import assert from "node:assert/strict";
import { checkOptionValue, readOptionText } from "../plugin/option_value.ts";
import { OPTION_ENTRIES, type OptionRecord, OPTIONS } from "./option_table.ts";
import { defaultText } from "./option_text.ts";

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

Deno.test("a default in words is read as the default, and sizes have the unit that fits", () => {
  const base = { resolvePath: (path: string) => path };
  for (const [key, record] of OPTION_ENTRIES) {
    if (record.default === undefined) continue;
    assert.deepEqual(readOptionText(record, defaultText(record), base), { value: record.default }, key);
  }
  assert.deepEqual(
    [OPTIONS.runnerMemory, OPTIONS.memoryBudget, OPTIONS.payloadBytes, OPTIONS.logMaxbytes].map(defaultText),
    ["1 GiB", "2 GB", "100 MB", "1.5 MB"],
  );
});
