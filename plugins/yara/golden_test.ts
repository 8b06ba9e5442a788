import assert from "node:assert/strict";
import type { EngineName } from "./engine.ts";
import { EXTERNALS, GOLDEN_FOLDER, goldenCases, recordAll, type Recorded } from "./testing/golden_cases.ts";
import yara from "./mod.ts";
import { type GoldenMatch, isYaraInstalled } from "./testing/native_yara.ts";
import { contextOf, DEFAULTS, matchesOf, payloadOf, REQUEST } from "./testing/payload.ts";

const RECORDED: Recorded = JSON.parse(await Deno.readTextFile(new URL("expected.json", GOLDEN_FOLDER)));

/** What the plugin says, in the form of the golden file. */
async function scanAll(engine: EngineName): Promise<Recorded> {
  const found: Recorded = {};
  const extraData = { filename: EXTERNALS.filename, owner: EXTERNALS.owner };
  for (const { name, rules, sample } of await goldenCases()) {
    const plugin = await yara({ ...DEFAULTS, engine, workerRules: [rules] }, contextOf());
    const response = await plugin.scan!(payloadOf(sample, extraData), REQUEST);
    assert.deepEqual(response?.errors, [], name);
    found[name] = matchesOf(response?.results).map((match) => toGolden(match, sample));
  }
  return found;
}

// deno-lint-ignore no-explicit-any -- a record that the assertion compares in full
function toGolden(match: any, sample: Uint8Array): GoldenMatch {
  const { rule, tags, meta } = match;
  const strings = match.strings.map(([offset, identifier, bytes]: [number, string, Uint8Array]) => {
    assert.deepEqual(bytes, sample.slice(offset, offset + bytes.length));
    return [offset, identifier, bytes.length];
  });
  return { rule, tags, meta, strings };
}

Deno.test("our own core finds what YARA 4.2 was recorded to find", async () => {
  assert.deepEqual(await scanAll("auto"), RECORDED);
});

Deno.test("yara-x finds what YARA 4.2 was recorded to find", async () => {
  assert.deepEqual(await scanAll("yara-x"), RECORDED);
});

Deno.test("libyara finds what YARA 4.2 was recorded to find", async () => {
  assert.deepEqual(await scanAll("libyara"), RECORDED);
});

Deno.test("the recording is what the installed yara finds", { ignore: !isYaraInstalled() }, async () => {
  assert.deepEqual(await recordAll(), RECORDED);
});
