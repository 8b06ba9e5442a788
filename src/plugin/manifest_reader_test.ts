import assert from "node:assert/strict";
import { Ajv2020 } from "../deps/testing/ajv.ts";
import { readManifest } from "./manifest_reader.ts";
import schema from "./manifest.schema.json" with { type: "json" };

const GOOD = { name: "my-plugin", version: "1.0.0", description: "Does it", roles: ["worker"], api: 1 };
const DECLARED = { title: "A macro runs when the document is opened", severity: "high", doc: "Why" };
const finding = (declaration: unknown, code = "auto-macro") => ({
  ...GOOD,
  api: 2,
  findings: { [code]: declaration },
});
const option = (declaration: unknown) => ({ ...GOOD, options: { word: declaration } });

const GOOD_MANIFESTS: Record<string, unknown> = {
  "the least": GOOD,
  "everything": {
    ...GOOD,
    version: "1.0.0-rc.1+build",
    roles: ["worker", "dest-archiver"],
    options: {
      word: { type: "string", default: "x", doc: "A word", choices: ["x", "y"] },
      size: { type: "bytes", default: 10, doc: "A size", minimum: 1, maximum: 100 },
      words: { type: "list", default: [], doc: "Words", required_for: ["worker"] },
      ratio: { type: "number", default: 0.5, unit: "s", doc: "A number" },
      anything: { type: "json", default: { a: 1 }, doc: "Data" },
    },
    permissions: { read: ["${word}"], net: ["example.org:443"] },
    requires: ["mimetype"],
    interprets_payloads: false,
    outputs: { "dest-archiver": ["${word}"] },
    acknowledges: { word: ["x"] },
    prints: true,
    max_response_bytes: 16_000_000,
    media_types: ["text/plain"],
    references: ["https://example.org"],
    limitations: ["none"],
  },
  "what API 2 adds": {
    ...GOOD,
    api: 2,
    findings: {
      "auto-macro": { ...DECLARED, attack: ["T1059", "T1204.002"] },
      "yara-match": { ...DECLARED, severity: "info", dynamic: true },
    },
    summary: ["machine", "imphash"],
    needs: ["family", "request"],
  },
  "no limit as default": option({ type: "integer", default: "unlimited", doc: "A number" }),
};

