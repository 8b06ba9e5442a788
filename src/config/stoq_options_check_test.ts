import assert from "node:assert/strict";
import type { OptionKey, OPTIONS, OptionValues } from "./option_table.ts";
import type { StoqOptions } from "./stoq_options.ts";
import { checkStoqOptions } from "./stoq_options_check.ts";

type Configured = {
  [K in OptionKey]: (typeof OPTIONS)[K] extends { section: string } ? K : never;
}[OptionKey];

Deno.test("the library has the options of the table, with their types", () => {
  // A key too few or of another type fails to compile.
  const toTable = (options: Required<StoqOptions>): Pick<Required<OptionValues>, Configured> => options;
  const options = { maxRecursion: 3 } as Required<StoqOptions>;
  assert.equal(toTable(options), options);
});

Deno.test("options of the right type are accepted, absent ones too", () => {
  checkStoqOptions({
    alwaysDispatch: [],
    maxRecursion: 1,
    payloads: Infinity,
    explain: false,
    pluginOpts: {},
  });
  checkStoqOptions({ alwaysDispatch: undefined, pluginOpts: undefined });
});

Deno.test("a removed option is accepted with any value", () => {
  checkStoqOptions({ lookAheadAfter: 0.05 });
  checkStoqOptions({ lookAheadAfter: "never" } as unknown as StoqOptions);
});

Deno.test("everything wrong in the options of a caller is one TypeError", () => {
  const options = { alwaysDispach: ["hash"], maxRecursion: 0, dispatchers: "yara", payloadBytes: NaN };
  assert.throws(() => checkStoqOptions(options as unknown as StoqOptions), (error: TypeError) => {
    assert.equal(error.name, "TypeError");
    assert.deepEqual(error.message.split("\n"), [
      '"alwaysDispach" is not an option of Stoq, did you mean "alwaysDispatch"?',
      "maxRecursion must be at least 1, got 0",
      'dispatchers must be a list of text, got "yara"',
      "payloadBytes must be an integer, got NaN",
    ]);
    return true;
  });
});

Deno.test("options of plugins that are no object of objects are mistakes at once", () => {
  const wrong: [unknown, RegExp][] = [
    [null, /^pluginOpts must be an object of plugins, got null$/],
    [5, /^pluginOpts must be an object of plugins, got 5$/],
    [{ hash: "md5", yara: {} }, /^pluginOpts\.hash must be an object of options, got "md5"$/],
    [{ hash: null }, /^pluginOpts\.hash must be an object of options, got null$/],
  ];
  for (const [pluginOpts, message] of wrong) {
    assert.throws(() => checkStoqOptions({ pluginOpts } as StoqOptions), { name: "TypeError", message });
  }
});
