import assert from "node:assert/strict";
import { Ajv2020 } from "../deps/testing/ajv.ts";
import schema from "./case.schema.json" with { type: "json" };
import { checkCases, readCases } from "./case_reader.ts";
import { MAX_CASES } from "./case_schema.ts";

const WORKER = { name: "one", role: "worker", input: { text: "x" }, expect: { results: { size: 1 } } };
const one = (fields: Record<string, unknown>) => ({ cases: [{ ...WORKER, ...fields }] });
const bare = (fields: Record<string, unknown>) => ({ cases: [{ name: "one", ...fields }] });

const GOOD: Record<string, unknown> = {
  "no case": { cases: [] },
  "the least": { $schema: "../../src/plugin/case.schema.json", cases: [WORKER] },
  "no expectation yet": one({ expect: undefined }),
  "everything of a worker": one({
    input: { base64_file: "deep/sample.zip.b64" },
    payload_meta: {
      should_archive: true,
      should_scan: true,
      extra_data: { filename: "x" },
      dispatch_to: ["a"],
    },
    results: { mimetype: { mimetype: "text/plain" } },
    dispatch_meta: { yara: { rule: "r" } },
    request_meta: { archive_payloads: false, source: null, extra_data: {} },
    options: { level: 3 },
    files: { "a/b.txt": { base64: "aGk=" } },
    expect: {
      results: { text: { $contains: ["a", "b"] }, list: { $includes: [{ a: 1 }] }, gone: { $absent: true } },
      extracted: [],
      dispatch: ["a"],
      payload_meta: { should_archive: false },
      errors: ["some-code"],
    },
  }),
  "a provider": bare({ role: "provider", take: 1, expect: { deliveries: [], files: [] } }),
  "a source archiver": bare({ role: "source-archiver", task: { path: "${tmp}/x" }, expect: { payload: {} } }),
  "a decorator without input": bare({ role: "decorator", expect: { results: "x" } }),
};

