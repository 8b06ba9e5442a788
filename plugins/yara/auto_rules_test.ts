import assert from "node:assert/strict";
import type { EngineName, Externals, ScanAnswer } from "./engine.ts";
import { openEngine } from "./open_engine.ts";
import { contextOf } from "./testing/payload.ts";

/** Rule files, and contents of which both engines must say the same. */
interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly contents: readonly string[];
  /** `namespace:rule` of what matches, for each content. */
  readonly expected: readonly (readonly string[])[];
  readonly externals?: Externals;
  readonly values?: Externals;
  readonly hasNamespaceByFile?: boolean;
}

async function open(
  engine: EngineName,
  { files, externals = {}, hasNamespaceByFile = false }: Omit<Case, "contents">,
) {
  const log: string[] = [];
  const pieces = Object.entries(files).map(([file, text]) => ({ file, root: file, firstLine: 1, text }));
  const rules = await (await openEngine(engine, { hasNamespaceByFile })).compile({ pieces, problems: [] }, {
    externals,
    log: contextOf(log).log,
  });
  return { rules, log };
}

const bytesOf = (content: string) => Uint8Array.from(content, (character) => character.charCodeAt(0));

const namesOf = ({ matches }: ScanAnswer) => matches.map(({ namespace, rule }) => `${namespace}:${rule}`);

const A = 'strings: $a = "alpha"';
/** For all payloads: our core can't know what it says. */
const ASKED = 'console.log("asked")';

const CASES: Readonly<Record<string, Case>> = {
  "a private global rule decides about its namespace, and is not reported": {
    files: {
      "/a.yar":
        `rule before { condition: true } private global rule g { ${A} condition: $a } rule x { condition: true }`,
      "/b.yar": "rule x { condition: true }",
    },
    contents: ["alpha", "beta"],
    expected: [["a:before", "a:x", "b:x"], ["b:x"]],
    hasNamespaceByFile: true,
  },
  "several global rules of which one is not exact": {
    files: {
      "/a.yar": `import "console" global rule g { condition: filesize > 1 } rule x { ${A} condition: $a }
        global rule h { condition: ${ASKED} and filesize < 7 }`,
    },
    contents: ["alpha", "alpha beta", "a"],
    expected: [["default:g", "default:x", "default:h"], [], []],
  },
  "a global rule that yara-x rejects decides about nothing": {
    files: { "/a.yar": 'import "pe" global rule g { condition: pe.nope } rule x { condition: true }' },
    contents: [""],
    expected: [["default:x"]],
  },
  "references to private, asked and global rules, also in sets and under not": {
    files: {
      "/a.yar":
        `import "console" private rule p { ${A} condition: $a } rule asked { condition: ${ASKED} and p }
        global rule g { condition: filesize > 0 } rule x { condition: not p } rule y { condition: asked and g }
        rule z { condition: 2 of (p, asked, x) } rule nobody { condition: none of (asked, p) }`,
    },
    contents: ["alpha", "beta", ""],
    expected: [
      ["default:asked", "default:g", "default:y", "default:z"],
      ["default:g", "default:x", "default:nobody"],
      [],
    ],
  },
  "what refers to a rule that yara-x rejects is left out with it": {
    files: {
      "/a.yar": `import "pe" rule bad { condition: pe.nope } rule leans { condition: not bad }
        rule too { condition: leans or true } rule good { condition: true }`,
    },
    contents: [""],
    expected: [["default:good"]],
  },
  "rules of one name in two namespaces": {
    files: {
      "/a.yar": `import "console" rule same { condition: ${ASKED} } rule x { condition: same }`,
      "/b.yar":
        'import "console" rule same { condition: filesize == 0 } rule x { condition: same and console.log("b") }',
    },
    contents: ["", "x"],
    expected: [["a:same", "a:x", "b:same", "b:x"], ["a:same", "a:x"]],
    hasNamespaceByFile: true,
  },
  "a rule may have the name of a module that is imported behind it": {
    files: { "/a.yar": "rule pe { condition: true }", "/b.yar": 'import "pe" rule x { condition: pe }' },
    contents: [""],
    expected: [["default:pe", "default:x"]],
  },
  "external variables of all types, with values for a scan": {
    files: {
      "/a.yar": `import "console" rule exact { condition: b and i == 3 and f > 1.0 and t icontains "X" }
        rule asked { condition: b and i == 3 and f > 1.0 and t == "x" and ${ASKED} }
        rule text { condition: t == "" }`,
    },
    contents: [""],
    expected: [["default:exact", "default:asked"]],
    externals: { b: false, i: 0, f: 0.5, t: "" },
    values: { b: true, i: 3, f: 1.5, t: "x", unknown: 1 },
  },
  "more matches of a pattern than are counted": {
    files: {
      "/a.yar":
        `rule below { strings: $a = "a" condition: #a == 9999 } rule full { strings: $a = "a" condition: #a == 10000 }
        rule above { strings: $a = "a" condition: #a > 10000 } rule b { strings: $a = "a" $b = "b" condition: $b and $a }`,
    },
    contents: ["a".repeat(9_999), "a".repeat(10_000), `${"a".repeat(10_001)}b`],
    expected: [["default:below"], ["default:full"], ["default:full", "default:b"]],
  },
  "anonymous and private strings": {
    files: {
      "/a.yar": `rule both { strings: $ = "alpha" $ = /bet./ condition: all of them }
        rule hidden { strings: $a = "alpha" private $b = /bet./ private condition: any of them }`,
    },
    contents: ["alpha", "alpha beta"],
    expected: [["default:hidden"], ["default:both", "default:hidden"]],
  },
};

