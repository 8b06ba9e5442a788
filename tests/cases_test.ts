/**
 * Golden cases: each folder of `cases/` holds an input, its options in `case.json` and what comes out in `expected.json`.
 *
 * `deno task test:update` writes what comes out now; look at the difference before it is committed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { serializeResponse, Stoq, type StoqOptions } from "../mod.ts";
import schema from "../src/core/contract/response.schema.json" with { type: "json" };
import { Ajv2020 } from "../src/deps/testing/ajv.ts";

/** What `case.json` says. */
interface Case {
  /** One line: what this shows. */
  readonly shows: string;
  readonly options: StoqOptions;
  readonly requestExtra?: Readonly<Record<string, unknown>>;
  /** Whether the input is stored as base64, because it would look malicious. */
  readonly isEncoded?: boolean;
}

const CASES = new URL("cases/", import.meta.url);
const isUpdate = Deno.args.includes("--update");
const isResponse = new Ajv2020({ strict: false }).compile(schema);

for (const { name, isDirectory } of [...Deno.readDirSync(CASES)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  if (!isDirectory) continue;
  const folder = new URL(`${name}/`, CASES);
  const described: Case = JSON.parse(Deno.readTextFileSync(new URL("case.json", folder)));
  Deno.test(`case ${name}: ${described.shows}`, async () => {
    const record = await scanCase(folder, described);
    assert.ok(isResponse(record), JSON.stringify(isResponse.errors));
    const actual = `${JSON.stringify(comparable(record), null, 2)}\n`;
    const expected = new URL("expected.json", folder);
    if (isUpdate) Deno.writeTextFileSync(expected, actual);
    assert.equal(actual, Deno.readTextFileSync(expected));
  });
}

async function scanCase(folder: URL, { options, requestExtra, isEncoded }: Case): Promise<Response> {
  const input = [...Deno.readDirSync(folder)].map(({ name }) => name).find((name) =>
    name.startsWith("input.")
  )!;
  const stored = Deno.readFileSync(new URL(input, folder));
  const content = isEncoded ? Uint8Array.fromBase64(new TextDecoder().decode(stored)) : stored;
  await using stoq = new Stoq({ stoqHome: "/proc/nonexistent/stoq-home", ...options });
  const response = await stoq.scan(content, {
    payloadMeta: { extraData: { filename: input.replace(/\.base64$/, "") } },
    requestMeta: { extraData: requestExtra as Record<string, string> | undefined },
  });
  return JSON.parse(serializeResponse(response));
}

interface Response {
  results: { payload_id: string; timings: Record<string, number> }[];
  errors: { duration_ms: number | null }[];
  [key: string]: unknown;
}

/** Without what differs from run to run: ids become places, times zero. */
function comparable(response: Response): unknown {
  const still = {
    ...response,
    results: response.results.map((results) => ({
      ...results,
      timings: Object.fromEntries(Object.keys(results.timings).map((plugin) => [plugin, 0])),
    })),
    errors: response.errors.map((error) => ({
      ...error,
      duration_ms: error.duration_ms === null ? null : 0,
    })),
    time: "",
    scan_id: "",
    stoq_version: "",
  };
  let text = JSON.stringify(still);
  for (const [index, { payload_id }] of response.results.entries()) {
    text = text.replaceAll(payload_id, `payload ${index}`);
  }
  return JSON.parse(text);
}
