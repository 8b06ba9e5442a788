import assert from "node:assert/strict";
import { dispatch } from "./dispatch.ts";
import type { RuleMatch } from "./engine.ts";
import { MatchWriter } from "./match_record.ts";

function answer(metas: readonly RuleMatch["meta"][]) {
  const matches = metas.map((meta, i) => ({
    rule: `r${i}`,
    namespace: "default",
    tags: [],
    meta,
    strings: [],
  }));
  const writer = new MatchWriter(new Uint8Array(), {
    stringsLimit: 9,
    matchedBytesLimit: 9,
    contextBytes: 0,
  });
  return dispatch(matches, writer, { xorFirstMatch: true, keysLimit: 9 });
}

/** Plugin → the rule that it is shown. */
function shown({ meta }: ReturnType<typeof answer>) {
  return Object.entries(meta).map(([name, match]) => [name, (match as { rule: string }).rule]);
}

Deno.test("names are separated by commas, trimmed, in lower case, empty ones dropped", () => {
  const response = answer([[["plugin", " Ole, ,MRAPTOR,ole,"]]]);
  assert.deepEqual(response.pluginNames, ["ole", "mraptor"]);
  assert.deepEqual(shown(response), [["ole", "r0"], ["mraptor", "r0"]]);
});

Deno.test("of several rules that name a plugin the last is shown, the order is that of the first", () => {
  const response = answer([[["plugin", "b,a"]], [["plugin", "c"]], [["plugin", "a"]]]);
  assert.deepEqual(response.pluginNames, ["b", "a", "c"]);
  assert.deepEqual(shown(response), [["b", "r0"], ["a", "r2"], ["c", "r1"]]);
});

Deno.test("a rule without plugin dispatches nothing and may keep archivers away", () => {
  const response = answer([[["save", " FALSE "]]]);
  assert.deepEqual([response.pluginNames, response.meta], [[], {}]);
  assert.deepEqual(response.payloadMeta, { shouldArchive: false });
});

Deno.test("save keeps archivers away when it is false, as text or as a boolean, and never the other way", () => {
  const meta = (save: string | boolean) => answer([[["save", save]]]).payloadMeta;
  assert.deepEqual(meta(false), { shouldArchive: false });
  assert.deepEqual([meta("true"), meta(true), meta("no")], [undefined, undefined, undefined]);
  assert.deepEqual(answer([[["save", "false"]], [["save", "true"]]]).payloadMeta, { shouldArchive: false });
});

Deno.test("metadata of the wrong type is an error that names the rule, the other rules count", () => {
  const response = answer([[["plugin", 5]], [["plugin", true], ["save", 0]], [["plugin", "a"]]]);
  assert.deepEqual(response.pluginNames, ["a"]);
  assert.deepEqual(response.errors.map((error) => (error as { message: string }).message), [
    'Failed to follow YARA rule "r0": its metadata "plugin" is 5, should be a string of names separated by commas',
    'Failed to follow YARA rule "r1": its metadata "save" is 0, should be "true" or "false"',
    'Failed to follow YARA rule "r1": its metadata "plugin" is true, should be a string of names separated by commas',
  ]);
  assert.deepEqual(
    new Set(response.errors.map((error) => (error as { code: string }).code)),
    new Set(["yara-bad-meta"]),
  );
});

Deno.test("no name is special", () => {
  assert.deepEqual(shown(answer([[["plugin", "__proto__,constructor"]]])), [
    ["__proto__", "r0"],
    ["constructor", "r0"],
  ]);
});
