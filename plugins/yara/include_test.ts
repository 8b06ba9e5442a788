import assert from "node:assert/strict";
import type { PlainRecord } from "../../src/plugin/define.ts";
import yara from "./mod.ts";
import { contextOf, DEFAULTS, matchesOf, payloadOf, REQUEST } from "./testing/payload.ts";

/** What a folder of rules gives. */
interface Outcome {
  readonly rules: readonly string[];
  /** Counts of what is left out. */
  readonly leftOut?: PlainRecord;
}

interface Case {
  readonly name: string;
  /** The file `index.yar`, which includes `inc/b.txt` with the rule `included`. */
  readonly text: string;
  readonly outcome: Outcome;
  /** Classic YARA leaves out a file as a whole where something in it is wrong; absent: the same. */
  readonly libyara?: Outcome;
}

const LAST = "rule last { condition: true }";
const INCLUDED_ALONE = { rules: ["included"], leftOut: { rule_files_left_out: 1 } };
const BROKEN = { rules: ["included", "last"], leftOut: { rules_left_out: 1 } };

const CASES: readonly Case[] = [
  {
    name: "an include behind a text of several lines",
    text:
      `rule first { meta: note = """line one\nline two""" condition: true }\ninclude "inc/b.txt"\n${LAST}`,
    outcome: { rules: ["first", "included", "last"] },
    // Classic YARA does not know such texts.
    libyara: INCLUDED_ALONE,
  },
  {
    name: "an include behind a rule with a string without an end",
    text: `rule bad { strings: $a = "no end\n condition: $a }\ninclude "inc/b.txt"\n${LAST}`,
    outcome: BROKEN,
    libyara: INCLUDED_ALONE,
  },
  {
    name: "an include behind a rule with a broken condition",
    text: `rule bad { condition: ) }\ninclude "inc/b.txt"\n${LAST}`,
    outcome: BROKEN,
    libyara: INCLUDED_ALONE,
  },
  {
    name: "an include in a condition",
    text: `rule bad { condition: include "inc/b.txt" }\n${LAST}`,
    outcome: BROKEN,
    libyara: INCLUDED_ALONE,
  },
  {
    name: "an include in comments",
    text: `// include "inc/b.txt"\n/* include "inc/b.txt" */ ${LAST}`,
    outcome: { rules: ["last"] },
  },
  {
    name: "an include in a text and in a regular expression",
    text: `rule last { meta: a = "include \\"inc/b.txt\\"" strings: $a = /include "x"/ condition: not $a }`,
    outcome: { rules: ["last"] },
  },
  {
    name: "an include behind a comment in the middle of a directive",
    text: `include /* include "inc/none.txt" */\n "inc/b.txt" ${LAST}`,
    outcome: { rules: ["included", "last"] },
  },
];

for (const engine of ["auto", "yara-x", "libyara"] as const) {
  for (const { name, text, outcome, libyara = outcome } of CASES) {
    Deno.test(`${engine}: ${name}`, async () => {
      const folder = await Deno.makeTempDir();
      try {
        await Deno.mkdir(`${folder}/inc`);
        await Deno.writeTextFile(`${folder}/index.yar`, text);
        await Deno.writeTextFile(`${folder}/inc/b.txt`, "rule included { condition: true }");
        const plugin = await yara({ ...DEFAULTS, engine, workerRules: [folder] }, contextOf());
        const { results } = (await plugin.scan!(payloadOf("x"), REQUEST))!;
        const { matches: _, ...leftOut } = results as PlainRecord;
        const found = { rules: matchesOf(results).map(({ rule }) => rule), leftOut };
        const expected = engine === "libyara" ? libyara : outcome;
        assert.deepEqual(found, { leftOut: {}, ...expected });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
}
