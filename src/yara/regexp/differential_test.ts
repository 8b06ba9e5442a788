import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { type CompiledRules, loadYaraX, type StringHit } from "../../../wasm/yara_x/mod.ts";
import { bytesOf } from "./byte_set.ts";
import { type CompiledRegexp, compileRegexp } from "./compiled_regexp.ts";
import { matchesOf, type RegexpMatch } from "./matches.ts";
import type { RegexpNode } from "./node.ts";
import { parseRegexp } from "./parser.ts";
import { bytesOfText, byteText, compileWritten, hitsOf } from "./testing/written_regexp.ts";
import { compileTextRegexp, regexpMatches } from "./text_matches.ts";

const REGEXPS = 300;
const PAYLOADS = 40;
const engine = await loadYaraX();

const literal = fc.constantFrom(
  "a",
  "b",
  "c",
  "ab",
  "foo",
  "bar",
  "quux",
  "A",
  "1",
  "_",
  " ",
  "\\n",
  "-",
  "\\x00",
  "é",
);
const charClass = fc.constantFrom(
  ...[
    "[ab]",
    "[a-c]",
    "[^a]",
    "\\w",
    "\\d",
    "\\s",
    "\\W",
    ".",
    "[A-Za-z]",
    "[^ ]",
    "(a|b)",
    "[\\n1]",
    "[^\\n]",
  ],
);
const assertion = fc.constantFrom("\\b", "\\B", "^", "$", "\\A", "\\z");
const count = fc.constantFrom(
  ...["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "{1,12}", "{3,15}", "{12}", "{0,250}", "{0,30}"],
);

function repeated(of: fc.Arbitrary<string>, lazy: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: of },
    { weight: 1, arbitrary: fc.tuple(of, count).map(([text, times]) => text + times + lazy) },
  );
}

/** Greediness is not mixed. */
function sources(lazy: string): fc.Arbitrary<string> {
  const { sequence } = fc.letrec<{ item: string; sequence: string }>((tie) => ({
    item: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 5, arbitrary: literal },
      { weight: 3, arbitrary: repeated(charClass, lazy) },
      { weight: 1, arbitrary: assertion },
      { weight: 1, arbitrary: repeated(tie("sequence").map((text) => `(${text})`), lazy) },
      { weight: 1, arbitrary: fc.tuple(tie("sequence"), tie("sequence")).map(([a, b]) => `(${a}|${b})`) },
    ),
    sequence: fc.array(tie("item"), { minLength: 1, maxLength: 4 }).map((items) => items.join("")),
  }));
  const word = fc.constantFrom("foo", "barb", "quux", "a1", "b_", "AB");
  const chain = fc.array(fc.tuple(word, repeated(charClass, lazy)), { minLength: 1, maxLength: 3 });
  return fc.oneof(sequence, chain.chain((links) => word.map((end) => links.flat().join("") + end)));
}

const written = fc.tuple(
  fc.oneof(sources(""), sources("?")),
  fc.constantFrom("", "", "", "i", "s"),
  fc.constantFrom("", "", "", " wide", " ascii wide", " fullword", " nocase"),
).map(([source, flags, words]) => `/${source}/${flags}${words}`);

/** A text that the tree matches if its assertions hold; `choose` is below its argument. */
function sampleOf(node: RegexpNode, choose: (below: number) => number): string {
  switch (node.kind) {
    case "byte":
      return String.fromCharCode(node.value);
    case "set": {
      const bytes = bytesOf(node.set);
      return bytes.length === 0 ? "" : String.fromCharCode(bytes[choose(bytes.length)]!);
    }
    case "sequence":
      return node.parts.map((part) => sampleOf(part, choose)).join("");
    case "choice":
      return sampleOf(node.branches[choose(node.branches.length)]!, choose);
    case "repetition": {
      const most = Math.min(node.max ?? Infinity, node.min + 4);
      const times = node.min + choose(most - node.min + 1);
      return Array.from({ length: times }, () => sampleOf(node.of, choose)).join("");
    }
    default:
      return "";
  }
}

function payloadOf(all: readonly string[], seed: number): Uint8Array<ArrayBuffer> {
  let state = seed >>> 0;
  const choose = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  let text = "";
  for (let piece = choose(8); piece >= 0; piece--) {
    const pattern = all[choose(all.length)]!;
    const [, source, flags] = /^\/(.*)\/([is]*)/s.exec(pattern)!;
    const parsed = parseRegexp({ source: byteText(source!), ...flags === "s" && { isDotAll: true } });
    const sample = "node" in parsed ? sampleOf(parsed.node, choose) : "bar";
    text += pattern.includes(" wide") || choose(9) === 0 ? [...sample].join("\0") + "\0" : sample;
    text += ["", "", "a", "\n", "foo", "b_"][choose(6)];
  }
  return bytesOfText(text);
}

