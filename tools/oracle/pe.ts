/**
 * Compares `src/formats/pe` with `pefile` of Python: `deno run -A tools/oracle/pe.ts [FOLDER]`. The two differ on purpose
 * about files that are made to confuse; YARA-X, which `src/formats/pe` follows there, is compared in
 * `src/yara/condition/pe_differential_test.ts`.
 *
 * @module
 */

import { peAnswer } from "../../src/formats/pe/testing/pe_answer.ts";
import { buildPe } from "../../src/formats/pe/testing/pe_builder.ts";
import { PLANS } from "../../src/formats/pe/testing/pe_mutants.ts";
import { runOracle } from "./run_oracle.ts";

const samples = Object.fromEntries(PLANS.map((plan, i) => [`plan_${i}.exe`, buildPe(plan)]));
await runOracle({ script: "pefile_answers.py", format: "pe", samples, answer: peAnswer }, Deno.args);