/** What is wrong, and the words that must say it. */
const BAD: Record<string, [unknown, RegExp]> = {
  "a list": [[], /^must be an object, got \[\]/],
  "no cases": [{}, /"cases" is missing, must be a list/],
  "another field": [{ cases: [], case: 1 }, /"case" is not a field/],
  "a case that is text": [{ cases: ["x"] }, /"cases\[0\]" must be an object, got "x"/],
  "no name": [one({ name: undefined }), /"cases\[0\]\.name" is missing/],
  "a name of two lines": [one({ name: "a\nb" }), /must be one line/],
  "a role that is none": [
    one({ role: "archiver" }),
    /"cases\[0\]\.role" must be one of worker, .*, got "archiver"/,
  ],
  "an unknown field": [
    one({ expected: {} }),
    /"cases\[0\]\.expected" is not a field, did you mean "expect"\?/,
  ],
  "no input": [one({ input: undefined }), /"cases\[0\]\.input" is missing, the case of a worker needs it/],
  "two inputs": [
    one({ input: { text: "", base64: "" } }),
    /must have one of text, base64, file, base64_file/,
  ],
  "an input that is a number": [one({ input: { text: 1 } }), /\.input\.text" must be text, got 1/],
  "base64 that is none": [one({ input: { base64: "a" } }), /\.input\.base64" must be base64, got "a"/],
  "a climbing file": [
    one({ input: { file: "../secret" } }),
    /must be a path below its folder.*, got "\.\.\/secret"/,
  ],
  "a file that climbs in the middle": [
    one({ input: { file: "a/../../b" } }),
    /must be a path below its folder/,
  ],
  "an absolute file": [one({ input: { file: "/etc/passwd" } }), /must be a path below its folder/],
  "a file of another drive": [one({ input: { base64_file: "C:x" } }), /must be a path below its folder/],
  "a file behind backslashes": [one({ input: { file: "..\\x" } }), /must be a path below its folder/],
  "no file name": [one({ input: { file: "" } }), /must be a path below its folder/],
  "a folder as file": [one({ input: { file: "a/" } }), /must be a path below its folder/],
  "a file to write that climbs": [
    one({ files: { "../x": { text: "" } } }),
    /must be a path below its folder/,
  ],
  "options as list": [one({ options: [] }), /"cases\[0\]\.options" must be an object, got \[\]/],
  "metadata of the wrong type": [one({ payload_meta: { should_archive: 1 } }), /must be true or false/],
  "a source that is a number": [one({ request_meta: { source: 1 } }), /must be text/],
  "names as text": [one({ payload_meta: { dispatch_to: "a" } }), /must be a list of text/],
  "a task for a worker": [one({ task: {} }), /"cases\[0\]\.task" means nothing to a worker/],
  "no task": [bare({ role: "source-archiver" }), /"cases\[0\]\.task" is missing/],
  "input for a provider": [bare({ role: "provider", input: { text: "" } }), /means nothing to a provider/],
  "no delivery": [bare({ role: "provider", take: 0 }), /must be an integer of at least 1 and at most 1000/],
  "half a delivery": [bare({ role: "provider", take: 1.5 }), /must be an integer/],
  "nothing expected": [one({ expect: {} }), /expect" must have one or more of results, extracted/],
  "what no worker does": [
    one({ expect: { deliveries: [] } }),
    /"cases\[0\]\.expect\.deliveries" is not a field/,
  ],
  "what no dispatcher does": [
    one({ role: "dispatcher", expect: { results: 1 } }),
    /is not a field, known are dispatch/,
  ],
  "an unknown comparison": [
    one({ expect: { results: { $like: "x" } } }),
    /results" must be a comparison by \$contains, \$includes, \$absent/,
  ],
  "a comparison with company": [
    one({ expect: { results: { $contains: "x", a: 1 } } }),
    /results\.a" is not a field, known are \$contains/,
  ],
  "a comparison with nothing": [
    one({ expect: { results: { $contains: [] } } }),
    /\$contains" must be text, or a list of text, got \[\]/,
  ],
  "presence as a comparison": [
    one({ expect: { results: [{ $absent: false }] } }),
    /\$absent" must be true, got false/,
  ],
};

const matchesSchema = new Ajv2020({ strict: false }).compile(schema);

for (const [name, value] of Object.entries(GOOD)) {
  Deno.test(`cases are read: ${name}`, () => {
    const plain = JSON.parse(JSON.stringify(value));
    assert.deepEqual(checkCases(plain).problems, undefined);
    assert.ok(matchesSchema(plain), JSON.stringify(matchesSchema.errors));
  });
}

for (const [name, [value, words]] of Object.entries(BAD)) {
  Deno.test(`cases are refused: ${name}`, () => {
    const plain = JSON.parse(JSON.stringify(value));
    assert.match(checkCases(plain).problems?.join("\n") ?? "", words);
    assert.ok(!matchesSchema(plain), "the schema accepts it");
  });
}

Deno.test("two cases of one name, too many cases and too deep ones are refused", () => {
  assert.match(
    checkCases({ cases: [WORKER, WORKER] }).problems![0]!,
    /"cases\[1\]\.name" must be unique, got "one" again/,
  );
  const many = Array.from({ length: MAX_CASES + 1 }, (_, index) => ({ ...WORKER, name: `${index}` }));
  assert.match(checkCases({ cases: many }).problems![0]!, /"cases" must have at most 1000 items, got 1001/);
  const deep = `{"cases":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  assert.deepEqual(readCases(deep).problems, ["nested too deeply"]);
});

Deno.test("text that is not JSON is a problem with its reason", () => {
  assert.match(readCases('{"cases": [}').problems![0]!, /^not JSON: Unexpected token '}'/);
});

Deno.test("names are translated, what is absent is empty", () => {
  const { value: cases } = checkCases(
    one({ payload_meta: { should_archive: false, extra_data: { filename: "a" } } }),
  );
  const [read] = cases!;
  assert.equal(read!.payloadMeta.shouldArchive, false);
  assert.deepEqual(read!.payloadMeta.extraData, { filename: "a" });
  assert.deepEqual([read!.options, read!.files, read!.take], [{}, {}, undefined]);
});