async function compile(
  all: readonly string[],
  conditionOf: (text: string) => string,
): Promise<CompiledRules> {
  const sourcesOf = all.map((text, index) => ({
    unit: `${index}`,
    text: `rule r${index} { ${conditionOf(text)} }`,
    rules: [{ name: `r${index}`, start: 0 }],
  }));
  return await engine.compile(sourcesOf, { externals: { text: "" } });
}

type Hit = Pick<StringHit, "offset" | "length">;

/** What is wrong with our answer, if something is. */
function contradiction(
  regexp: CompiledRegexp,
  content: Uint8Array,
  real: readonly Hit[],
): string | undefined {
  if (regexp.runs === "none") return undefined;
  const hits = hitsOf(regexp, content);
  if (real.length > 0 && hits.length === 0) return "no run";
  const { certainty, matches } = matchesOf(regexp, content, hits);
  const places = (list: readonly RegexpMatch[]) => list.map(({ offset }) => offset).join();
  const spans = (list: readonly RegexpMatch[]) =>
    list.map(({ offset, length }) => `${offset}+${length}`).join();
  const isRight = {
    exact: () => spans(matches) === spans(real),
    existence: () => places(matches) === places(real),
    candidate: () => real.every(({ offset }) => matches.some((match) => match.offset === offset)),
    unknown: () => true,
  }[certainty];
  return isRight() ? undefined : `${certainty}: ${spans(matches)}, should be ${spans(real)}`;
}

Deno.test("random regular expressions match in planted payloads as in YARA-X", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(written, { minLength: REGEXPS, maxLength: REGEXPS }),
      fc.array(fc.nat(), { minLength: PAYLOADS, maxLength: PAYLOADS }),
      async (all, seeds) => {
        const rules = await compile(all, (text) => `strings: $a = ${text} condition: $a`);
        const refused = new Set(rules.problems.map(({ source }) => source));
        const ours = all.map(compileWritten);
        ours.forEach((regexp, at) => assert.equal("problem" in regexp, refused.has(at), all[at]));
        for (const content of seeds.map((seed) => payloadOf(all, seed))) {
          const outcome = await rules.scan(content);
          // Some of its regular expressions break the engine down; then there is nothing to compare.
          if (!outcome.ok) continue;
          const real = new Map(outcome.matches.map(({ rule, strings }) => [rule, strings]));
          ours.forEach((regexp, at) => {
            if ("problem" in regexp) return;
            const wrong = contradiction(regexp, content, real.get(`r${at}`) ?? []);
            assert.equal(wrong, undefined, `${all[at]} in ${JSON.stringify([...content])}`);
          });
        }
        rules.free();
      },
    ),
    { numRuns: 1, endOnFailure: true },
  );
});

Deno.test("random regular expressions match random texts as in YARA-X", async () => {
  const text = fc.array(fc.constantFrom("a", "b", "A", "1", "_", " ", "\n", "-", "é", "foo", "\r"), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(sources(""), sources("?")), { minLength: REGEXPS, maxLength: REGEXPS }),
      fc.array(text, { minLength: PAYLOADS, maxLength: PAYLOADS }),
      async (all, texts) => {
        const rules = await compile(all, (source) => `condition: text matches /${source}/`);
        const refused = new Set(rules.problems.map(({ source }) => source));
        const ours = all.map((source) => compileTextRegexp({ source: byteText(source) }));
        for (const subject of texts.map((parts) => parts.join(""))) {
          const outcome = await rules.scan(new Uint8Array(1), { text: subject });
          if (!outcome.ok) continue;
          const real = new Set(outcome.matches.map(({ rule }) => rule));
          ours.forEach((regexp, at) => {
            assert.equal("problem" in regexp, refused.has(at), all[at]);
            if ("problem" in regexp) return;
            const isMatch = regexpMatches(regexp, new TextEncoder().encode(subject));
            if (isMatch === undefined) return;
            assert.equal(isMatch, real.has(`r${at}`), `${all[at]} in ${JSON.stringify(subject)}`);
          });
        }
        rules.free();
      },
    ),
    { numRuns: 1, endOnFailure: true },
  );
});

Deno.test("a payload of one byte over and over costs no more than its limit", () => {
  const regexp = compileRegexp({ source: "(aa|a)+[^b]{1,100}(a*)*aaaa" });
  assert.ok(!("problem" in regexp));
  const content = bytesOfText("a".repeat(200_000));
  assert.equal(matchesOf(regexp, content, hitsOf(regexp, content)).certainty, "unknown");
});