/** What is wrong, and the words that must say it. */
const BAD_MANIFESTS: Record<string, [unknown, RegExp]> = {
  "no object": [[], /must be an object/],
  "no name": [{ ...GOOD, name: undefined }, /"name" is missing/],
  "a name that climbs": [{ ...GOOD, name: "../x" }, /"name" must be lower-case letters.*, got "\.\.\/x"/],
  "a name in capitals": [{ ...GOOD, name: "Hash" }, /"name" must be .*, got "Hash"/],
  "a version that is none": [
    { ...GOOD, version: "1" },
    /"version" must be a semantic version such as 1\.0\.0, got "1"/,
  ],
  "a description of two lines": [{ ...GOOD, description: "a\nb" }, /must be one line of text/],
  "no role": [{ ...GOOD, roles: [] }, /"roles" must be a list of worker, .*, got \[\]/],
  "a role that is none": [
    { ...GOOD, roles: ["archiver"] },
    /"roles\[0\]" must be one of worker, .*, got "archiver"/,
  ],
  "an option required for a role that is none": [
    option({ type: "list", doc: "Words", required_for: ["archiver"] }),
    /"options\.\w+\.required_for\[0\]" must be one of worker, .*, got "archiver"/,
  ],
  "an API to come": [{ ...GOOD, api: 3 }, /"api" must be 1 or 2, got 3/],
  "a field that is none": [{ ...GOOD, colour: "red" }, /"colour" is not a field, known are name, version, /],
  "an option constructor without type": [
    { ...GOOD, options: { constructor: { doc: "x" } } },
    /"options\.constructor\.type" is missing, must be one of string, /,
  ],
  "a field called __proto__": [JSON.parse('{"__proto__": {"x": 1}}'), /"__proto__" is not a field/],
  "api as text": [{ ...GOOD, api: "1" }, /"api" must be 1 or 2, got "1"/],
  "a field too many": [{ ...GOOD, require: [] }, /"require" is not a field, did you mean "requires"\?/],
  "requires as text": [
    { ...GOOD, requires: "mimetype" },
    /"requires" must be a list of text, got "mimetype"/,
  ],
  "a word that is only believed as false": [
    { ...GOOD, interprets_payloads: true },
    /"interprets_payloads" must be false or absent, got true/,
  ],
  "a document without room": [
    { ...GOOD, max_response_bytes: 9_999 },
    /"max_response_bytes" must be an integer of at least 10000, got 9999/,
  ],
  "a size as text": [{ ...GOOD, max_response_bytes: "16 MB" }, /"max_response_bytes" must be an integer/],
  "a permission that is none": [
    { ...GOOD, permissions: { all: ["x"] } },
    /"permissions\.all" is not a field/,
  ],
  "a permission without a list": [
    { ...GOOD, permissions: { net: true } },
    /"permissions\.net" must be a list of text, got true/,
  ],
  "permissions as list": [{ ...GOOD, permissions: [] }, /"permissions" must be an object, got \[\]/],
  "options as list": [{ ...GOOD, options: [] }, /"options" must be an object, got \[\]/],
  "an option in camelCase": [
    { ...GOOD, options: { myWord: { type: "string", doc: "x" } } },
    /"options\.myWord" must be a name in snake_case, got "myWord"/,
  ],
  "an option without doc": [option({ type: "string" }), /"options\.word\.doc" is missing/],
  "an option of no type": [
    option({ type: "text", doc: "x" }),
    /"options\.word\.type" must be one of string, .*, got "text"/,
  ],
  "a default of another type": [
    option({ type: "integer", default: "5", doc: "x" }),
    /default" must be an integer, got "5"/,
  ],
  "a list with a number": [option({ type: "list", default: [1], doc: "x" }), /must be a list of text/],
  "findings as list": [{ ...GOOD, api: 2, findings: [] }, /"findings" must be an object, got \[\]/],
  "a code in camelCase": [
    finding(DECLARED, "autoMacro"),
    /"findings\.autoMacro" must be a code in kebab-case, got "autoMacro"/,
  ],
  "a finding without title": [
    finding({ ...DECLARED, title: undefined }),
    /"findings\.auto-macro\.title" is missing, must be one line of text/,
  ],
  "a title of two lines": [
    finding({ ...DECLARED, title: "a\nb" }),
    /title" must be one line of text, got "a\\nb"/,
  ],
  "a finding without doc": [
    finding({ ...DECLARED, doc: " " }),
    /"findings\.auto-macro\.doc" must be text that is not blank, got " "/,
  ],
  "a severity that is none": [
    finding({ ...DECLARED, severity: "bad" }),
    /severity" must be one of info, low, medium, high, critical, got "bad"/,
  ],
  "a technique that is none": [
    finding({ ...DECLARED, attack: ["T59"] }),
    /attack\[0\]" must be an ATT&CK technique id such as T1059\.005, got "T59"/,
  ],
  "a dynamic finding that is none": [finding({ ...DECLARED, dynamic: "no" }), /must be true or false/],
  "a need that is none": [
    { ...GOOD, api: 2, needs: ["world"] },
    /"needs\[0\]" must be one of family, request, got "world"/,
  ],
  "findings in a manifest of API 1": [
    { ...finding(DECLARED), api: 1 },
    /"findings" needs "api": 2, got 1/,
  ],
  "needs in a manifest of API 1": [{ ...GOOD, needs: [] }, /"needs" needs "api": 2/],
  "a bound as text": [
    option({ type: "integer", minimum: "1", doc: "x" }),
    /"options\.word\.minimum" must be a number, got "1"/,
  ],
};

const validate = new Ajv2020({ allErrors: true }).compile(schema);

for (const [what, manifest] of Object.entries(GOOD_MANIFESTS)) {
  Deno.test(`a manifest is accepted with ${what}, by reader and schema`, () => {
    assert.deepEqual(readManifest(JSON.stringify(manifest)).problems, undefined);
    assert.ok(validate(JSON.parse(JSON.stringify(manifest))), JSON.stringify(validate.errors));
  });
}

for (const [what, [manifest, words]] of Object.entries(BAD_MANIFESTS)) {
  Deno.test(`a manifest is refused with ${what}, by reader and schema`, () => {
    const { problems } = readManifest(JSON.stringify(manifest));
    assert.match(problems?.join("\n") ?? "accepted", words);
    assert.equal(validate(JSON.parse(JSON.stringify(manifest))), false);
  });
}

Deno.test("text that is no JSON is a problem, not an exception", () => {
  assert.match(readManifest("{").problems?.[0] ?? "", /^not JSON: /);
});

Deno.test("a manifest as deep as the text allows is refused like any other", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const bad = JSON.stringify(option({ type: "integer", default: "deep", doc: "x", unit: "deep" }));
  assert.match(readManifest(bad.replaceAll('"deep"', deep)).problems![0]!, /unit" must be text, got a list/);
  const options = bad.replace('"deep"', deep);
  assert.match(readManifest(options).problems![0]!, /default" must be an integer, got a list/);
});

Deno.test("every problem of a manifest is reported", () => {
  assert.equal(
    readManifest(JSON.stringify({ name: 1, version: 2, description: 3, roles: 4, api: 0 })).problems?.length,
    5,
  );
});
