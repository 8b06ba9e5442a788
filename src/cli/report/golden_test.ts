/**
 * Compares reports with the files in `testdata/`; `deno test -A src/cli/report/golden_test.ts -- --update` rewrites them.
 */

import { equal } from "node:assert/strict";
import { renderReport } from "./mod.ts";
import { sampleCases } from "./testing/sample_cases.ts";
import { sampleSummaryKeys } from "./testing/sample_response.ts";

const TESTDATA = new URL("testdata/", import.meta.url);

for (const { name, response, columns, isColor = false } of sampleCases()) {
  Deno.test(`the report ${name} is as it was`, async () => {
    // A file with escape sequences in it can't be read as a diff.
    const report = renderReport(response, { isColor, columns, summaryKeys: sampleSummaryKeys }).replaceAll(
      "\x1b",
      "␛",
    );
    const file = new URL(`${name}.txt`, TESTDATA);
    if (Deno.args.includes("--update")) await Deno.writeTextFile(file, report);
    equal(report, await Deno.readTextFile(file));
  });
}
