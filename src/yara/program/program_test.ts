import assert from "node:assert/strict";
import { loadTables, TablesBuilder } from "../../../wasm/core/mod.ts";
import { buildProgram } from "../compiler/build.ts";
import { Program, RuleEvaluator, SECTION } from "./mod.ts";

const EXTERNALS = { filename: "", level: 1 };

/** A rule set over files in memory, and what it says of a payload. */
function open(files: Readonly<Record<string, string>>, hasNamespaceByFile = false) {
  const pieces = Object.entries(files).map(([file, text]) => ({ file, root: file, firstLine: 1, text }));
  const tables = new TablesBuilder();
  const sections = buildProgram({ pieces, problems: [] }, {
    externals: EXTERNALS,
    hasNamespaceByFile,
  }, (form) => tables.add(form));
  const program = new Program(sections);
  const core = loadTables(tables.finish());
  const evaluator = new RuleEvaluator(program);
  return {
    program,
    sections,
    evaluate(content: string, externals = EXTERNALS) {
      const bytes = Uint8Array.from(content, (character) => character.charCodeAt(0));
      const { matches, candidates } = evaluator.evaluate({ ...core.scan(bytes), content: bytes, externals });
      return {
        matches: matches.map(({ rule, strings }) => [
          program.rule(rule).name,
          ...strings.map(({ identifier, offset, length }) => `${identifier}@${offset}+${length}`),
        ]),
        candidates: candidates.map((rule) => program.rule(rule).name),
      };
    },
  };
}

Deno.test("rules that are exact are settled, with all their strings", () => {
  const { evaluate } = open({
    "/a.yar": `
      rule both { strings: $b = "beta" $a = "alpha" nocase $_none = "gamma" condition: $a and $b }
      rule one { strings: $a = "alpha" condition: #a > 1 }
      rule size { condition: filesize == 15 }`,
  });
  assert.deepEqual(evaluate("ALPHA beta beta"), {
    matches: [["both", "$b@6+4", "$b@11+4", "$a@0+5"], ["size"]],
    candidates: [],
  });
  assert.deepEqual(evaluate("alpha alpha"), { matches: [["one", "$a@0+5", "$a@6+5"]], candidates: [] });
});

Deno.test("equal patterns of several rules are one, but not where one of them is looked for at one place alone", () => {
  const { program, evaluate } = open({
    "/a.yar": `
      rule everywhere { strings: $x = "MZ" condition: $x }
      rule again { strings: $y = "MZ" condition: $y }
      rule at_start { strings: $z = "MZ" condition: $z at 0 }`,
  });
  assert.equal(program.patternCount, 2);
  assert.deepEqual(evaluate("MZ MZ").matches, [
    ["everywhere", "$x@0+2", "$x@3+2"],
    ["again", "$y@0+2", "$y@3+2"],
    ["at_start", "$z@0+2"],
  ]);
});

Deno.test("what is not exact is a candidate where it may be true, and nothing where it can't", () => {
  const { evaluate, program } = open({
    "/a.yar": `import "pe"
      rule header { strings: $a = "alpha" condition: pe.number_of_sections == 3 and $a }
      rule anything { strings: $a = "alpha" condition: pe.number_of_sections == 3 or $a }`,
  });
  assert.equal(program.count("filtered"), 2);
  assert.deepEqual(evaluate("none"), { matches: [], candidates: [] });
  // There is no PE, so the module says nothing, and what is left is exact.
  assert.deepEqual(evaluate("alpha"), { matches: [["anything", "$a@0+5"]], candidates: [] });
});

Deno.test("private rules are not reported, private patterns not listed", () => {
  const { evaluate } = open({
    "/a.yar": `
      private rule hidden { strings: $a = "alpha" condition: $a }
      rule shown { strings: $b = "beta" private $c = "beta" condition: hidden and $b and $c }`,
  });
  assert.deepEqual(evaluate("alpha beta").matches, [["shown", "$c@6+4"]]);
  assert.deepEqual(evaluate("beta").matches, []);
});

Deno.test("a global rule decides about its namespace alone, wherever it stands", () => {
  const files = {
    "/a.yar": `rule before { condition: true } global rule small { condition: filesize < 3 }
      rule after { condition: true }`,
    "/b.yar": "rule other { condition: true }",
  };
  assert.deepEqual(open(files).evaluate("long").matches, []);
  assert.deepEqual(open(files, true).evaluate("long").matches, [["other"]]);
  assert.deepEqual(open(files, true).evaluate("x").matches.flat(), ["before", "small", "after", "other"]);
});

Deno.test("a global rule that is not sure makes candidates of what would match", () => {
  const { evaluate, program } = open({
    "/a.yar": `import "console"
      global rule doubtful { condition: console.log("x") }
      rule sure { condition: true }
      rule never { condition: filesize < 0 }`,
  });
  assert.deepEqual(evaluate("x"), { matches: [], candidates: ["doubtful", "sure"] });
  assert.deepEqual([...program.closureOf([1])].sort(), [0, 1]);
});

Deno.test("a global rule may refer to rules that are not global, and they are known by then", () => {
  const { evaluate } = open({
    "/a.yar": `private rule found { strings: $a = "alpha" condition: $a } rule again { condition: found }
      global rule wanted { condition: again } rule z { condition: true }`,
    "/b.yar": `private rule found { strings: $a = "alpha" condition: $a }
      private global rule unwanted { condition: not found } rule y { condition: true }`,
  }, true);
  assert.deepEqual(evaluate("alpha").matches, [["again"], ["wanted"], ["z"]]);
  assert.deepEqual(evaluate("beta").matches, [["y"]]);
});

