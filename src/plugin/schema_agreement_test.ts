import assert from "node:assert/strict";
import { isRecord } from "../core/contract/plain.ts";
import { Ajv2020 } from "../deps/testing/ajv.ts";
import { fc } from "../deps/testing/fast_check.ts";
import { checkCases } from "./case_reader.ts";
import caseSchema from "./case.schema.json" with { type: "json" };
import { readManifest } from "./manifest_reader.ts";
import manifestSchema from "./manifest.schema.json" with { type: "json" };

const MANIFEST = {
  name: "x",
  version: "1.0.0",
  description: "x",
  roles: ["worker"],
  api: 2,
  options: { word: { type: "json", doc: "x", choices: ["a"], minimum: 1, required_for: ["worker"] } },
  permissions: { net: ["example.org"] },
  interprets_payloads: false,
  outputs: { connector: ["x"] },
  acknowledges: { word: ["a"] },
  max_response_bytes: 10_000,
  findings: { "a-b": { title: "x", severity: "low", attack: ["T1059"], doc: "x", dynamic: true } },
  summary: ["a"],
  needs: ["family"],
};
const CASES = {
  cases: [
    {
      name: "one",
      role: "worker",
      input: { text: "x" },
      payload_meta: { should_scan: true, extra_data: { a: 1 }, dispatch_to: ["a"] },
      request_meta: { source: null },
      files: { "a/b": { base64: "aGk=" } },
      expect: { results: [{ $contains: ["a"] }, { $includes: [{ $absent: true }] }, { a: null }] },
    },
    { name: "two", role: "provider", take: 3, expect: { deliveries: [] } },
  ],
};

const VALUES = [
  "",
  "x",
  "two\nlines",
  "worker",
  "../x",
  "a b",
  "T1",
  0,
  1,
  2,
  1.5,
  -1,
  true,
  false,
  null,
  [],
  {},
  ["x"],
  [1],
  { a: 1 },
  { $absent: true },
];
const KEYS = ["x", "text", "task", "take", "constructor", "__proto__", "$like", "errors", "api", "prints"];

/** Replaces, removes or adds a value somewhere in a document; the numbers choose where. */
function mutate(document: unknown, steps: readonly number[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof document !== "object" || document === null) return value;
  const entries = Object.entries(document);
  if (step % 7 === 0 && isRecord(document)) {
    return { ...document, ...Object.fromEntries([[KEYS[step % KEYS.length]!, value]]) };
  }
  if (entries.length === 0) return value;
  const at = step % entries.length;
  if (step % 11 === 0) entries.splice(at, 1);
  else entries[at] = [entries[at]![0], mutate(entries[at]![1], rest, value)];
  return Array.isArray(document) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

const READERS = [
  ["manifests", MANIFEST, manifestSchema, (value: unknown) => readManifest(JSON.stringify(value)).problems],
  ["cases", CASES, caseSchema, (value: unknown) => checkCases(value).problems],
] as const;

for (const [what, document, schema, problemsOf] of READERS) {
  Deno.test(`property: reader and schema agree on mutated ${what}`, () => {
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const steps = fc.array(fc.nat(100), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(steps, fc.constantFrom(...VALUES), (steps, value) => {
        const mutant = JSON.parse(JSON.stringify(mutate(document, steps, value)));
        const problems = problemsOf(mutant);
        assert.equal(validate(mutant), problems === undefined, `${JSON.stringify(mutant)}: ${problems}`);
      }),
      { numRuns: 3000 },
    );
  });
}
