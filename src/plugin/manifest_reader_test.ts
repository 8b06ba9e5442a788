import assert from "node:assert/strict";
import { Ajv2020 } from "../deps/testing/ajv.ts";
import { checkManifest, readManifest } from "./manifest_reader.ts";
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
  "a name that climbs": [{ ...GOOD, name: "../x" }, /"name" is "\.\.\/x", must be lower-case letters/],
  "a name in capitals": [{ ...GOOD, name: "Hash" }, /"name" is "Hash"/],
  "a version that is none": [{ ...GOOD, version: "1" }, /"version" is "1", must be a semantic version/],
  "a description of two lines": [{ ...GOOD, description: "a\nb" }, /must be one line of text/],
  "no role": [{ ...GOOD, roles: [] }, /"roles" is \[\], must be a list of worker, /],
  "a role that is none": [{ ...GOOD, roles: ["archiver"] }, /"roles" is \["archiver"\]/],
  "an option required for a role that is none": [
    option({ type: "list", doc: "Words", required_for: ["archiver"] }),
    /"options\.\w+\.required_for" is \["archiver"\], must be a list of worker, /,
  ],
  "api as text": [{ ...GOOD, api: "1" }, /"api" is "1", must be a positive integer/],
  "a field too many": [{ ...GOOD, require: [] }, /"require" is not a field, known are name, /],
  "requires as text": [{ ...GOOD, requires: "mimetype" }, /"requires" is "mimetype", must be a list of text/],
  "a word that is only believed as false": [
    { ...GOOD, interprets_payloads: true },
    /"interprets_payloads" is true, must be false or absent/,
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
  "a permission without a list": [{ ...GOOD, permissions: { net: true } }, /"permissions\.net" is true/],
  "permissions as list": [{ ...GOOD, permissions: [] }, /"permissions" is \[\], must be an object/],
  "options as list": [{ ...GOOD, options: [] }, /"options" is \[\], must be an object/],
  "an option in camelCase": [
    { ...GOOD, options: { myWord: { type: "string", doc: "x" } } },
    /not a name in snake_case/,
  ],
  "an option without doc": [option({ type: "string" }), /"options\.word\.doc" is missing/],
  "an option of no type": [
    option({ type: "text", doc: "x" }),
    /"options\.word\.type" is "text", must be one of string/,
  ],
  "a default of another type": [
    option({ type: "integer", default: "5", doc: "x" }),
    /default" is "5", must be an integer/,
  ],
  "a list with a number": [option({ type: "list", default: [1], doc: "x" }), /must be a list of text/],
  "findings as list": [{ ...GOOD, api: 2, findings: [] }, /"findings" is \[\], must be an object/],
  "a code in camelCase": [
    finding(DECLARED, "autoMacro"),
    /"findings\.autoMacro" is not a code in kebab-case/,
  ],
  "a finding without title": [
    finding({ ...DECLARED, title: undefined }),
    /"findings\.auto-macro\.title" is missing, must be one line of text/,
  ],
  "a title of two lines": [finding({ ...DECLARED, title: "a\nb" }), /title" is "a\\nb", must be one line/],
  "a finding without doc": [
    finding({ ...DECLARED, doc: " " }),
    /"findings\.auto-macro\.doc" is " ", must be/,
  ],
  "a severity that is none": [
    finding({ ...DECLARED, severity: "bad" }),
    /severity" is "bad", must be one of info, low, medium, high, critical/,
  ],
  "a technique that is none": [
    finding({ ...DECLARED, attack: ["T59"] }),
    /attack.*" is "T59", must be .*ATT&CK/,
  ],
  "a dynamic finding that is none": [finding({ ...DECLARED, dynamic: "no" }), /must be true or false/],
  "a need that is none": [{ ...GOOD, api: 2, needs: ["world"] }, /"needs.*world.*must be .*family, request/],
  "findings in a manifest of API 1": [
    { ...finding(DECLARED), api: 1 },
    /"findings" needs "api": 2, got 1/,
  ],
  "needs in a manifest of API 1": [{ ...GOOD, needs: [] }, /"needs" needs "api": 2/],
  "a bound as text": [option({ type: "integer", minimum: "1", doc: "x" }), /"options\.word\.minimum" is "1"/],
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
    const { problems } = checkManifest(manifest);
    assert.match(problems?.join("\n") ?? "accepted", words);
    assert.equal(validate(JSON.parse(JSON.stringify(manifest))), false);
  });
}

Deno.test("text that is no JSON is a problem, not an exception", () => {
  assert.match(readManifest("{").problems?.[0] ?? "", /^not JSON: /);
});

Deno.test("every problem of a manifest is told", () => {
  assert.equal(checkManifest({ name: 1, version: 2, description: 3, roles: 4, api: 0 }).problems?.length, 5);
});