Deno.test("the closure of a long chain of references is found at once", () => {
  const links = Array.from({ length: 3_000 }, (_, i) => `rule r${i + 1} { condition: r${i} }`);
  const { program, evaluate } = open({ "/a.yar": `rule r0 { condition: true } ${links.join(" ")}` });
  assert.equal(program.closureOf(program.usableRules).size, 3_001);
  assert.equal(evaluate("").matches.length, 3_001);
});

Deno.test("namespaces are named by file, and by path where two files have one name", () => {
  const rule = "rule same { condition: true }";
  const { program } = open({ "/x/a.yar": rule, "/y/a.yar": rule, "/y/b.c.yara": rule }, true);
  assert.deepEqual(program.summary.namespaces, ["a", "/y/a.yar", "b.c"]);
  assert.equal(program.summary.ruleCount, 3);
  assert.deepEqual(open({ "/x/a.yar": rule, a: rule }, true).program.summary.namespaces, ["a", "a'"]);
});

Deno.test("bad rules are named with their place and keep nobody else from working", () => {
  const { program, evaluate } = open({
    "/a.yar":
      "rule good { condition: true }\nrule bad { condition: nothing }\nrule worse { condition: }\nrule good { condition: true }",
    "/nul.yar": "rule x { condition: true }\0",
    "/leans.yar": "rule leans { condition: bad }",
  });
  const { ruleCount, problems } = program.summary;
  assert.equal(ruleCount, 1);
  assert.deepEqual(
    problems.map(({ file, line, rule }) => [file, line, rule]).sort(),
    [["/a.yar", 2, "bad"], ["/a.yar", 3, "worse"], ["/a.yar", 4, "good"], ["/leans.yar", 1, "leans"], [
      "/nul.yar",
      1,
      undefined,
    ]],
  );
  assert.deepEqual(evaluate("x").matches, [["good"]]);
});

Deno.test("external variables have their types when compiled and their values when scanned", () => {
  const { evaluate, program } = open({
    "/a.yar":
      'rule named { condition: filename == "x" and level > 3 } rule typed { condition: level contains "x" }',
  });
  assert.deepEqual(program.summary.externals, ["filename", "level"]);
  assert.deepEqual(program.summary.problems.map(({ rule }) => rule), ["typed"]);
  assert.deepEqual(evaluate("").matches, []);
  assert.deepEqual(evaluate("", { filename: "x", level: 4 }).matches, [["named"]]);
});

Deno.test("metadata keeps its order, its bytes and its large integers, and the text for other engines is one they can read", () => {
  const { program } = open({
    "/a.yar": 'rule a : t u { meta: x = 1 y = "\\xff" x = -9223372036854775807 z = true condition: true }',
  });
  const { meta, tags } = program.rule(0);
  assert.deepEqual(tags, ["t", "u"]);
  assert.deepEqual(meta, [["x", 1], ["y", Uint8Array.of(0xff)], ["x", "-9223372036854775807"], ["z", true]]);
  assert.match(program.ruleText(0), /x = "-9223372036854775807" z/);
});

Deno.test("when the core could not look at everything, only what was found is sure", () => {
  const { program } = open({
    "/a.yar": 'rule a { strings: $a = "alpha" condition: $a } rule b { condition: true }',
  });
  const nothing = { hits: new Uint32Array(), cappedForms: new Uint32Array(), isComplete: false };
  const evaluated = new RuleEvaluator(program).evaluate({
    ...nothing,
    content: new Uint8Array(9),
    externals: EXTERNALS,
  });
  assert.deepEqual(evaluated, { matches: [{ rule: 1, strings: [] }], candidates: [0], certain: [] });
});

Deno.test("sections that were exchanged or damaged are refused or still open to something that can be judged", () => {
  const { sections } = open({
    "/a.yar": 'rule a { strings: $a = "alpha" condition: $a } rule b { condition: a }',
  });
  for (const name of Object.values(SECTION)) {
    for (const other of Object.values(SECTION)) {
      if (name === other || name === SECTION.tables) continue;
      const changed = sections.with(name, sections[other]!);
      try {
        new RuleEvaluator(new Program(changed));
      } catch (error) {
        assert.ok(error instanceof RangeError || error instanceof SyntaxError, String(error));
      }
    }
  }
  assert.throws(() => new Program(sections.slice(1)), RangeError);
});

Deno.test("regular expressions that YARA-X refuses, or with which it fails, cost their rule", () => {
  const { program } = open({
    "/a.yar": `rule look { strings: $a = /a(?=b)/ condition: $a }
      rule crash { strings: $a = /foo./s fullword condition: $a }
      rule operator { condition: filename matches /(/ }
      rule good { strings: $a = /foo./s condition: $a and filename matches /x$/ }`,
  });
  assert.deepEqual(program.summary.problems.map(({ rule, line }) => [rule, line]), [
    ["look", 1],
    ["crash", 2],
    ["operator", 3],
  ]);
  assert.equal(program.summary.ruleCount, 1);
});

Deno.test("rules are taken out of use with all that lean on them, however many there are", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => `rule r${i + 1} { condition: r${i} }`);
  const others = Array.from({ length: 20_000 }, (_, i) => `rule o${i} { condition: true }`);
  const { program } = open({ "/a.yar": ["rule r0 { condition: true }", ...chain, ...others].join("\n") });
  for (let rule = 20_001; rule < 40_001; rule++) assert.deepEqual(program.reject(rule), [rule]);
  assert.equal(program.reject(0).length, 20_001);
  assert.deepEqual(program.usableRules, []);
});

Deno.test("thousands of rules that are left out have their lines", () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `rule r${i} { condition: nothing }`).join("\n");
  const { program } = open({ "/a.yar": text });
  assert.deepEqual(
    program.summary.problems.map(({ line }) => line),
    Array.from({ length: 20_000 }, (_, i) => i + 1),
  );
});
