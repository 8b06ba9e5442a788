/**
 * Writes `testdata/golden/expected.json` from what `yara` (4.2) says of the rules and samples beside it:
 * `deno run -A plugins/yara/testing/record_golden.ts`
 *
 * @module
 */

import { GOLDEN_FOLDER, recordAll } from "./golden_cases.ts";

if (import.meta.main) {
  const recorded = await recordAll();
  if (!recorded) {
    throw new Error('Failed to record golden files: "yara" is not on PATH, should be version 4.2');
  }
  await Deno.writeTextFile(new URL("expected.json", GOLDEN_FOLDER), JSON.stringify(recorded, null, 2) + "\n");
}
