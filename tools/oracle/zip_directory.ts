/**
 * Compares `src/formats/zip_directory` with `zipfile` of Python: `deno run -A tools/oracle/zip_directory.ts [FOLDER]`.
 *
 * @module
 */

import { zipAnswer } from "../../src/formats/zip_directory/testing/zip_answer.ts";
import { runOracle } from "./run_oracle.ts";

const TESTDATA = new URL("../../src/formats/zip_directory/testdata/", import.meta.url);

const samples = Object.fromEntries(
  [...Deno.readDirSync(TESTDATA)].filter(({ name }) => name.endsWith(".zip"))
    .map(({ name }) => [name, Deno.readFileSync(new URL(name, TESTDATA))]),
);
await runOracle(
  { script: "zipfile_answers.py", format: "zip_directory", samples, answer: zipAnswer },
  Deno.args,
);
