/**
 * Compares the module `pe` with YARA-X: every known value must be the engine's. The files are the same each time;
 * `STOQ_PE_MUTANTS=5000` and `STOQ_PE_SEED=7` select others.
 *
 * @module
 */

import assert from "node:assert/strict";
import { digest } from "../../../wasm/digest/mod.ts";
import { loadYaraX } from "../../../wasm/yara_x/mod.ts";
import type { DigestFunction } from "./mod.ts";
import { buildPe } from "../../formats/pe/testing/pe_builder.ts";
import { Dice, mutant, PLANS } from "../../formats/pe/testing/pe_mutants.ts";
import { OwnAnswers, PeOracle } from "./testing/pe_oracle.ts";
import { allQuestions } from "./testing/pe_questions.ts";

const MUTANTS = Number(Deno.env.get("STOQ_PE_MUTANTS") ?? 150);
const SEED = Number(Deno.env.get("STOQ_PE_SEED") ?? 1);
const digestOf: DigestFunction = (algorithm, bytes) => digest(bytes, [algorithm])[algorithm];
const QUESTIONS = allQuestions();

/** Compares the answers for a file; returns the share of the questions that was answered. */
async function compare(oracle: PeOracle, own: OwnAnswers, content: Uint8Array<ArrayBuffer>, about: string) {
  const expected = await oracle.scan(content);
  const answers = own.scan(content);
  let known = 0;
  for (const [i, { text }] of QUESTIONS.entries()) {
    if (answers[i] === undefined) continue;
    known++;
    assert.equal(answers[i], expected[i], `${text} of ${about}`);
  }
  return known / QUESTIONS.length;
}

Deno.test("known values of whole and of damaged PE files are those of YARA-X", async () => {
  using oracle = await PeOracle.open(await loadYaraX(), QUESTIONS);
  const own = new OwnAnswers(QUESTIONS, digestOf);
  for (const [i, plan] of PLANS.entries()) {
    const share = await compare(oracle, own, buildPe(plan), `plan ${i}`);
    assert.ok(share > 0.8, `only ${share} of the questions about plan ${i} was answered`);
  }
  let sum = 0;
  for (let i = 0; i < MUTANTS; i++) {
    sum += await compare(oracle, own, mutant(new Dice(SEED * 1_000_003 + i)), `mutant ${i} of seed ${SEED}`);
  }
  assert.ok(sum / MUTANTS > 0.7, `only ${sum / MUTANTS} of the questions about mutants was answered`);
});
