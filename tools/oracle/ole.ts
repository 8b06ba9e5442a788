/**
 * Compares `src/formats/ole` with `olefile` of Python: `deno run -A tools/oracle/ole.ts [FOLDER]`.
 *
 * @module
 */

import { parseOle } from "../../src/formats/ole/mod.ts";
import { oleAnswers } from "../../src/formats/ole/testing/ole_answers.ts";
import { OLE_SAMPLES } from "../../src/formats/ole/testing/ole_samples.ts";
import { runOracle } from "./run_oracle.ts";

await runOracle({
  script: "olefile_answers.py",
  format: "ole",
  samples: OLE_SAMPLES,
  answer: async (content) => {
    const file = parseOle(content);
    return file && await oleAnswers(file);
  },
}, Deno.args);