for (const [name, item] of Object.entries(CASES)) {
  Deno.test(`auto and yara-x say the same: ${name}`, async () => {
    const [own, theirs] = [await open("auto", item), await open("yara-x", item)];
    for (const [index, content] of item.contents.entries()) {
      const answer = await own.rules.scan(bytesOf(content), item.values ?? {});
      assert.deepEqual(namesOf(answer), item.expected[index], content.slice(0, 20));
      const { matches, errors } = await theirs.rules.scan(bytesOf(content), item.values ?? {});
      assert.deepEqual([answer.matches, answer.errors], [matches, errors]);
    }
    assert.equal(own.rules.ruleCount, theirs.rules.ruleCount);
    await Promise.all([own.rules.free(), theirs.rules.free()]);
  });
}

Deno.test("what our core has settled is in the answer when yara-x fails", async () => {
  const { rules } = await open("auto", {
    files: {
      "/a.yar":
        `import "console" rule settled { condition: true } rule asked { condition: level > 1 and ${ASKED} }`,
    },
    expected: [],
    externals: { level: 2 },
  });
  // A value of another type is the easiest way to make the engine fail.
  const answer = await rules.scan(new Uint8Array(1), { level: "high" });
  assert.deepEqual(namesOf(answer), ["default:settled"]);
  assert.deepEqual(answer.errors.map((error) => typeof error !== "string" && error.code), [
    "yara-engine-failed",
  ]);
  assert.deepEqual(namesOf(await rules.scan(new Uint8Array(1), {})), ["default:settled", "default:asked"]);
});

Deno.test("hundreds of rules that only yara-x knows are all answered", async () => {
  const rules = Array.from(
    { length: 450 },
    (_, i) => `rule r${i} { condition: ${ASKED} and filesize >= ${i % 2} }`,
  );
  const subject = await open("auto", {
    files: { "/a.yar": `import "console" ${rules.join("\n")}` },
    expected: [],
  });
  const { matches, errors } = await subject.rules.scan(new Uint8Array(), {});
  assert.deepEqual([matches.length, errors], [225, []]);
  await subject.rules.free();
});

Deno.test("scans at the same time that all ask yara-x are all answered, and memory is given back behind them", async () => {
  const rules = ["a", "b", "c"].map((text) =>
    `rule ${text} { strings: $a = "${text}" condition: $a and ${ASKED} }`
  );
  const subject = await open("auto", {
    files: { "/a.yar": `import "console" ${rules.join(" ")}` },
    expected: [],
  });
  const answers = ["a", "b", "c", "abc"].map((content) => subject.rules.scan(bytesOf(content), {}));
  const freed = subject.rules.free();
  const names = (await Promise.all(answers)).map((answer) => namesOf(answer).join());
  assert.deepEqual(names, ["default:a", "default:b", "default:c", "default:a,default:b,default:c"]);
  await freed;
});

Deno.test("what the facts say fits the rules that are in use", async () => {
  const { rules, log } = await open("auto", {
    files: {
      "/a.yar":
        `import "console" import "pe" rule exact { condition: true } rule asked { condition: ${ASKED} }
        rule filtered { ${A} condition: $a and pe.is_pe } rule bad { condition: pe.nope == 1 }`,
    },
    expected: [],
  });
  await rules.check();
  assert.equal(rules.ruleCount, 3);
  assert.equal(rules.facts[0], "1 exact, 1 filtered, 1 opaque");
  assert.doesNotMatch(rules.facts[1]!, /nope/);
  assert.deepEqual(rules.problems.map(({ rule }) => rule), ["bad"]);
  // Whoever asks for a check is told by its problems.
  assert.deepEqual(log, []);
});

Deno.test("a profile names every rule that was looked at, and whether yara-x was asked", async () => {
  const piece = {
    file: "/a.yar",
    root: "/a.yar",
    firstLine: 1,
    text:
      `import "console" import "pe" rule bad { condition: pe.nope } rule exact { condition: true } rule asked { condition: ${ASKED} } rule no { ${A} condition: $a }`,
  };
  const rules = await (await openEngine("auto", { isProfiling: true })).compile({
    pieces: [piece],
    problems: [],
  }, {
    externals: {},
    log: contextOf().log,
  });
  const { profile } = await rules.scan(new Uint8Array(1), {});
  assert.deepEqual(
    profile!.map(({ rule, namespace, isAsked }) => [rule, namespace, isAsked]).sort(),
    [["asked", "default", true], ["exact", "default", false]],
  );
});
