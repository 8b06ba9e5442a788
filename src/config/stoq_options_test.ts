import assert from "node:assert/strict";
import type { OptionKey, OPTIONS, OptionValues, REMOVED_OPTIONS } from "./option_table.ts";
import { checkStoqOptions, type StoqOptions } from "./stoq_options.ts";

type Configured = {
  [K in OptionKey]: (typeof OPTIONS)[K] extends { section: string } ? K : never;
}[OptionKey];
type OfTable = Partial<Pick<OptionValues, Configured>>;
type OfLibrary = Omit<
  StoqOptions,
  "stoqHome" | "configFile" | "pluginOpts" | "sandbox" | "explain" | keyof typeof REMOVED_OPTIONS
>;
/** Every key must be there, though it may be undefined. */
type Whole<T> = { [K in keyof Required<T>]: T[K] | undefined };

Deno.test("the library has exactly the options of the table, with their types", () => {
  // The interface is written out for those who read it: a key too many, too few or of another type fails to compile.
  const toTable = (options: Whole<OfLibrary>): Whole<OfTable> => options;
  const toLibrary = (options: Whole<OfTable>): Whole<OfLibrary> => options;
  const options = { maxRecursion: 3 } as Whole<OfTable>;
  assert.equal(toTable(toLibrary(options)), options);
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
      "maxRecursion is 0, must be at least 1",
      'dispatchers is "yara", must be a list of text',
      "payloadBytes is NaN, must be an integer",
    ]);
    return true;
  });
});

Deno.test("options of plugins that are no object of objects are mistakes at once", () => {
  const wrong: [unknown, RegExp][] = [
    [null, /^pluginOpts is null, must be an object of plugins$/],
    [5, /^pluginOpts is 5, must be an object of plugins$/],
    [{ hash: "md5", yara: {} }, /^pluginOpts\.hash is "md5", must be an object of options$/],
    [{ hash: null }, /^pluginOpts\.hash is null, must be an object of options$/],
  ];
  for (const [pluginOpts, message] of wrong) {
    assert.throws(() => checkStoqOptions({ pluginOpts } as StoqOptions), { name: "TypeError", message });
  }
});
