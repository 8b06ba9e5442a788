/**
 * Writes `testdata/golden/expected.json` from what `yara` (4.2) says of the rules and samples beside it:
 * `deno run -A plugins/yara/testing/record_golden.ts`
 *
 * @module
 */

import { GOLDEN_FOLDER, recordAll } from "./golden_cases.ts";
import { isYaraInstalled } from "./native_yara.ts";

if (import.meta.main) {
  if (!isYaraInstalled()) {
    throw new Error('Cannot record golden files: "yara" is not on PATH, version 4.2 must be');
  }
  const recorded = JSON.stringify(await recordAll(), null, 2);
  await Deno.writeTextFile(new URL("expected.json", GOLDEN_FOLDER), `${recorded}\n`);
}
